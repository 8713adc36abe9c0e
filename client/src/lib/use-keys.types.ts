/** By `KeyboardEvent.key`. */
export type KeyHandlers = Record<string, () => void>;
