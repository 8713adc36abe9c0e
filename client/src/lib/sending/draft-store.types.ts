import type { Draft } from './draft.ts';

/** Drafts on the device, one entry each. */
export interface DraftStore {
  /** Everything that was kept. One unreadable entry does not take the others with it. */
  list(): Promise<Draft[]>;
  /** Changes one entry; no other tab comes between. `change` gets what is kept (null: nothing) and gives what to keep (null: nothing). */
  update(id: string, change: (kept: Draft | null) => Draft | null): Promise<Draft | null>;
  /** Tells of every change that another tab has made. */
  onChange(listener: (id: string) => void): void;
}
