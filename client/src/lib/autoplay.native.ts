/** An app was opened by a tap. */
export function mayAutoplay(): boolean {
  return true;
}

/** A phone's player starts or does not, and promises nothing. */
export function hushStarts(): void {}
