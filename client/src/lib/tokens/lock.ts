interface WebLocks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

const tails = new Map<string, Promise<unknown>>();

/** One holder of a name at a time: across tabs by Web Locks, in one process by a queue where there are none. */
export function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = (globalThis.navigator as { locks?: WebLocks } | undefined)?.locks;
  if (locks) {
    return locks.request(name, work);
  }
  const run = (tails.get(name) ?? Promise.resolve()).then(work, work);
  tails.set(
    name,
    run.catch(() => undefined),
  );
  return run;
}
