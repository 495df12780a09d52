/** What the adapter tells about itself, for metrics. Every member may be left out; none may throw. */
export interface PostgresObserver {
  /** A batch was committed (or resolved): how many appends shared it, and how long writing and committing took. */
  batch?(log: LogName, appends: number, commitMilliseconds: number): void;
  /** An append left the queue for a batch after so long. */
  waited?(log: LogName, milliseconds: number): void;
  /** The queue's length after it changed. */
  queued?(log: LogName, appends: number): void;
  /** Appends that the store did not take, or of which it is not known; an answer of the store, such as a conflict, is none. */
  failed?(log: LogName, appends: number): void;
  /** Something was tried again, or given up; `what` says what, in a few words. */
  trouble?(log: LogName, what: string, error: unknown): void;
}

export type LogName = 'events' | 'records';
