import { isSealed, streamId, type DomainEvent, type Personal, type Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember } from '#libs/eventing';
import {
  partyDecider,
  personDecider,
  REACHING_ATTRIBUTES,
  type Bearer,
  type PartyEvent,
  type PersonEvent,
} from '#libs/domain';
import type { Backbone } from '../backbone.js';

/** Facts of which every sealed member is sealed under the bearer's own key. */
const OWN: ReadonlySet<string> = new Set<(PersonEvent | PartyEvent)['type']>([
  ...(['PersonRegistered', 'PersonCorrected', 'PartyRegistered', 'PartyCorrected'] as const),
]);
/** Members of these that stand under keys of their own: they may be erased and he is not. */
const APART: ReadonlySet<string> = new Set(REACHING_ATTRIBUTES);

/** Whether his data are erased, so that nobody can tell him of anything any more. Of whom nothing is sealed, nothing is. */
export async function isErased({ commands, sealer }: Backbone, { kind, id }: Bearer): Promise<boolean> {
  const { history, revision } =
    kind === 'person'
      ? await commands.load(personDecider, streamId('person', id))
      : await commands.load(partyDecider, streamId('party', id));
  // He was destroyed.
  if (history.length === 0 && revision !== 'no-stream') return true;
  const sealed = sealedIn(history);
  if (sealed === undefined) return false;
  try {
    await openMember(sealer, sealed.event, sealed.member, sealed.value);
    return false;
  } catch (error) {
    if (error instanceof KeyDestroyed) return true;
    throw error;
  }
}

/** One is as good as any: they are all under one key. */
function sealedIn(history: readonly Recorded<DomainEvent>[]) {
  for (const event of history.filter(({ type }) => OWN.has(type))) {
    for (const [member, value] of Object.entries(event.data as Readonly<Record<string, unknown>>)) {
      if (APART.has(member)) continue;
      if (typeof value === 'object' && value !== null && isSealed(value as Personal<unknown>)) {
        return { event, member, value: value as Personal<unknown> };
      }
    }
  }
  return undefined;
}
