import { isSealed, streamId, type DomainEvent, type Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember } from '#libs/eventing';
import { openPerson, type Backbone } from '#libs/application';
import {
  organizationId,
  partyDecider,
  personDecider,
  type Bearer,
  type PartyContactRecorded,
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
  const email = (await contactOf(sealer, 'PersonContactRecorded', history)) ?? attributes.email;
  return { isPersonal: true, ...(name === '' ? {} : { name }), ...(email === undefined ? {} : { email }) };
}

async function partyOf({ commands, sealer }: Backbone, id: string): Promise<Known> {
  const { state, history } = await commands.load(partyDecider, streamId('party', id));
  if (state.status === 'none') return { isPersonal: false };
  const isPersonal = state.publicDetails === undefined;
  const organization = organizationId(state);
  const details = await openDetails(sealer, state, history);
  const email = (await contactOf(sealer, 'PartyContactRecorded', history)) ?? details.email;
  return {
    ...{ isPersonal, organization },
    ...(details.name === undefined ? {} : { name: details.name }),
    ...(email === undefined ? {} : { email }),
  };
}

async function contactOf(
  sealer: Backbone['sealer'],
  type: (PersonContactRecorded | PartyContactRecorded)['type'],
  history: readonly Recorded<DomainEvent>[],
): Promise<string | undefined> {
  const written = history.findLast(
    (event) => event.type === type && (event.data as PersonContactRecorded['data']).kind === 'email',
  );
  if (written === undefined) return undefined;
  const { value } = written.data as PersonContactRecorded['data'];
  return isSealed(value) ? openMember<string>(sealer, written, 'value', value) : value.clear;
}
