import {
  later,
  streamId,
  type ContactId,
  type DomainEvent,
  type LegalHoldId,
  type RightsRequestId,
} from '#libs/kernel';
import {
  StoreUnavailable,
  type Chore,
  type CommandContext,
  type CommandOutcome,
  type Performed,
  type ProcessManager,
} from '#libs/eventing';
import {
  allRows,
  contactsInChecks,
  fewAtOnce,
  isHeldNow,
  rightsRequestsProjection,
  type Backbone,
  type KeptName,
  type RightsRequestRow,
} from '#libs/application';
import {
  partyDecider,
  personDecider,
  rightsRequestDecider,
  type ReceivedRightsRequest,
  type RightsRequestDecided,
} from '#libs/domain';
import { destroyContacts, erasedIn } from './where-reached.js';

/** Client name under which erasures are recorded, and name of what carries them out. */
export const ERASURES = 'erasure-follow-up';
/** Kind of the work that waits for the end of a legal hold. */
export const HELD_ERASURE = 'held-erasure';

const LOOK_DAILY = 24 * 3_600_000;
/** Others that change a request while it is looked at, before it is tried later. */
const MOST_LOOKS = 10;

/**
 * Carries out what was granted.
 *
 * In this order, so that a crash anywhere leaves something to go on from: a look at holds, and the fact that it is begun, which
 * stands in one stream with what a hold that is set meanwhile leaves there (`holdErasures`); the fact in the stream of whom it is about, which names
 * the keys and from which on nobody is shown or told anything by them; the ledger; the keys; the fact that it is done.
 */
export const erasures = (backbone: Backbone): ProcessManager => ({
  name: ERASURES,
  handles: ['RightsRequestDecided'],
  mayLag: true,
  async react(event) {
    const { rightsRequest: id } = event.data as RightsRequestDecided['data'];
    if (await carryOut(backbone, id)) return;
    const dueAt = later(backbone.now(), LOOK_DAILY);
    await backbone.dueWork.enqueue([{ kind: HELD_ERASURE, id, group: id, dueAt, payload: {} }]);
  },
});

/** Carries out what waited for the end of a legal hold, within a day of it. */
export const heldErasures = (backbone: Backbone): Chore => ({
  kind: HELD_ERASURE,
  perLane: 2,
  together: 2,
  keepFor: 24 * 3_600_000,
  async perform({ id }): Promise<Performed> {
    if (await carryOut(backbone, id as RightsRequestId)) return { is: 'done' };
    return { is: 'again', at: later(backbone.now(), LOOK_DAILY), reason: 'held' };
  },
});

/**
 * For who has set a hold: every erasure that was granted and is not begun is looked at again, whatever it is of; there are a
 * handful. Whoever looked at it before the hold was set finds that in the stream, and can't begin it by what he saw.
 */
export async function holdErasures(backbone: Backbone, legalHold: LegalHoldId): Promise<void> {
  const { readModels } = backbone;
  await readModels.upToDate(rightsRequestsProjection as never);
  const waiting = await allRows<RightsRequestRow>(readModels.store, rightsRequestsProjection as never, [
    { column: 'status', is: 'equal', value: 'decided' },
  ]);
  await fewAtOnce(waiting, async ({ id }) => {
    const context = contextOf(backbone, `${ERASURES}/${id}/hold/${legalHold}`);
    const outcome = await backbone.commands.execute(
      rightsRequestDecider,
      streamId('rightsRequest', id),
      () => ({ type: 'HoldErasure', legalHold, now: backbone.now() }),
      context,
    );
    if (outcome.outcome !== 'accepted') throw new StoreUnavailable(`rights request ${id}: ${outcome.outcome}`);
  });
}

type Looked = 'begun' | 'held' | 'over';

/** Begins it, unless whom it is about is held. A hold that is set while it is looked has it looked at again. */
async function begin(backbone: Backbone, rightsRequest: RightsRequestId): Promise<Looked> {
  const stream = streamId('rightsRequest', rightsRequest);
  for (let look = 0; look < MOST_LOOKS; look++) {
    const { state, revision } = await backbone.commands.load(rightsRequestDecider, stream);
    if (state.status !== 'decided') return 'over';
    if (state.begunAt !== undefined) return 'begun';
    const isHeld = await isAnyHeld(backbone, state);
    if (isHeld && state.isHeld === true) return 'held';
    const type = isHeld ? 'HoldErasure' : 'BeginErasure';
    const outcome = await backbone.commands.execute(
      rightsRequestDecider,
      stream,
      () => ({ type, now: backbone.now() }),
      // By what was seen of exactly this state.
      {
        ...contextOf(backbone, `${ERASURES}/${rightsRequest}/${type}/${revision}`),
        ifMatch: Number(revision),
      },
    );
    if (outcome.outcome === 'accepted') return isHeld ? 'held' : 'begun';
  }
  throw new StoreUnavailable(`rights request ${rightsRequest} is being changed`);
}

async function isAnyHeld(
  backbone: Backbone,
  { about, records }: Pick<ReceivedRightsRequest, 'about' | 'records'>,
): Promise<boolean> {
  const names: readonly KeptName[] =
    'party' in about ? [`party/${about.party}`] : records.map((person): KeptName => `person/${person}`);
  const held = await fewAtOnce(names, (name) => isHeldNow(backbone, name));
  return held.includes(true);
}

/** Answers false where it waits for the end of a legal hold. */
async function carryOut(backbone: Backbone, rightsRequest: RightsRequestId): Promise<boolean> {
  const stream = streamId('rightsRequest', rightsRequest);
  const { state } = await backbone.commands.load(rightsRequestDecider, stream);
  if (state.status !== 'decided') return true;
  // What is kept as proof alone is neither shown nor used any more.
  const isErased = state.data.some(({ kind, ground }) => kind === 'contacts' && ground !== 'legalHold');
  if (isErased) {
    const looked = await begin(backbone, rightsRequest);
    if (looked !== 'begun') return looked === 'over';
  }
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
  return true;
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
  demandErased(`person ${person}`, outcome);
  // As the facts have it, also where a process was killed behind them, or he was destroyed since.
  return erasedIn((await backbone.everything.load(personDecider, stream)).history, rightsRequest);
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
  demandErased(`party ${party}`, outcome);
  return erasedIn((await backbone.everything.load(partyDecider, stream)).history, rightsRequest);
}

/**
 * Of whom is not there, since retention took him meanwhile, nothing is left to be erased. Any other refusal is a mistake that does
 * not pass: it is put aside for a person, and holds nobody else up.
 */
function demandErased(who: string, outcome: CommandOutcome<unknown, DomainEvent>): void {
  if (outcome.outcome === 'accepted') return;
  const isGone = outcome.outcome === 'rejected' && outcome.rejections.every(({ code }) => GONE.includes(code));
  if (isGone) return;
  if (outcome.outcome === 'rejected') throw new Error(`${who} can't be erased: ${outcome.rejections[0]?.code}`);
  throw new StoreUnavailable(`${who}: ${outcome.outcome}`);
}

const GONE: readonly string[] = ['no-such-person', 'no-such-party'];

const contextOf = ({ participant }: Backbone, key: string): CommandContext => ({
  ...{ participant: participant.oin, client: ERASURES, key, requestHash: key, correlationId: key },
  actor: { system: ERASURES },
});
