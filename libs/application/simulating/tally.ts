import { EH_LEVELS, type EhLevel } from '#libs/scheme';
import type { Instant } from '#libs/kernel';
import { SIMULATED_REMEDIES, type LossCounts, type SimulatedMoment, type SimulatedRemedy } from '#libs/domain';
import type { AccessJudgment } from '../use/judge-access.js';
import type { Right, SimulatedWayBack } from './rights.js';

/** Services and providers that all moments of a result list together, at most: it is stored as one fact. */
export const MOST_LISTED = 1_000;

/** What a right was worth at a moment by the policy in force, and is by the proposal. */
export interface JudgedRight {
  readonly right: Right;
  readonly before: AccessJudgment;
  readonly after: AccessJudgment;
  /** Of a lost one. */
  readonly back: SimulatedWayBack | undefined;
}

export interface Tally {
  /** Everything about one holder: all rights of all his means, moment by moment. */
  holder(judged: readonly (readonly JudgedRight[])[]): void;
  result(): readonly SimulatedMoment[];
}

/** Numbers of ids, so that a set of them is a bit each. Ids that lose nothing get none. */
function numbering(): (id: string) => number {
  const numbers = new Map<string, number>();
  return (id) => {
    let number = numbers.get(id);
    if (number === undefined) numbers.set(id, (number = numbers.size));
    return number;
  };
}

/** How many different numbers were put in. */
class Different {
  #bits = new Uint32Array(8);
  size = 0;

