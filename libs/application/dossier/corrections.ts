import { streamId, type Decider, type DomainEvent, type Instant } from '#libs/kernel';
import {
  partyCorrectedSince,
  partyDecider,
  personCorrectedSince,
  personDecider,
  type CheckFacts,
  type Party,
  type Person,
} from '#libs/domain';
import type { Backbone } from '../backbone.js';
import type { CheckOnRecord } from './load-checks.js';

/** PROOF-13: those that compared an attribute, of the person or the party they speak of, which was corrected since. */
export async function outdatedAmong(
  checks: readonly CheckOnRecord[],
  backbone: Backbone,
): Promise<ReadonlySet<string>> {
  const spoken = checks.map((check) => ({ check, of: spokenOf(check.asRecorded ?? check.facts) }));
  const persons = await onRecord<Person>(
    backbone,
    'person',
    personDecider,
    spoken.map(({ of }) => of.person),
  );
  const parties = await onRecord<Party>(
    backbone,
    'party',
    partyDecider,
    spoken.map(({ of }) => of.party),
  );
  const isOutdated = ({ check, of }: (typeof spoken)[number]): boolean => {
    const { type, performedAt } = check.asRecorded ?? check.facts;
    const made = { type, performedAt: performedAt as Instant, recordedAt: check.recordedAt };
    const person = of.person === undefined ? undefined : persons.get(of.person);
    if (person?.status === 'registered' && personCorrectedSince(person, made)) return true;
    const party = of.party === undefined ? undefined : parties.get(of.party);
    return party?.status === 'registered' && partyCorrectedSince(party, made);
  };
  return new Set(spoken.filter(isOutdated).map(({ check }) => check.id));
}

/**
 * A certificate is about a means and a deed about an application: the person whose name they hold stands beside it. Whom
 * a register shows as representative was looked up with the data of the party as well (PARTY-07).
 */
function spokenOf(facts: CheckFacts): { readonly person?: string; readonly party?: string } {
  if (facts.type === 'pkiOverheidCertificate') return facts.subject === undefined ? {} : { person: facts.subject };
  if (facts.type === 'privateDeed') return { person: facts.signer };
  if (facts.type === 'representationCheck') return { person: facts.about.person, party: facts.party };
  return facts.about as { readonly person?: string; readonly party?: string };
}

/** Everybody once, however many checks speak of him. */
async function onRecord<State>(
  backbone: Backbone,
  category: 'person' | 'party',
  decider: Decider<State, never, DomainEvent>,
  ids: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, State>> {
  const known = [...new Set(ids)].filter((id) => id !== undefined);
  const loaded = await backbone.commands.loadAll(
    decider,
    known.map((id) => streamId(category, id)),
  );
  return new Map(known.map((id, index) => [id, loaded[index]!.state]));
}
