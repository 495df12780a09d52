import type { Backbone } from './backbone.js';

/** Authorities of which it is kept how far their logins were weighed. */
const KEPT = 10_000;

/** Places in the event log, from the first on and before the last. */
interface Stretch {
  readonly from: bigint;
  readonly before: bigint;
}

/** How far the logins of an authority were weighed and found to be no use of it: nothing that is recorded later changes that. */
export interface WeighedLogins {
  /** Whether the login at this place was. */
  covers(place: bigint): boolean;
  /** From this place on everything before the one that is named was; that one itself where nothing before it was. */
  reaches(before: bigint): bigint;
  add(stretch: Stretch): void;
}

export function weighedLogins(): WeighedLogins {
  // The latest first, apart from each other.
  let stretches: readonly Stretch[] = [];
  return {
    covers: (place) => stretches.some(({ from, before }) => from <= place && place < before),
    reaches: (before) => stretches.find((one) => one.from < before && before <= one.before)?.from ?? before,
    add({ from, before }) {
      const met = stretches.filter((one) => one.from <= before && from <= one.before);
      const all = [...met, { from, before }];
      const joined = all.reduce((one, other) => ({
        from: one.from < other.from ? one.from : other.from,
        before: one.before > other.before ? one.before : other.before,
      }));
      const rest = stretches.filter((one) => !met.includes(one));
      stretches = [...rest, joined].sort((one, other) => (one.from > other.from ? -1 : 1));
    },
  };
}

interface Kept {
  readonly of: string;
  readonly weighed: WeighedLogins;
}

const kept = new WeakMap<Backbone['commands'], Map<string, Kept>>();

/**
 * What is kept of an authority in this process. It is of one store, one means and the records of one human: of others it begins
 * anew, and so it does of what was not asked for longest, where more are asked for than are kept.
 */
export function weighedOf(
  { commands, identity }: Pick<Backbone, 'commands' | 'identity'>,
  {
    authorization,
    means,
    records,
  }: {
    readonly authorization: string;
    readonly means: string;
    readonly records: readonly string[];
  },
): WeighedLogins {
  const all = kept.get(commands) ?? new Map<string, Kept>();
  kept.set(commands, all);
  const of = JSON.stringify([identity.store, identity.epoch, means, [...records].sort()]);
  const before = all.get(authorization);
  const one = before?.of === of ? before : { of, weighed: weighedLogins() };
  all.delete(authorization);
  all.set(authorization, one);
  if (all.size > KEPT) all.delete(all.keys().next().value!);
  return one.weighed;
}
