import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Follower, FollowerStatus } from '#libs/eventing';
import { readConfiguration } from '#libs/configuration';
import { metricsRegistry, type Metrics, type Probe } from '#libs/platform';
import { registerFollowers, storeMetrics } from './health.js';

const BOUND = 2_000;
const configuration = readConfiguration(['--lag-bound', String(BOUND)], {});

const follower = (status: Partial<FollowerStatus>, name = 'levels'): Follower => ({
  status: () => ({ name, state: 'running', position: 3n, silentFor: 0, behindFor: 0, ...status }),
  waitFor: async () => true,
  stop: async () => undefined,
});

describe('health', () => {
  let probes: Probe[];
  let metrics: Metrics;
  const watch = (...followers: readonly Follower[]): void =>
    registerFollowers(followers, {
      probes: { register: (probe) => void probes.push(probe), check: async () => ({ ready: true, probes: [] }) },
      metrics,
      configuration,
    });
  beforeEach(() => {
    probes = [];
    metrics = metricsRegistry();
  });

  it.each<[string, Partial<FollowerStatus>, boolean, string | undefined]>([
    ['was fed just now', { behindFor: 0 }, true, undefined],
    ['lies behind as far as it may', { behindFor: BOUND }, true, undefined],
    ['lies behind further than it may', { behindFor: BOUND + 1 }, false, 'not fed within the lag bound'],
    ['lies behind, which says nothing of it', { behindFor: 10 * BOUND, mayLag: true }, true, undefined],
    ['stands by while another process acts', { state: 'standing-by' }, true, undefined],
    ['is starting', { state: 'starting' }, false, 'starting'],
    ['is starting, and may lie behind', { state: 'starting', mayLag: true }, true, undefined],
    ['has ended', { state: 'ended' }, false, 'ended'],
    ['has ended, and might lie behind', { state: 'ended', mayLag: true }, false, 'ended'],
    ['has stopped', { state: 'stopped', stoppedBy: { reason: 'it can not be read' } }, false, 'it can not be read'],
    [
      'is building its table',
      { state: 'building', behindFor: 10 * BOUND },
      true,
      'it is being built; what needs it is 503 until then, or answered from the version before',
    ],
    ['has to be rebuilt', { state: 'outdated', stoppedBy: { reason: 'rebuild it' } }, false, 'rebuild it'],
    ['put steps aside', { parked: 2 }, true, 'parked steps: 2; npm run parked -- list'],
    ['put steps aside and lies behind', { parked: 2, behindFor: 5_000 }, false, 'not fed within the lag bound'],
  ])('judges a follower that %s', async (_, status, fine, reason) => {
    watch(follower(status));
    expect(probes.map(({ name }) => name)).toEqual(['levels']);
    expect(await probes[0]!.check()).toEqual({
      fine,
      position: '3',
      ageMilliseconds: status.behindFor ?? 0,
      ...(reason === undefined ? {} : { reason }),
    });
  });

  it('says in figures how long each follower lies behind, and whether a person has to look', async () => {
    watch(
      follower({ position: 3n, silentFor: 500, behindFor: 1_500, parked: 2 }, 'one'),
      follower({ position: 7n, state: 'stopped' }, 'two'),
      follower({ position: 5n, state: 'outdated' }, 'three'),
      follower({ position: 5n, state: 'building' }, 'four'),
    );
    const text = await metrics.text();
    const figure = (name: string): readonly number[] =>
      ['one', 'two', 'three', 'four'].map((of) =>
        Number(new RegExp(`^waarborg_follower_${name}\\{follower="${of}"\\} (\\S+)$`, 'm').exec(text)?.[1]),
      );
    expect(figure('silent_seconds')).toEqual([0.5, 0, 0, 0]);
    expect(figure('behind_seconds')).toEqual([1.5, 0, 0, 0]);
    expect(figure('stopped')).toEqual([0, 1, 1, 0]);
    expect(figure('building')).toEqual([0, 0, 0, 1]);
    expect(figure('parked')).toEqual([2, 0, 0, 0]);
  });

  it('says of every log how its appends share commits, how long these take, and what waits', async () => {
    const told = storeMetrics(metrics);
    told.batch('events', 3, 20);
    told.batch('events', 1, 5);
    told.waited('records', 2);
    told.queued('records', 7);
    told.failed('records', 2);
    told.failed('records', 1);
    const text = await metrics.text();
    for (const line of [
      'append_batch_size_sum{log="events"} 4',
      'append_batch_size_bucket{le="2",log="events"} 1',
      'append_batch_size_bucket{le="4",log="events"} 2',
      'append_commit_seconds_sum{log="events"} 0.025',
      'append_commit_seconds_bucket{le="0.005",log="events"} 1',
      'append_wait_seconds_sum{log="records"} 0.002',
      'append_wait_seconds_bucket{le="0.001",log="records"} 0',
      'append_queue{log="records"} 7',
      'append_failures_total{log="records"} 3',
    ]) {
      expect(text).toContain(`waarborg_${line}`);
    }
  });
});
