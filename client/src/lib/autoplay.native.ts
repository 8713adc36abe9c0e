/** An app was opened by a tap. */
export function mayAutoplay(): boolean {
  return true;
}
