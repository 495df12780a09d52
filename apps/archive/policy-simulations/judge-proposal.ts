import { epochOf, parseInstant, type Instant } from '#libs/kernel';
import { isInForce, momentsOf, MOST_MOMENTS, type Governance } from '#libs/application';
import type { PolicyProposal } from '#libs/domain';
import { isPlainObject, validate, type Fault, type Validated } from '#libs/platform';
import { addYears, isEhLevel, readInstant, type EhLevel } from '#libs/scheme';
import { RequestPolicySimulationRequest } from './policy-simulations.requests.js';

/** Years that something can be proposed ahead: nothing on record now holds longer (REG-08). */
const YEARS_AHEAD = 5;

export interface ReadSimulation {
  readonly proposal: PolicyProposal;
  readonly moments: readonly Instant[];
  readonly reason: string;
}

/** The body with every fault at once: those of each entry that can be read by itself are found beside those that can't. */
export function readProposal(json: unknown, governance: Governance, now: Instant): Validated<ReadSimulation> {
  const checked = validate(RequestPolicySimulationRequest, json);
  const faulty = new Set(checked.faults.map(({ pointer }) => pointer));
  const isSound = (pointer: string): boolean =>
    pointer.split('/').every((_, index, names) => !faulty.has(names.slice(0, index + 1).join('/')) || index === 0);
  const own = proposalFaults(isPlainObject(json) ? json : {}, governance, now).filter(({ pointer }) =>
    isSound(pointer!),
  );
  const faults = [...checked.faults, ...own];
  if (faults.length > 0 || checked.value === undefined) return { faults };
  const { reason, ...body } = checked.value;
  const proposal = plain(body);
  if (proposal === undefined) return { faults: [{ pointer: '', code: 'nothing-proposed' }] };
  const moments = momentsOf(governance, proposal, now);
  if (moments.length > MOST_MOMENTS) return { faults: [{ pointer: '', code: 'too-many-moments' }] };
  return { value: { proposal, moments, reason }, faults: [] };
}

/** Without what says nothing; `undefined`: nothing is left. */
function plain({
  levelPolicy = [],
  secondFactorPolicy = [],
  minimumLevels = [],
  ruleSet,
}: Omit<RequestPolicySimulationRequest, 'reason'>): PolicyProposal | undefined {
  const proposal: PolicyProposal = {
    ...(levelPolicy.length === 0 ? {} : { levelPolicy: levelPolicy.map((entry) => ({ ...entry })) }),
    ...(secondFactorPolicy.length === 0
      ? {}
      : { secondFactorPolicy: secondFactorPolicy.map((entry) => ({ ...entry })) }),
    ...(minimumLevels.length === 0 ? {} : { minimumLevels: minimumLevels.map((entry) => ({ ...entry })) }),
    ...(ruleSet === undefined ? {} : { ruleSet }),
  };
  return Object.keys(proposal).length === 0 ? undefined : proposal;
}

type Members = Readonly<Record<string, unknown>>;

/** An entry as far as it can be read. */
interface Entry {
  readonly at: string;
  readonly level: EhLevel | undefined;
  /** `null`: it names one, and that can't be read: no other entry is like it. */
  readonly provider: string | null | undefined;
  readonly service: string | null | undefined;
  readonly moment: Instant | undefined;
}

const textOf = (value: unknown): string | null | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : null;

/** No more of a list than it may have: it is a fault by itself. */
const entriesIn = (body: Members, list: string, moment: string, most: number): readonly Entry[] => {
  const value = body[list];
  if (!Array.isArray(value) || value.length > most) return [];
  return value.flatMap((entry: unknown, index): readonly Entry[] => {
    if (!isPlainObject(entry)) return [];
    const { level, provider, service, [moment]: sent } = entry as Members;
    return [
      {
        at: `/${list}/${index}`,
        level: typeof level === 'string' && isEhLevel(level) ? level : undefined,
        ...{ provider: textOf(provider), service: textOf(service) },
        moment: typeof sent === 'string' ? parseInstant(sent) : undefined,
      },
    ];
  });
};

