import type { FastifyBaseLogger } from 'fastify';
import type { Metrics } from './metrics.js';

/** Why something that came in never became a request of a route. */
export type UnreadableReason =
  'malformed' | 'headers-too-large' | 'late' | 'unsupported' | 'address' | 'too-many-connections';

export interface Unreadable {
  readonly reason: UnreadableReason;
  /** Absent: the connection was closed without an answer. */
  readonly status?: number;
  readonly trace?: string;
  /** What Node calls it. */
  readonly code?: string | undefined;
}

export type UnreadableRecorder = (unreadable: Unreadable) => void;

/** Milliseconds between two lines about connections over the cap: whoever opens them must not fill the log as well. */
const QUIET = 1_000;

/** A line in the security log and a figure for each; never what was sent. */
export function unreadableRecorder(log: () => FastifyBaseLogger, metrics: Metrics): UnreadableRecorder {
  const counted = metrics.counter('unreadable_requests_total', 'Requests and connections refused before any route', [
    'reason',
  ]);
  let quietUntil = 0;
  return ({ reason, ...more }) => {
    counted.inc({ reason });
    if (reason === 'too-many-connections') {
      if (performance.now() < quietUntil) return;
      quietUntil = performance.now() + QUIET;
    }
    log().warn({ log: 'security', reason, ...more }, 'request not read');
  };
}
