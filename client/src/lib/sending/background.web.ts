/** A browser gives a closed page no time: it goes on when the page is opened again. */
export function sendInBackground(): void {}
