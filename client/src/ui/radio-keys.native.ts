/** A phone's screen reader goes from one to the next by itself. */
export const radioKeys: object = {};

export function settleTabStops(_group: unknown): void {}
