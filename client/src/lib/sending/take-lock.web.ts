const PREFIX = '2t1l-take-';

/** Says to the other tabs that this take is being recorded; the browser lets go where the tab dies. Answers how to let go. */
export function holdTake(takeId: string): () => void {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  void navigator.locks?.request(PREFIX + takeId, () => held);
  return letGo;
}

/** Takes that some tab records just now. */
export async function heldTakes(): Promise<Set<string>> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])));
}
