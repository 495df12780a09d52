/** Addresses of the instances of each app (`http://10.0.0.7:8080`), by the app's name. */
export type UpstreamAddresses = Readonly<Record<string, readonly string[]>>;

/**
 * `ready` = everything it answers from is current; `live` = it answers, and says that something is not; `down` = it did
 * not answer when it was last asked, or has not been asked yet.
 */
export type UpstreamState = 'ready' | 'live' | 'down';

export interface Upstream {
  readonly app: string;
  readonly origin: string;
  readonly state: UpstreamState;
  /** A request to it had no answer: it is passed over until it answers the next look at its health. */
  failed(): void;
  /** Begin and end of a request to it. */
  took(): void;
  gave(): void;
}

export interface Upstreams {
  readonly apps: readonly string[];
  /** Every instance of every app. */
  readonly all: readonly Upstream[];
  /** The instance that takes the next request for the app, or for any; never one of `tried`. */
  choose(app: string | undefined, tried: readonly Upstream[]): Upstream | undefined;
  /** Asks every instance how it is, once. */
  look(): Promise<void>;
  stop(): void;
}

/** Between two looks at the health of an instance, and the longest that one may take, in milliseconds. */
const LOOK_EVERY = 1_000;
const LOOK_LIMIT = 2_000;

const RANK: Readonly<Record<UpstreamState, number>> = { ready: 0, live: 1, down: 2 };

interface Instance extends Upstream {
  state: UpstreamState;
  busy: number;
}

/**
 * The instances behind a gateway. Those that are ready come first, then those that answer at all (an instance knows best
 * what it can't answer, and says so by a 503 of its own), then the rest: an instance may be back before it is looked at.
 * Among equals the one with the fewest requests under way takes the next.
 */
export function watchUpstreams(
  addresses: UpstreamAddresses,
  onChange: (upstream: Upstream, before: UpstreamState) => void,
): Upstreams {
  const all = Object.entries(addresses).flatMap(([app, origins]) => origins.map((origin) => instanceOf(app, origin)));
  let turn = 0;

  function instanceOf(app: string, origin: string): Instance {
    const instance: Instance = {
      ...{ app, origin, state: 'down', busy: 0 },
      failed: () => change(instance, 'down'),
      took: () => void instance.busy++,
      gave: () => void instance.busy--,
    };
    return instance;
  }

  function change(instance: Instance, state: UpstreamState): void {
    const before = instance.state;
    instance.state = state;
    if (before !== state) onChange(instance, before);
  }

  async function lookAt(instance: Instance): Promise<void> {
    try {
      const answer = await fetch(`${instance.origin}/health/ready`, { signal: AbortSignal.timeout(LOOK_LIMIT) });
      await answer.arrayBuffer();
      change(instance, answer.status === 200 ? 'ready' : 'live');
    } catch {
      change(instance, 'down');
    }
  }

  // Each in a rhythm of its own: one that hangs keeps nobody from looking at the others.
  const looking = new Set<Instance>();
  const timer = setInterval(() => {
    for (const instance of all) {
      if (looking.has(instance)) continue;
      looking.add(instance);
      void lookAt(instance).finally(() => looking.delete(instance));
    }
  }, LOOK_EVERY);
  timer.unref();

  return {
    apps: Object.keys(addresses),
    all,
    choose(app, tried) {
      const open = all.filter((instance) => (app === undefined || instance.app === app) && !tried.includes(instance));
      turn += 1;
      const rotated = open.map((_, index) => open[(index + turn) % open.length]!);
      return rotated.sort((one, other) => RANK[one.state] - RANK[other.state] || one.busy - other.busy)[0];
    },
    look: async () => void (await Promise.all(all.map(lookAt))),
    stop: () => clearInterval(timer),
  };
}
