/** What the adapter tells about itself, for metrics. Every member may be left out; none may throw. */
export interface EventStoreDbObserver {
  /** An append was answered, after so long on its way to the server and back, retries included. */
  appended?(milliseconds: number): void;
  /** An append left the queue after so long. */
  waited?(milliseconds: number): void;
  /** The queue's length after it changed. */
  queued?(appends: number): void;
  /** An append that the store did not take, or of which it is not known; a conflict is none. */
  failed?(): void;
}

/** Told when something was tried again, or given up; `what` says what, in a few words. */
export type Trouble = (what: string, error: unknown) => void;
