import { FeedBroken, LineageBroken, StoreUnavailable } from '#libs/eventing';

/** What the server, or the way to it, made of a call. */
export type Failure =
  /** Nothing was done: another node leads, and the next call goes there. */
  | 'not-leader'
  /** Nothing was done, nor will be: the credentials are not taken, or may not do this. */
  | 'denied'
  /** Nothing was done: more than the server takes. */
  | 'too-large'
  /** Somebody ended the stream for ever. */
  | 'deleted'
  /** The server does not know what is meant; `starting` says the same. */
  | 'unknown'
  /** Whether it was done is not known. */
  | 'unavailable';

// Statuses of gRPC.
const [UNKNOWN, INVALID_ARGUMENT, PERMISSION_DENIED, RESOURCE_EXHAUSTED, OUT_OF_RANGE, UNAUTHENTICATED] = [
  2, 3, 7, 8, 11, 16,
];

interface CallError {
  readonly code?: unknown;
  readonly metadata?: { get(key: string): readonly (string | Uint8Array)[] };
}

/** The server names its errors by an entry of the trailer; the status alone says little. */
export function failureOf(error: unknown): Failure {
  const { code, metadata } = error as CallError;
  switch (String(metadata?.get('exception')[0] ?? '')) {
    case 'not-leader':
      return 'not-leader';
    case 'access-denied':
      return 'denied';
    case 'stream-deleted':
      return 'deleted';
    case 'maximum-append-size-exceeded':
      return 'too-large';
  }
  if (code === UNAUTHENTICATED || code === PERMISSION_DENIED) return 'denied';
  if (code === RESOURCE_EXHAUSTED) return 'too-large';
  return code === UNKNOWN || code === INVALID_ARGUMENT || code === OUT_OF_RANGE ? 'unknown' : 'unavailable';
}

/** An error of our own that says all there is to say: nothing is tried again because of it. */
export const isFinal = (error: unknown): boolean =>
  error instanceof LineageBroken || error instanceof FeedBroken || error instanceof StoreUnavailable;

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const unavailable = (error: unknown): StoreUnavailable =>
  new StoreUnavailable(
    failureOf(error) === 'denied'
      ? `EventStoreDB does not take our credentials: ${reasonOf(error)}`
      : `EventStoreDB: ${reasonOf(error)}`,
    1,
    { cause: error },
  );

/** An error of a reading that was refused because the stream is no more. */
export const isDeleted = (error: unknown): boolean =>
  error instanceof StoreUnavailable && error.cause !== undefined && failureOf(error.cause) === 'deleted';

export const deleted = (stream: string): FeedBroken =>
  new FeedBroken(`${stream} was deleted in EventStoreDB: the register never does that, so a person has to look`);
