/** A browser lets a page make sound only after a tap or a key. */
export function mayAutoplay(): boolean {
  return navigator.userActivation?.hasBeenActive ?? false;
}

/**
 * expo-video drops the promise of `play()`, so a start that comes to nothing (taken off the page, paused at once, not allowed: HTML, 4.8.11.8)
 * would be an error of the page. How it went, the film's events say.
 */
export function hushStarts(films: Pick<HTMLMediaElement, 'play'> = HTMLMediaElement.prototype): void {
  const { play } = films;
  films.play = function start(this: HTMLMediaElement) {
    const begun = play.call(this);
    begun.catch(() => undefined);
    return begun;
  };
}
