import { streamId } from '#libs/kernel';
import { partyDecider, type PartyEvent, type RegisteredParty } from '#libs/domain';
import type { Backbone } from '../backbone.js';
import { checksOfParty } from './load-checks.js';
import { isLasting } from './question.js';

/** A party's special-circumstances mark: what exempts nobody from a look until it is cleared (IV3-change, PROOF-12). */
export interface CircumstancesMark {
  /** Reported by the consumer or its administrator, or found by a look in whatever application, and not cleared since. */
  readonly isSet: boolean;
  /** Some look ever found them: only then the party can have a trustee (PROOF-02). */
  readonly everFound: boolean;
}

export async function markOf(backbone: Backbone, party: RegisteredParty): Promise<CircumstancesMark> {
  const looks = await checksOfParty(backbone, party.id, 'specialCircumstancesCheck');
  const found = looks.filter(({ facts }) => isLasting(facts));
  const { history } = await backbone.commands.load(partyDecider, streamId('party', party.id));
  const cleared = history.findLast(
    ({ type }) => type === ('SpecialCircumstancesCleared' satisfies PartyEvent['type']),
  )?.position;
  return {
    isSet: party.specialCircumstances || found.some(({ position }) => cleared === undefined || position > cleared),
    everFound: found.length > 0,
  };
}
