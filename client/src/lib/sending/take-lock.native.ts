/** One app, one process: nobody else looks for what a crash has left. */
export function holdTake(_takeId: string): () => void {
  return () => undefined;
}

export async function heldTakes(): Promise<Set<string>> {
  return new Set();
}
