import type { CheckFacts, Contact, RegisteredParty } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { fewAtOnce } from '../few-at-once.js';
import { findPerson } from '../objects.js';
import { loadChecks } from './load-checks.js';
import { answerOf } from './question.js';
import { isOfOtherRegister } from './registers.js';
import { shows } from './shown.js';

/** Looks in a register, by which an independent party supplies an address or a number (IV1-a). */
const LOOKUPS: ReadonlySet<CheckFacts['type']> = new Set([
  'tradeRegisterLookup',
  'professionalRegisterLookup',
  'restGroupRegisterLookup',
  'representationCheck',
]);

/**
 * Who supplied the contact that was used: an independent party only where a look-up did that found the party, or the
 * person as one of that party, and agrees (PROOF-01); else the one who made the submission (IV1-a, ARCH-15). `persons` are the records of a confirmer.
 */
export async function contactSource(
  backbone: Backbone,
  contact: string | undefined,
  party: RegisteredParty,
  persons: readonly string[] = [],
): Promise<'independentParty' | 'submitter'> {
  // Checks of the first release named no contact.
  if (contact === undefined) return 'submitter';
  const found = await contactOf(backbone, contact, party, persons);
  if (found === undefined || !('check' in found.suppliedBy)) return 'submitter';
  const loaded = await loadChecks(backbone, [found.suppliedBy.check], '');
  const facts = 'checks' in loaded ? loaded.checks[0]!.facts : undefined;
  if (facts === undefined || !LOOKUPS.has(facts.type)) return 'submitter';
  const about: { readonly [kind: string]: string | undefined } = facts.about;
  const isOfThem = about['party'] === party.id || (about['person'] !== undefined && persons.includes(about['person']));
  return isOfThem && agrees(facts, party) ? 'independentParty' : 'submitter';
}

/** Favorable by itself; a limitation makes nobody harder to reach. */
const agrees = (facts: CheckFacts, party: RegisteredParty): boolean =>
  facts.type === 'representationCheck'
    ? facts.party === party.id && !isOfOtherRegister(facts, party) && shows(facts)
    : answerOf(facts, { isCosigned: () => false, isDeclared: () => false }) === 'favorable';

async function contactOf(
  backbone: Backbone,
  contact: string,
  party: RegisteredParty,
  persons: readonly string[],
): Promise<Contact | undefined> {
  const ofParty = party.contacts.get(contact as never);
  if (ofParty !== undefined) return ofParty;
  const found = await fewAtOnce(persons, (person) => findPerson(backbone, person, ''));
  return found
    .flatMap((person) => ('found' in person ? (person.found.contacts.get(contact as never) ?? []) : []))
    .at(0);
}
