import { partyCorrectedSince, personCorrectedSince, type CheckFacts } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { findParty, findPerson } from '../objects.js';
import type { CheckOnRecord } from './load-checks.js';

/** PROOF-13: those that compared an attribute, of the person or the party they speak of, which was corrected since. */
export async function outdatedAmong(
  checks: readonly CheckOnRecord[],
  backbone: Backbone,
): Promise<ReadonlySet<string>> {
  const outdated = await Promise.all(checks.map((check) => isOutdated(check, backbone)));
  return new Set(checks.filter((_, index) => outdated[index]).map(({ id }) => id));
}

async function isOutdated({ facts, asRecorded, recordedAt }: CheckOnRecord, backbone: Backbone): Promise<boolean> {
  const { about, type, performedAt } = asRecorded ?? facts;
  const named = about as { readonly person?: string; readonly party?: string };
  const person = named.person ?? namedIn(asRecorded ?? facts);
  const party = named.party ?? representedIn(facts);
  const made = { type, performedAt: performedAt as typeof recordedAt, recordedAt };
  if (person !== undefined) {
    const found = await findPerson(backbone, person, '');
    if ('found' in found && personCorrectedSince(found.found, made)) return true;
  }
  if (party === undefined) return false;
  const found = await findParty(backbone, party, '');
  return 'found' in found && partyCorrectedSince(found.found, made);
}

/** A certificate is about a means and a deed about an application: the person whose name they hold stands beside it. */
const namedIn = (facts: CheckFacts): string | undefined =>
  facts.type === 'pkiOverheidCertificate' ? facts.subject : facts.type === 'privateDeed' ? facts.signer : undefined;

/** Whom a register shows as representative was looked up with the data of the party as well (PARTY-07). */
const representedIn = (facts: CheckFacts): string | undefined =>
  facts.type === 'representationCheck' ? facts.party : undefined;
