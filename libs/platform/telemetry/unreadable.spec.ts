import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyBaseLogger } from 'fastify';
import { until } from '#libs/testing';
import { metricsRegistry, type Metrics } from './metrics.js';
import { unreadableRecorder, type UnreadableRecorder } from './unreadable.js';

describe('what came in and never became a request', () => {
  let lines: unknown[][];
  let metrics: Metrics;
  let record: UnreadableRecorder;
  beforeEach(() => {
    lines = [];
    metrics = metricsRegistry();
    const log = { warn: (...line: unknown[]) => void lines.push(line) } as unknown as FastifyBaseLogger;
    record = unreadableRecorder(() => log, metrics);
  });
  const counted = async (reason: string): Promise<number> =>
    Number(
      new RegExp(`^waarborg_unreadable_requests_total\\{reason="${reason}"\\} (\\d+)$`, 'm').exec(
        await metrics.text(),
      )?.[1] ?? 0,
    );

  it('leaves a line in the security log and is counted, every time', async () => {
    record({ reason: 'malformed', status: 400, trace: 'ab', code: 'HPE_INVALID' });
    record({ reason: 'malformed' });
    record({ reason: 'late', status: 408 });
    expect(lines).toEqual([
      [{ log: 'security', reason: 'malformed', status: 400, trace: 'ab', code: 'HPE_INVALID' }, 'request not read'],
      [{ log: 'security', reason: 'malformed' }, 'request not read'],
      [{ log: 'security', reason: 'late', status: 408 }, 'request not read'],
    ]);
    expect([await counted('malformed'), await counted('late')]).toEqual([2, 1]);
  });

  it('is counted every time where there are too many connections, with one line a second at most', async () => {
    const began = performance.now();
    for (let nr = 0; nr < 100; nr++) record({ reason: 'too-many-connections' });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(1 + Math.floor((performance.now() - began) / 1_000));
    expect(await counted('too-many-connections')).toBe(100);
    // What is said of others is not held back by it.
    const before = lines.length;
    record({ reason: 'address' });
    expect(lines).toHaveLength(before + 1);
    await until('there is a line again', () => {
      record({ reason: 'too-many-connections' });
      return lines.length > before + 1;
    });
    expect(performance.now() - began).toBeGreaterThan(1_000);
  });
});
