import { streamId, type ContactId, type DomainEvent, type Recorded, type RightsRequestId } from '#libs/kernel';
import { StoreUnavailable, type CommandContext, type ProcessManager } from '#libs/eventing';
import { contactsInChecks, fewAtOnce, type Backbone } from '#libs/application';
import {
  partyDecider,
  personDecider,
  rightsRequestDecider,
  type PersonContactsErased,
  type RecordsDestroyed,
  type RightsRequestDecided,
} from '#libs/domain';
import { destroyContactKeys, knowEntry } from '../retention/destroy.js';

/** Client name under which erasures are recorded, and name of what carries them out. */
export const ERASURES = 'erasure-follow-up';

/**
 * Carries out what was granted, and takes along where somebody was reached when he himself is destroyed.
 *
 * In this order, so that a crash anywhere leaves something to go on from: the fact in the stream of whom it is about, which names
 * the keys and from which on nobody is shown or told anything by them; the ledger; the keys; the fact that it is done.
 */
export const erasures = (backbone: Backbone): ProcessManager => ({
  name: ERASURES,
  handles: ['RightsRequestDecided', 'RecordsDestroyed'],
  mayLag: true,
  async react(event) {
    if (event.type === 'RecordsDestroyed') await withThoseDestroyed(backbone, event.data as RecordsDestroyed['data']);
    else await carryOut(backbone, (event.data as RightsRequestDecided['data']).rightsRequest);
  },
});

async function carryOut(backbone: Backbone, rightsRequest: RightsRequestId): Promise<void> {
  const stream = streamId('rightsRequest', rightsRequest);
  const { state } = await backbone.commands.load(rightsRequestDecider, stream);
  if (state.status !== 'decided') return;
  // What is kept as proof alone is neither shown nor used any more.
  const isErased = state.data.some(({ kind, ground }) => kind === 'contacts' && ground !== 'legalHold');
  const erased = !isErased
    ? []
    : 'party' in state.about
      ? await eraseOfParty(backbone, rightsRequest, state.about.party)
      : (await fewAtOnce(state.records, (person) => eraseOfPerson(backbone, rightsRequest, person))).flat();
  await destroyContacts(backbone, rightsRequest, erased);
  const outcome = await backbone.commands.execute(
    rightsRequestDecider,
    stream,
    () => ({ type: 'FulfillRightsRequest', contacts: erased.length, now: backbone.now() }),
    contextOf(backbone, `${ERASURES}/${rightsRequest}`),
  );
  if (outcome.outcome !== 'accepted') throw new StoreUnavailable(`rights request ${rightsRequest}: ${outcome.outcome}`);
}

async function eraseOfPerson(
  backbone: Backbone,
  rightsRequest: RightsRequestId,
  person: string,
): Promise<readonly ContactId[]> {
  const stream = streamId('person', person);
  const { state } = await backbone.commands.load(personDecider, stream);
  const kept = state.status === 'none' ? [] : await contactsInChecks(backbone, [...state.reachedBy]);
  const outcome = await backbone.commands.execute(
    personDecider,
    stream,
    () => ({ type: 'ErasePersonContacts', rightsRequest, kept, now: backbone.now() }),
    contextOf(backbone, `${ERASURES}/${rightsRequest}/${person}`),
  );
  if (outcome.outcome !== 'accepted') throw new StoreUnavailable(`person ${person}: ${outcome.outcome}`);
  return erasedBy((await backbone.commands.load(personDecider, stream)).history, rightsRequest);
}

async function eraseOfParty(
  backbone: Backbone,
  rightsRequest: RightsRequestId,
  party: string,
): Promise<readonly ContactId[]> {
  const stream = streamId('party', party);
  const { state } = await backbone.commands.load(partyDecider, stream);
  const kept = state.status === 'none' ? [] : await contactsInChecks(backbone, [...state.contacts.keys()]);
  const outcome = await backbone.commands.execute(
    partyDecider,
    stream,
    () => ({ type: 'ErasePartyContacts', rightsRequest, kept, now: backbone.now() }),
    contextOf(backbone, `${ERASURES}/${rightsRequest}/${party}`),
  );
  if (outcome.outcome !== 'accepted') throw new StoreUnavailable(`party ${party}: ${outcome.outcome}`);
  return erasedBy((await backbone.commands.load(partyDecider, stream)).history, rightsRequest);
}

/** As the facts have it, also where a process was killed behind them. */
const erasedBy = (history: readonly Recorded<DomainEvent>[], rightsRequest: string): readonly ContactId[] =>
  history.flatMap(({ type, data }) => {
    if (type !== 'PersonContactsErased' && type !== 'PartyContactsErased') return [];
    const erased = data as PersonContactsErased['data'];
    return erased.rightsRequest === rightsRequest ? erased.contacts : [];
  });

/** Whoever is destroyed is reached nowhere any more either: those keys are not his own (ARCH-11). */
async function withThoseDestroyed(
  backbone: Backbone,
  { destruction, objects }: RecordsDestroyed['data'],
): Promise<void> {
  const { commands } = backbone;
  const reached = await fewAtOnce(objects, async ({ kind, id }): Promise<readonly ContactId[]> => {
    if (kind === 'person') {
      const { state } = await commands.load(personDecider, streamId('person', id));
      return state.status === 'none' ? [] : [...state.reachedBy];
    }
    if (kind !== 'party') return [];
    const { state } = await commands.load(partyDecider, streamId('party', id));
    return state.status === 'none' ? [] : [...state.contacts.keys()];
  });
  await destroyContacts(backbone, destruction, reached.flat());
}

/** First where it is known for ever, then the keys. Again: the same. */
async function destroyContacts(backbone: Backbone, id: string, contacts: readonly ContactId[]): Promise<void> {
  if (contacts.length === 0) return;
  const entry = { is: 'erased', id, contacts } as const;
  await knowEntry(backbone, await (await backbone.retention.ledger()).add(entry));
  await destroyContactKeys(backbone, entry);
}

const contextOf = ({ participant }: Backbone, key: string): CommandContext => ({
  ...{ participant: participant.oin, client: ERASURES, key, requestHash: key, correlationId: key },
  actor: { system: ERASURES },
});
