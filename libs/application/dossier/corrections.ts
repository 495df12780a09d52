import { partyCorrectedSince, personCorrectedSince } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { findParty, findPerson } from '../objects.js';
import type { CheckOnRecord } from './load-checks.js';

/** PROOF-13: an attribute that the check compared, of the person or the party it is about, was corrected since. */
export async function isOutdated(
  { facts, asRecorded, recordedAt }: CheckOnRecord,
  { backbone }: { readonly backbone: Backbone },
): Promise<boolean> {
  const { about, type, performedAt } = asRecorded ?? facts;
  const { person, party } = about as { readonly person?: string; readonly party?: string };
  const made = { type, performedAt: performedAt as typeof recordedAt, recordedAt };
  if (person !== undefined) {
    const found = await findPerson(backbone, person, '');
    return 'found' in found && personCorrectedSince(found.found, made);
  }
  if (party !== undefined) {
    const found = await findParty(backbone, party, '');
    return 'found' in found && partyCorrectedSince(found.found, made);
  }
  return false;
}
