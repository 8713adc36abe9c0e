/**
 * Whoever has no mouse stands where the focus is. A browser drops it when its element is taken away or hidden, as with every change of
 * screen; then it goes to the heading of what is there now, which a screen reader reads (WCAG 2.2, 2.4.3). Gives the way to end it.
 */
export function keepFocus(): () => void {
  let last: Element | null = null;
  const note = (event: FocusEvent) => {
    last = event.target as Element;
  };
  const check = () => {
    if (last === null || document.activeElement !== document.body || isThere(last)) {
      return;
    }
    const main = [...document.querySelectorAll<HTMLElement>('[role="main"], main')].filter(isThere).at(-1);
    const heading = [...(main?.querySelectorAll<HTMLElement>('h1') ?? [])].find(isThere);
    const place = heading ?? main;
    // Not there yet: the next change asks again.
    if (place !== undefined) {
      place.tabIndex = -1;
      place.focus({ preventScroll: true });
    }
  };
  // Taken away; or hidden, which the browser notices when it draws.
  const changes = new MutationObserver(check);
  changes.observe(document.body, { childList: true, subtree: true });
  const soon = () => setTimeout(check);
  document.addEventListener('focusin', note);
  document.addEventListener('focusout', soon);
  return () => {
    changes.disconnect();
    document.removeEventListener('focusin', note);
    document.removeEventListener('focusout', soon);
  };
}

function isThere(element: Element): boolean {
  return element.isConnected && element.checkVisibility({ visibilityProperty: true });
}
