import { isSealed, streamId, type ContactId, type DomainEvent, type Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember } from '#libs/eventing';
import { openPerson, sinceErased, type Backbone } from '#libs/application';
import {
  organizationId,
  partyDecider,
  personDecider,
  type Bearer,
  type PartyContactRecorded,
  type PersonCorrected,
  type PersonContactRecorded,
} from '#libs/domain';
import { openDetails } from '../parties/party.view.js';

/** Somebody as he is told of, and told. */
export interface Known {
  readonly name?: string;
  /** Whether it says something about a human, so that it is sealed. */
  readonly isPersonal: boolean;
  /** Of a party: its number, `kvk:69599084`. */
  readonly organization?: string;
  /** Where mail reaches him: the newest contact of that kind, else the address he was registered or corrected with. */
  readonly email?: string;
  /** Whose key goes when that is erased; absent: his own. */
  readonly emailOf?: ContactId;
}

/** `erased`: the key is gone, and with it everything that is personal. */
export async function knownOf(backbone: Backbone, { kind, id }: Bearer): Promise<Known | 'erased'> {
  try {
    return await (kind === 'person' ? personOf(backbone, id) : partyOf(backbone, id));
  } catch (error) {
    if (error instanceof KeyDestroyed) return 'erased';
    throw error;
  }
}

async function personOf({ commands, sealer }: Backbone, id: string): Promise<Known> {
  const { state, history } = await commands.load(personDecider, streamId('person', id));
  if (state.status === 'none') return { isPersonal: true };
  const { attributes } = await openPerson(sealer, state, history);
  const { givenNames, familyName } = attributes;
  const name = [givenNames, familyName].filter((part) => part !== undefined).join(' ');
  const reached =
    (await contactOf(sealer, 'PersonContactRecorded', history)) ??
    (attributes.email === undefined ? {} : { email: attributes.email, emailOf: reachOf(history) });
  return { isPersonal: true, ...(name === '' ? {} : { name }), ...reached };
}

async function partyOf({ commands, sealer }: Backbone, id: string): Promise<Known> {
  const { state, history } = await commands.load(partyDecider, streamId('party', id));
  if (state.status === 'none') return { isPersonal: false };
  const isPersonal = state.publicDetails === undefined;
  const organization = organizationId(state);
  const details = await openDetails(sealer, state, history);
  const reached =
    (await contactOf(sealer, 'PartyContactRecorded', history)) ??
    (details.email === undefined ? {} : { email: details.email });
  return {
    ...{ isPersonal, organization },
    ...(details.name === undefined ? {} : { name: details.name }),
    ...reached,
  };
}

async function contactOf(
  sealer: Backbone['sealer'],
  type: (PersonContactRecorded | PartyContactRecorded)['type'],
  history: readonly Recorded<DomainEvent>[],
): Promise<Pick<Known, 'email' | 'emailOf'> | undefined> {
  const written = sinceErased(history).findLast(
    (event) => event.type === type && (event.data as PersonContactRecorded['data']).kind === 'email',
  );
  if (written === undefined) return undefined;
  const { value, contact } = written.data as PersonContactRecorded['data'];
  try {
    const email = isSealed(value) ? await openMember<string>(sealer, written, 'value', value) : value.clear;
    return { email, emailOf: contact };
  } catch (error) {
    // Erased apart from whose it was.
    if (error instanceof KeyDestroyed) return undefined;
    throw error;
  }
}

/** Under whose key the address stands that he was registered or last corrected with. */
function reachOf(history: readonly Recorded<DomainEvent>[]): ContactId {
  const { data } = history.findLast(({ data: said }) => 'email' in said)!;
  const { person, reach } = data as PersonCorrected['data'];
  return reach ?? (person as unknown as ContactId);
}
