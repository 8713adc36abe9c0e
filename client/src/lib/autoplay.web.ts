/** A browser lets a page make sound only after a tap or a key. */
export function mayAutoplay(): boolean {
  return navigator.userActivation?.hasBeenActive ?? false;
}
