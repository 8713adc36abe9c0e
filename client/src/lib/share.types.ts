export type ShareOutcome = 'shared' | 'copied' | 'cancelled' | 'failed';
