/** Transactions that are committed together: each waits for `committed`, so that nobody hears of success before the commit. */
export interface CommitGroup {
  committed: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
  /** Set once the group has waited for others long enough: the transaction that runs just now is its last. */
  isDue: boolean;
}

/** `onDue` is called when all that the event loop had ready has been heard: then nobody else is about to join. */
export function openGroup(onDue: (group: CommitGroup) => void): CommitGroup {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Where all of the group have been rolled back nobody listens.
  promise.catch(() => {});
  const group: CommitGroup = { committed: promise, resolve, reject, isDue: false };
  setImmediate(() => {
    group.isDue = true;
    onDue(group);
  });
  return group;
}