  add(number: number): void {
    const place = number >>> 5;
    if (place >= this.#bits.length) {
      const wider = new Uint32Array(Math.max(place + 1, this.#bits.length * 2));
      wider.set(this.#bits);
      this.#bits = wider;
    }
    const bit = 1 << (number & 31);
    if ((this.#bits[place]! & bit) !== 0) return;
    this.#bits[place] = this.#bits[place]! | bit;
    this.size += 1;
  }
}

interface Losses {
  rights: number;
  means: number;
  holders: number;
  readonly authorizations: Different;
  readonly organizations: Different;
}
const losses = (): Losses => ({
  ...{ rights: 0, means: 0, holders: 0 },
  ...{ authorizations: new Different(), organizations: new Different() },
});
const countsOf = ({ rights, means, holders, authorizations, organizations }: Losses): LossCounts => ({
  ...{ rights, means, holders, authorizations: authorizations.size, organizations: organizations.size },
});

interface Moment {
  inForce: number;
  proposed: number;
  gained: number;
  since: number;
  readonly all: Losses;
  readonly services: Map<string, Losses>;
  readonly providers: Map<string, Losses>;
  readonly reasons: Map<string, number>;
  readonly levels: Map<string, number>;
  readonly remedies: Map<string, { rights: number; means: number; holders: number }>;
}

function of<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** From the least that is needed to what no remedy brings back. */
const hardness = (key: string): number => {
  const [remedy, level] = key.split('|') as [SimulatedRemedy, EhLevel | ''];
  return SIMULATED_REMEDIES.indexOf(remedy) * 10 + (level === '' ? 9 : EH_LEVELS.indexOf(level));
};
const hardestOf = (keys: Iterable<string>): string =>
  [...keys].reduce((hardest, key) => (hardness(key) > hardness(hardest) ? key : hardest));

/**
 * Counts what is lost at each moment. Means and holders come together and are counted as they come; of authorizations and
 * organizations, which several means share, it keeps a bit for each that loses something, and where.
 */
export function tally(moments: readonly Instant[], providerOf: (service: string) => string): Tally {
  const numberOfAuthorization = numbering();
  const numberOfOrganization = numbering();
  const counted = moments.map((): Moment => ({
    ...{ inForce: 0, proposed: 0, gained: 0, since: 0, all: losses() },
    ...{ services: new Map(), providers: new Map(), reasons: new Map(), levels: new Map(), remedies: new Map() },
  }));

  function lose(moment: Moment, { right, before, after, back }: JudgedRight): void {
    const { service, organization } = right;
    for (const into of [
      moment.all,
      of(moment.services, service, losses),
      of(moment.providers, providerOf(service), losses),
    ]) {
      into.rights += 1;
      into.organizations.add(numberOfOrganization(organization));
      for (const { authorization } of before.path) into.authorizations.add(numberOfAuthorization(authorization));
    }
    for (const { code } of after.reasons) moment.reasons.set(code, (moment.reasons.get(code) ?? 0) + 1);
    const level = `${before.level!}|${after.level ?? ''}`;
    moment.levels.set(level, (moment.levels.get(level) ?? 0) + 1);
    of(moment.remedies, keyOf(back!), none).rights += 1;
  }

  /** Means of one holder that lose something, each with where and what brings it back. */
  function countTogether(moment: Moment, lost: readonly JudgedRight[]): void {
    const byMeans = new Map<string, { readonly services: Set<string>; readonly backs: Set<string> }>();
    for (const { right, back } of lost) {
      const mine = of(byMeans, right.means.pseudonym, () => ({
        services: new Set<string>(),
        backs: new Set<string>(),
      }));
      mine.services.add(right.service);
      mine.backs.add(keyOf(back!));
    }
    const all = { services: new Set<string>(), backs: new Set<string>() };
    for (const { services, backs } of byMeans.values()) {
      countAt(moment, services, 'means');
      of(moment.remedies, hardestOf(backs), none).means += 1;
      for (const service of services) all.services.add(service);
      for (const back of backs) all.backs.add(back);
    }
    countAt(moment, all.services, 'holders');
    of(moment.remedies, hardestOf(all.backs), none).holders += 1;
  }

  function countAt(moment: Moment, services: ReadonlySet<string>, what: 'means' | 'holders'): void {
    moment.all[what] += 1;
    for (const service of services) of(moment.services, service, losses)[what] += 1;
    for (const provider of new Set([...services].map(providerOf))) of(moment.providers, provider, losses)[what] += 1;
  }

  return {
    holder(judged) {
      const lost = counted.map((): JudgedRight[] => []);
      for (const moments of judged) {
        let wasLost = false;
        for (const [place, one] of moments.entries()) {
          const moment = counted[place]!;
          if (one.before.decision) moment.inForce += 1;
          if (one.after.decision) moment.proposed += 1;
          if (!one.before.decision && one.after.decision) moment.gained += 1;
          const isLost = one.before.decision && !one.after.decision;
          if (isLost) {
            if (!wasLost) moment.since += 1;
            lose(moment, one);
            lost[place]!.push(one);
          }
          wasLost = isLost;
        }
      }
      for (const [place, mine] of lost.entries()) if (mine.length > 0) countTogether(counted[place]!, mine);
    },

    result: () => {
      const share = Math.floor(MOST_LISTED / (2 * Math.max(1, counted.length)));
      return counted.map((moment, place): SimulatedMoment => {
        const services = mostFirst(moment.services);
        const providers = mostFirst(moment.providers);
        return {
          at: moments[place]!,
          ...{ inForce: moment.inForce, proposed: moment.proposed, gained: moment.gained },
          lost: {
            ...countsOf(moment.all),
            ...{ since: moment.since, services: services.length, providers: providers.length },
          },
          reasons: byNumber(moment.reasons).map(([code, rights]) => ({
            code: code as SimulatedMoment['reasons'][number]['code'],
            rights,
          })),
          levels: byNumber(moment.levels).map(([key, rights]) => {
            const [before, after] = key.split('|') as [EhLevel, EhLevel | ''];
            return { before, after: after === '' ? null : after, rights };
          }),
          remedies: [...moment.remedies]
            .sort(([one], [other]) => hardness(one) - hardness(other))
            .map(([key, numbers]) => {
              const [remedy, level] = key.split('|') as [SimulatedRemedy, EhLevel | ''];
              return { remedy, level: level === '' ? null : level, ...numbers };
            }),
          services: services
            .slice(0, share)
            .map(([service, found]) => ({ service, provider: providerOf(service), ...countsOf(found) })),
          providers: providers.slice(0, share).map(([provider, found]) => ({ provider, ...countsOf(found) })),
          leftOut: Math.max(0, services.length - share) + Math.max(0, providers.length - share),
        };
      });
    },
  };
}

const none = (): { rights: number; means: number; holders: number } => ({ rights: 0, means: 0, holders: 0 });
const keyOf = ({ remedy, level }: SimulatedWayBack): string => `${remedy}|${level ?? ''}`;
const byNumber = (map: ReadonlyMap<string, number>): (readonly [string, number])[] =>
  [...map].sort(([one, many], [other, fewer]) => fewer - many || (one < other ? -1 : 1));
const mostFirst = (map: ReadonlyMap<string, Losses>): (readonly [string, Losses])[] =>
  [...map].sort(([one, a], [other, b]) => b.rights - a.rights || (one < other ? -1 : 1));
