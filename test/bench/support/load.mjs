import { randomUUID } from 'node:crypto';

/** About 210 bytes of data and 110 of metadata, as the register's own events have. */
export const eventText = (id) =>
  JSON.stringify({
    actor: { client: 'bench' },
    correlationId: id,
    data: { authorization: id, level: 'EH3', note: 'x'.repeat(150), party: '69599084' },
    id,
  });

/** Events of one stream before a caller turns to the next. */
const STREAM_LENGTH = 5;

/**
 * Closed loop: so many callers append one event at a time, each expecting the revision it knows, until the time is over.
 * `append(stream, revision, id, text)` resolves once the event is durable; revision 0 is the first event.
 */
export async function drive({ callers, seconds, append }) {
  const latencies = [];
  const until = performance.now() + seconds * 1_000;
  const began = performance.now();
  const caller = async () => {
    for (;;) {
      const stream = `check-${randomUUID()}`;
      for (let revision = 0; revision < STREAM_LENGTH; revision += 1) {
        const sent = performance.now();
        if (sent >= until) return;
        const id = randomUUID();
        await append(stream, revision, id, eventText(id));
        latencies.push(performance.now() - sent);
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const elapsed = (performance.now() - began) / 1_000;
  latencies.sort((a, b) => a - b);
  const percentile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? NaN;
  return {
    count: latencies.length,
    perSecond: latencies.length / elapsed,
    p50: percentile(0.5),
    p99: percentile(0.99),
  };
}
