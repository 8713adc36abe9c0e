/** Newer versions of the app itself, where it can fetch them: in a browser. */
export interface AppUpdate {
  /** Looks for newer versions from now on. Once. */
  start(): void;
  /** True while a newer version is ready and waits to be let in. */
  isWaiting(): boolean;
  /** Calls `listener` when `isWaiting` has changed; answers how to stop. */
  subscribe(listener: () => void): () => void;
  /** Lets the newer version in and loads the app anew. */
  apply(): void;
}