function proposalFaults(body: Members, governance: Governance, now: Instant): readonly Fault[] {
  const ends = entriesIn(body, 'levelPolicy', 'usableUntil', 50);
  const factors = entriesIn(body, 'secondFactorPolicy', 'from', 100);
  const minima = entriesIn(body, 'minimumLevels', 'from', 200);
  return [
    ...ends.flatMap((entry) => [
      ...namesIn(entry, governance),
      ...momentFaults(entry, 'usableUntil', now, ({ level, provider, moment }) =>
        level === undefined || typeof provider === 'object'
          ? true
          : isInForce(governance, { level, usableUntil: moment, ...(provider === undefined ? {} : { provider }) }),
      ),
    ]),
    ...overlaps(ends, ({ level }) => level),
    ...factors.flatMap((entry) => [
      ...namesIn(entry, governance),
      ...momentFaults(entry, 'from', now, ({ provider, service, moment }) =>
        typeof provider === 'object' || typeof service === 'object'
          ? true
          : isInForce(governance, {
              from: moment,
              ...(provider === undefined ? {} : { provider }),
              ...(service === undefined ? {} : { service }),
            }),
      ),
      ...afterWithdrawal(entry, governance),
    ]),
    ...overlaps(factors, () => ''),
    ...minima.flatMap((entry) => [
      ...namesIn(entry, governance),
      ...momentFaults(entry, 'from', now, ({ service, level, moment }) =>
        typeof service !== 'string' || level === undefined
          ? true
          : isInForce(governance, { service, level, from: moment }),
      ),
      ...afterWithdrawal(entry, governance),
    ]),
    ...minima.flatMap((entry, index) =>
      typeof entry.service === 'string' &&
      entry.moment !== undefined &&
      minima.slice(0, index).some(({ service, moment }) => service === entry.service && moment === entry.moment)
        ? [{ pointer: entry.at, code: 'entries-overlap' }]
        : [],
    ),
  ];
}

function namesIn({ at, provider, service }: Entry, { services }: Governance): readonly Fault[] {
  const known = typeof service === 'string' ? services.find(({ id }) => id === service) : undefined;
  const isProvider = typeof provider === 'string' && services.some((one) => one.provider === provider);
  return [
    ...(typeof provider === 'string' && !isProvider ? [{ pointer: `${at}/provider`, code: 'unknown-provider' }] : []),
    ...(typeof service === 'string' && known === undefined
      ? [{ pointer: `${at}/service`, code: 'unknown-service' }]
      : []),
    ...(isProvider && known !== undefined && known.provider !== provider
      ? [{ pointer: `${at}/service`, code: 'not-of-this-provider' }]
      : []),
  ];
}

function momentFaults(
  entry: Entry,
  member: string,
  now: Instant,
  holds: (entry: Entry & { readonly moment: Instant }) => boolean,
): readonly Fault[] {
  const { at, moment } = entry;
  if (moment === undefined) return [];
  const pointer = `${at}/${member}`;
  if (epochOf(moment) > addYears(readInstant(now), YEARS_AHEAD)) return [{ pointer, code: 'moment-too-far' }];
  return moment <= now && !holds({ ...entry, moment }) ? [{ pointer, code: 'moment-passed' }] : [];
}

function afterWithdrawal({ at, service, moment }: Entry, governance: Governance): readonly Fault[] {
  const withdrawnFrom = typeof service === 'string' ? governance.service(service)?.withdrawnFrom : undefined;
  return withdrawnFrom !== undefined && moment !== undefined && moment >= withdrawnFrom
    ? [{ pointer: `${at}/from`, code: 'begins-after-end' }]
    : [];
}

/**
 * Entries about the same place, and those that change nothing since one about a wider place holds from the same moment or
 * before.
 */
function overlaps(entries: readonly Entry[], subjectOf: (entry: Entry) => string | undefined): readonly Fault[] {
  const isWithin = (one: Entry, other: Entry): boolean =>
    (other.provider === undefined || other.provider === one.provider) &&
    (other.service === undefined || other.service === one.service);
  return entries.flatMap((entry, index) => {
    const subject = subjectOf(entry);
    if (subject === undefined || entry.provider === null || entry.service === null) return [];
    const isOverlapped = entries.some((other, place) => {
      if (place === index || subjectOf(other) !== subject || !isWithin(entry, other)) return false;
      if (isWithin(other, entry)) return place < index;
      return other.moment !== undefined && entry.moment !== undefined && other.moment <= entry.moment;
    });
    return isOverlapped ? [{ pointer: entry.at, code: 'entries-overlap' }] : [];
  });
}
