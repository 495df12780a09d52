import { streamId } from '#libs/kernel';
import { personDecider, type CheckFacts, type PersonEvent } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { allRows } from '../read-models/all-rows.js';
import { personLinksProjection, type PersonLinkRow } from '../read-models/person-links.js';

/** Members of a check that name a person, besides `about`. */
const PERSON_MEMBERS = ['grantor', 'declaredBy', 'confirmer', 'voucher', 'signer', 'handedBy', 'subject'] as const;

/** The humans behind persons on record: all records that links make one are one human (MEANS-ID2-ii.b). */
export interface Humans {
  /** One name for all records of a human. */
  readonly of: (person: string) => string;
  /** Every record of the human behind this one, itself among them. */
  readonly recordsOf: (person: string) => readonly string[];
  /** The others who may be him: a duplicate of a record of the one and one of the other waits, whichever carries it. */
  readonly unresolvedWith: (person: string) => ReadonlySet<string>;
}

/** Looks up the humans behind the named persons and behind everybody whom the checks name. */
export async function humansOf(
  backbone: Backbone,
  persons: readonly string[],
  checks: readonly { readonly facts: CheckFacts }[],
): Promise<Humans> {
  const links = await linksFrom(backbone, [...persons, ...checks.flatMap(({ facts }) => personsIn(facts))]);
  const names = humansBy(links);
  const of = (person: string): string => names.get(person) ?? person;
  const records = new Map<string, string[]>();
  for (const [person, human] of names) {
    const known = records.get(human);
    if (known === undefined) records.set(human, [person]);
    else known.push(person);
  }
  const unresolved = unresolvedBetween(links, of);
  return {
    of,
    recordsOf: (person) => [...new Set([person, ...(records.get(of(person)) ?? [])])],
    unresolvedWith: (person) => unresolved.get(of(person)) ?? NOBODY,
  };
}

const NOBODY: ReadonlySet<string> = new Set();

/** Of two records only the one that came later asks; the question is about both. */
function unresolvedBetween(links: Links, of: Humans['of']): ReadonlyMap<string, ReadonlySet<string>> {
  const unresolved = new Map<string, Set<string>>();
  const add = (one: string, other: string): void => {
    unresolved.set(one, (unresolved.get(one) ?? new Set()).add(other));
  };
  for (const [person, { unresolved: others }] of links) {
    for (const other of others) {
      const [one, another] = [of(person), of(other)];
      if (one === another) continue;
      add(one, another);
      add(another, one);
    }
  }
  return unresolved;
}

/** The records that this one's links make one human, itself among them. */
export async function recordsOf(backbone: Backbone, person: string): Promise<readonly string[]> {
  return [...(await linksFrom(backbone, [person])).keys()];
}

/** What a record says of others: whom a clerk linked it to, and about whom a question waits. */
interface Said {
  readonly linked: readonly string[];
  readonly unresolved: readonly string[];
}
type Links = ReadonlyMap<string, Said>;

/** Every record that can be reached from these by links either way, with the records that it is linked to. */
async function linksFrom(backbone: Backbone, persons: readonly string[]): Promise<Links> {
  await backbone.readModels.upToDate(personLinksProjection);
  const links = new Map<string, Said>();
  let next = [...new Set(persons)];
  while (next.length > 0) {
    const said = await saidBy(backbone, next);
    const others = await linkedTo(backbone, next);
    for (const [index, person] of next.entries()) links.set(person, said[index]!);
    next = [...new Set([...said.flatMap(({ linked }) => linked), ...others])].filter((person) => !links.has(person));
  }
  return links;
}

/** All links that a clerk ever made stand, also where a later duplicate has taken the place of the last one. */
async function saidBy(backbone: Backbone, persons: readonly string[]): Promise<readonly Said[]> {
  const loaded = await backbone.commands.loadAll(
    personDecider,
    persons.map((person) => streamId('person', person)),
  );
  return loaded.map(({ state, history }) => ({
    linked: history
      .map(({ type, data }) => ({ type, data }) as PersonEvent)
      .flatMap((event) => (event.type === 'PersonLinked' ? [event.data.to] : [])),
    unresolved:
      state.status === 'none'
        ? []
        : [...state.duplicates].flatMap(([other, { outcome }]) => (outcome === 'unresolved' ? [other] : [])),
  }));
}

/** The records that were linked to one of these. */
async function linkedTo(backbone: Backbone, persons: readonly string[]): Promise<readonly string[]> {
  const rows = await allRows<PersonLinkRow>(backbone.readModels.store, personLinksProjection, [
    { column: 'linkedTo', is: 'one-of', values: persons },
  ]);
  return rows.map(({ linkedFrom }) => linkedFrom);
}

/** Links hold both ways and onward, whichever record they were made on. The least id names the human. */
function humansBy(links: Links): ReadonlyMap<string, string> {
  const nameOf = new Map([...links.keys()].map((person) => [person, person]));
  const human = (person: string): string => {
    let name = person;
    for (let next = nameOf.get(name)!; next !== name; next = nameOf.get(name)!) name = next;
    // The next who asks has not so far to go.
    for (let at = person; at !== name;) {
      const next = nameOf.get(at)!;
      nameOf.set(at, name);
      at = next;
    }
    return name;
  };
  for (const [person, { linked }] of links) {
    for (const other of linked) {
      const [name, joined] = [human(person), human(other)].sort() as [string, string];
      nameOf.set(joined, name);
    }
  }
  return new Map([...links.keys()].map((person) => [person, human(person)]));
}

/** Every person that a check names. */
export function personsIn(facts: CheckFacts): readonly string[] {
  const members = facts as unknown as { readonly [member: string]: unknown };
  const { person } = facts.about as { readonly person?: string };
  const cosigners = 'cosigners' in facts ? (facts.cosigners ?? []) : [];
  return [person, ...PERSON_MEMBERS.map((member) => members[member]), ...cosigners].filter(
    (id): id is string => typeof id === 'string',
  );
}

/** The same check, about humans instead of persons on record. */
export function aboutHumans<Facts extends CheckFacts>(facts: Facts, human: (person: string) => string): Facts {
  const about = facts.about as { readonly person?: string };
  const members = facts as unknown as { readonly [member: string]: unknown };
  const others = PERSON_MEMBERS.flatMap((member) =>
    typeof members[member] === 'string' ? [[member, human(members[member])] as const] : [],
  );
  return {
    ...facts,
    ...(about.person === undefined ? {} : { about: { person: human(about.person) } }),
    ...Object.fromEntries(others),
    ...('cosigners' in facts && facts.cosigners !== undefined ? { cosigners: facts.cosigners.map(human) } : {}),
  };
}
