/** `prompt`: the browser offers to install; `by-hand`: its own menu can; `none`: it cannot, or it is done. */
export type InstallWay = 'prompt' | 'by-hand' | 'none';

export interface Install {
  way(): InstallWay;
  /** Calls `listener` when the way has changed; answers how to stop. */
  subscribe(listener: () => void): () => void;
  /** Opens the browser's question. */
  ask(): void;
}
