import { status } from '@grpc/grpc-js';
import { refusal } from './messages.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What goes wrong with a server, until it is told otherwise. */
export interface Faults {
  /** `starting`: it answers that it is not ready. `unavailable`: that it is not there. */
  state: 'ready' | 'starting' | 'unavailable';
  /** Who leads instead of this node: calls that require the leader are sent there. */
  leader: Address | undefined;
  /** So many of the next appends are written, and then answered as if the connection had been lost. */
  loseAnswers: number;
  /** So many of the next appends are never written and never answered. */
  swallowAppends: number;
  /** Milliseconds before anything is answered. */
  latency: number;
  /** Subscriptions stay open and say nothing any more. */
  silentSubscriptions: boolean;
  /** A stream is read without positions, as by servers of old. */
  noPositionsInStreams: boolean;
}

export const noFaults = (): Faults => ({
  state: 'ready',
  leader: undefined,
  loseAnswers: 0,
  swallowAppends: 0,
  latency: 0,
  silentSubscriptions: false,
  noPositionsInStreams: false,
});

export type Credentials = { readonly username: string; readonly password: string };

/** Why a call is not answered at all; `undefined` when it is. */
export function refused(
  faults: Faults,
  credentials: Credentials | undefined,
  metadata: { get(key: string): readonly (string | Buffer)[] },
): ReturnType<typeof refusal> | undefined {
  if (faults.state === 'starting') return refusal(status.UNKNOWN, 'Server Is Not Ready');
  if (faults.state === 'unavailable') return refusal(status.UNAVAILABLE, 'Server is shutting down');
  if (credentials !== undefined) {
    const { username, password } = credentials;
    const wanted = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    if (String(metadata.get('authorization')[0] ?? '') !== wanted) {
      return refusal(status.UNAUTHENTICATED, 'Bad HTTP response: 401');
    }
  }
  if (faults.leader !== undefined && String(metadata.get('requires-leader')[0] ?? '') === 'true') {
    const { host, port } = faults.leader;
    return refusal(status.NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': host,
      'leader-endpoint-port': String(port),
    });
  }
  return undefined;
}
