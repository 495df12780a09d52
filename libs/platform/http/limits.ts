/** Most bytes of a body. */
export const BODY_LIMIT = 1024 * 1024;

/** How long the server waits for whom, and how many it talks to at once. Milliseconds; told in docs/operations.md. */
export interface ServerLimits {
  /** From the begin of a connection, or of the next request on it, until the last of its headers. */
  readonly headers: number;
  /** The same until the last byte of the body. */
  readonly request: number;
  /** Until the next request on a connection. */
  readonly keepAlive: number;
  /** Without a byte in either direction, also while an answer is made or taken. */
  readonly silence: number;
  readonly connections: number;
}

export const SERVER_LIMITS: ServerLimits = {
  headers: 5_000,
  request: 15_000,
  keepAlive: 10_000,
  silence: 60_000,
  connections: 1_000,
};

/** Between two looks at which connections are late; Node looks every half minute by itself. */
export const lookEvery = ({ headers, request }: Pick<ServerLimits, 'headers' | 'request'>): number =>
  Math.min(1_000, headers, request) / 2;
