import type { Follower } from '#libs/eventing';
import type { Configuration } from '#libs/configuration';
import type { Metrics, ProbeRegistry } from '#libs/platform';

/**
 * Health of the process: ready only when everything that follows the feed is fed and within its lag bound. A read model
 * that is being built keeps nothing else from being answered.
 */
export function registerFollowers(
  followers: readonly Follower[],
  {
    probes,
    metrics,
    configuration,
  }: { readonly probes: ProbeRegistry; readonly metrics: Metrics; readonly configuration: Configuration },
): void {
  for (const follower of followers) {
    const { name } = follower.status();
    probes.register({
      name,
      check() {
        const { state, position, behindFor, stoppedBy, mayLag = false, parked = 0 } = follower.status();
        const isBuilt = state !== 'building';
        const going = state === 'running' || state === 'standing-by' || !isBuilt || (mayLag && state === 'starting');
        const fed = mayLag || !isBuilt || behindFor <= configuration.lagBoundMilliseconds;
        const reason = stoppedBy?.reason ?? wordsFor({ isBuilt, going, fed, state, parked });
        return {
          fine: going && fed,
          position: String(position),
          ageMilliseconds: Math.round(behindFor),
          ...(reason === undefined ? {} : { reason }),
        };
      },
    });
  }
  const silent = metrics.gauge('follower_silent_seconds', 'Time since the follower was last fed', ['follower']);
  const age = metrics.gauge('follower_behind_seconds', 'Time since the follower had seen everything', ['follower']);
  const stopped = metrics.gauge('follower_stopped', '1 when the follower waits for a person', ['follower']);
  const building = metrics.gauge('follower_building', '1 while its table is made from the first event', ['follower']);
  const aside = metrics.gauge('follower_parked', 'Steps that the follower put aside and that wait for a person', [
    'follower',
  ]);
  metrics.onRead(() => {
    for (const follower of followers) {
      const { name, silentFor, behindFor, state, parked = 0 } = follower.status();
      building.set({ follower: name }, state === 'building' ? 1 : 0);
      aside.set({ follower: name }, parked);
      silent.set({ follower: name }, silentFor / 1_000);
      age.set({ follower: name }, behindFor / 1_000);
      stopped.set({ follower: name }, state === 'stopped' || state === 'outdated' ? 1 : 0);
    }
  });
}

const BUILDING = 'it is being built; what needs it is 503 until then, or answered from the version before';

interface Standing {
  readonly isBuilt: boolean;
  readonly going: boolean;
  readonly fed: boolean;
  readonly state: string;
  readonly parked: number;
}

/** What a probe says beside whether it is fine; the first that holds. */
function wordsFor({ isBuilt, going, fed, state, parked }: Standing): string | undefined {
  if (!isBuilt) return BUILDING;
  if (!going) return state;
  if (!fed) return 'not fed within the lag bound';
  return parked > 0 ? waiting(parked) : undefined;
}

/** Everything else goes on, so that it is still ready. */
const waiting = (parked: number): string => `parked steps: ${parked}; npm run parked -- list`;

/** What the appenders tell about themselves, as metrics and as log lines. */
export function storeMetrics(metrics: Metrics) {
  const batch = metrics.histogram(
    'append_batch_size',
    'Appends that shared one commit',
    [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    ['log'],
  );
  const commit = metrics.histogram(
    'append_commit_seconds',
    'Time of writing and committing a batch',
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
    ['log'],
  );
  const wait = metrics.histogram(
    'append_wait_seconds',
    'Time an append waited for its batch',
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
    ['log'],
  );
  const failed = metrics.counter('append_failures_total', 'Appends that the store did not take, or maybe not', ['log']);
  const queue = metrics.gauge('append_queue', 'Appends that wait for a batch', ['log']);
  return {
    batch(log: string, appends: number, milliseconds: number): void {
      batch.observe({ log }, appends);
      commit.observe({ log }, milliseconds / 1_000);
    },
    waited: (log: string, milliseconds: number): void => wait.observe({ log }, milliseconds / 1_000),
    failed: (log: string, appends: number): void => failed.inc({ log }, appends),
    queued: (log: string, appends: number): void => queue.set({ log }, appends),
  };
}
