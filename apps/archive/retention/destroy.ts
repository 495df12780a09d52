import { setTimeout as delay } from 'node:timers/promises';
import {
  FaultForPeople,
  streamId,
  type Decider,
  type DestructionId,
  type DomainEvent,
  type EvidenceId,
  type Instant,
  type JsonObject,
  type KeyHolder,
  type PersonId,
  type Recorded,
  type StreamCategory,
  type StreamId,
} from '#libs/kernel';
import {
  CannotApply,
  derivedId,
  MAX_IDS_LOOKED_UP,
  StoreUnavailable,
  type CommandContext,
  type DecidedBatch,
  type GivenIndex,
  type NumberedEntry,
  type ProcessManager,
} from '#libs/eventing';
import {
  allRows,
  fewAtOnce,
  forgetDocument,
  keptName,
  legalHoldsProjection,
  type Backbone,
  type KeptObject,
  type LegalHoldRow,
} from '#libs/application';
import {
  destructionDecider,
  evidenceDecider,
  isDecided,
  MAX_DESTROYED_TOGETHER,
  nextAttempt,
  rangesOf,
  type AbandonGround,
  type Destruction,
  type DestroyedObject,
  type DestructionCommand,
  type EntryOfLedger,
  type RecordsDestroyed,
} from '#libs/domain';
import { destroyContactKeys, destroyWhereReached } from '../erasures/where-reached.js';
import { takeAway } from '../evidence/take-away.js';
import { CARRIED_OUT, KNOWN, knowEntry, markEntry } from './ledger-marks.js';

/** Client name under which destructions are recorded, and name of what carries them out. */
export const DESTRUCTIONS = 'destruction-follow-up';

/** The log follows what is recorded within a second (milliseconds). */
const SOON = 5_000;
const LOOK_EVERY = 100;
/** How long a look is good for, by a clock that goes on while a process is stopped (milliseconds). */
const LOOK_HOLDS = 5_000;

/** Kinds whose objects have a key of their own. */
const WITH_KEY: ReadonlySet<string> = new Set(['person', 'document', 'party', 'evidence', 'application']);

/** An object whose time is over; `person`: of a document, whose it is. */
export type DueObject = KeptObject & { readonly person?: string };

/** Looks once more at what is due, at everything that is on record now: why it can't go, or when it was found so. */
export type SecondLook = (
  batch: readonly DueObject[],
) => Promise<
  { readonly isDue: true; readonly at: Instant } | { readonly isDue: false; readonly ground: AbandonGround }
>;

/**
 * Destroys objects whose time is over, those of one batch. `waits`: the transparency log does not have everything of them
 * yet; `held`, `kept`: something came to stand on them since they were found due. Nothing was done then.
 *
 * In this order (ADR 153): the intent; a look behind it, which sees every hold that was set before; all of it in the log; the
 * ledger; a last look, which a process that was stopped since makes again; the fact; and then, by who follows the facts, keys, files and records. A hold that is set behind the intent ends it,
 * or comes behind the fact: the stream of the destruction decides which.
 */
export async function destroyBatch(
  backbone: Backbone,
  due: readonly DueObject[],
  secondLook: SecondLook,
): Promise<'destroyed' | 'waits' | 'held' | 'kept'> {
  const batch = due.slice(0, MAX_DESTROYED_TOGETHER);
  // Nothing is recorded each minute because a log lies behind.
  if ((await placesOf(backbone, batch)) === undefined) return 'waits';
  const names = batch.map(keptName).sort();
  const id = derivedId('destruction', backbone.participant.oin, ...names) as DestructionId;
  const intent = await intend(backbone, id, batch.length);
  if (isDecided(intent)) return 'destroyed';
  if (intent.status !== 'intended') return 'waits';
  const { attempt } = intent;
  const abandon = async (ground: AbandonGround): Promise<void> => {
    const key = `${DESTRUCTIONS}/${id}/abandon/${attempt}`;
    await command(backbone, id, key, { type: 'AbandonDestruction', attempt, ground });
  };
  const look = await secondLook(batch);
  if (!look.isDue) {
    await abandon(look.ground);
    return look.ground === 'legalHold' ? 'held' : 'kept';
  }
  const places = await placesOf(backbone, batch);
  if (places === undefined) {
    await abandon('logBehind');
    return 'waits';
  }
  const data: RecordsDestroyed['data'] = {
    destruction: id,
    reason: 'retentionOver',
    retentionYears: backbone.retention.years,
    objects: batch.map(({ kind, id: object, person }) => ({
      ...{ kind, id: object },
      ...(person === undefined ? {} : { person: person as PersonId }),
    })),
    indexes: rangesOf(places.filter(({ kept }) => kept).map(({ index }) => index)),
    files: await filesOf(backbone, batch),
    destroyedAt: look.at,
  };
  const ledger = await backbone.retention.ledger();
  const entry: DecidedBatch = {
    ...{ is: 'decided', id, attempt, epoch: backbone.identity.epoch, data: data as unknown as JsonObject },
    events: [...new Set(places.map((place) => place.id))],
  };
  const added = await ledger.add(entry);
  await knowEntry(backbone, added);
  // Whatever took long until here, somebody may have come to need him meanwhile.
  const lookedAt = performance.now();
  const last = await secondLook(batch);
  if (!last.isDue) {
    await abandon(last.ground);
    return last.ground === 'legalHold' ? 'held' : 'kept';
  }
  const state = await recordFact(backbone, added, entry, { attempt, lookedAt });
  if (isDecided(state)) return 'destroyed';
  // Somebody has ended it, or makes an attempt of his own.
  return state.status === 'abandoned' ? 'held' : 'waits';
}

/** Records that a batch is looked at, as an attempt of its own. */
async function intend(backbone: Backbone, destruction: DestructionId, objects: number): Promise<Destruction> {
  const stream = streamId('destruction', destruction);
  const { state } = await backbone.commands.load(destructionDecider, stream);
  if (isDecided(state)) return state;
  const attempt = nextAttempt(state);
  // Of two processes one makes the attempt, and the other one finds that it is not his.
  const key = `${DESTRUCTIONS}/${destruction}/intend/${attempt}/${backbone.holder}`;
  // Of the state that it is recorded behind: another one's attempt is never taken for this one.
  const asked = (now: Destruction) =>
    ({ type: 'IntendDestruction', destruction, attempt: nextAttempt(now), objects }) as const;
  return command(backbone, destruction, key, asked);
}

async function command(
  backbone: Backbone,
  destruction: DestructionId,
  key: string,
  asked: DestructionCommand | ((state: Destruction) => DestructionCommand),
): Promise<Destruction> {
  const stream = streamId('destruction', destruction);
  const source = typeof asked === 'function' ? asked : () => asked;
  const outcome = await backbone.commands.execute(destructionDecider, stream, source, contextOf(backbone, key));
  if (outcome.outcome !== 'accepted') {
    throw new StoreUnavailable(`destruction ${destruction}: nothing was recorded: ${outcome.outcome}`);
  }
  return outcome.state;
}

/**
 * Ends every destruction that is under way and not decided yet: for who has set a hold, and can't know whether that was
 * seen. What is due all the same is looked at again.
 */
export async function endIntents(backbone: Backbone, destructions: readonly string[], cause: string): Promise<void> {
  for (const id of destructions) {
    const key = `${DESTRUCTIONS}/${id}/end/${cause}`;
    await command(backbone, id as DestructionId, key, { type: 'AbandonDestruction', ground: 'legalHold' });
  }
}

/** Where the files of what is kept lie. */
async function filesOf({ everything }: Backbone, objects: readonly DueObject[]): Promise<readonly string[]> {
  const streams = objects.flatMap(({ kind, id }) => (kind === 'evidence' ? [streamId('evidence', id)] : []));
  const loaded = await everything.loadAll(evidenceDecider, streams);
  return loaded.flatMap(({ state }) => (state.status === 'none' ? [] : [state.address]));
}

/** A file that was kept gets its end on record, in its own stream. */
async function endEvidence(backbone: Backbone, { kind, id }: DestroyedObject, destroyedAt: Instant): Promise<void> {
  if (kind !== 'evidence') return;
  const outcome = await backbone.everything.execute(
    evidenceDecider,
    streamId('evidence', id as EvidenceId),
    () => ({ type: 'EndRetention', now: destroyedAt }),
    contextOf(backbone, `${DESTRUCTIONS}/evidence/${id}`),
  );
  // A register that was restored to before the file has nothing to end.
  if (outcome.outcome === 'accepted' || outcome.outcome === 'rejected') return;
  throw new StoreUnavailable(`evidence ${id}: ${outcome.outcome}`);
}

/** Only what was recorded is asked for, whatever it says. */
const anyStream: Decider<null, never, DomainEvent> = {
  initialState: null,
  decide: () => {
    throw new Error('nothing is decided here');
  },
  evolve: () => null,
};

/** Every event of the streams of these objects. */
async function eventsOf({ everything }: Backbone, objects: readonly DueObject[]): Promise<readonly string[]> {
  const streams = objects.flatMap(({ kind, id }): StreamId[] =>
    kind === 'document' ? [] : [streamId(kind as Exclude<StreamCategory, 'installation'>, id)],
  );
  const loaded = await everything.loadAll(anyStream, streams);
  return loaded.flatMap(({ history }) => history.map(({ metadata }) => metadata.id as string));
}

/**
 * Where the records of these streams are in the transparency log, all of each stream; `undefined` where one of them is not in
 * it yet: a stream is never destroyed in part.
 */
async function placesOf(backbone: Backbone, objects: readonly DueObject[]): Promise<readonly GivenIndex[] | undefined> {
  const { log } = backbone;
  const ids = await eventsOf(backbone, objects);
  const found: GivenIndex[] = [];
  for (let from = 0; from < ids.length; from += MAX_IDS_LOOKED_UP) {
    found.push(...(await log.table.indexesOf(ids.slice(from, from + MAX_IDS_LOOKED_UP))));
  }
  const there = new Set(found.map(({ id }) => id));
  return ids.every((id) => there.has(id)) ? found : undefined;
}

/** Makes an entry of the ledger a fact. Without a look: it is known to have been one. */
async function recordFact(
  backbone: Backbone,
  { number, digest }: EntryOfLedger,
  { id, attempt: decidedIn, data }: DecidedBatch,
  look?: { readonly attempt: number; readonly lookedAt: number },
): Promise<Destruction> {
  const { destruction: _id, ...said } = data as unknown as RecordsDestroyed['data'];
  const destruction = id as DestructionId;
  return command(backbone, destruction, `${DESTRUCTIONS}/${id}/${decidedIn}`, () => {
    if (look !== undefined && performance.now() - look.lookedAt > LOOK_HOLDS) {
      throw new StoreUnavailable(`destruction ${id}: what was seen is too old by now`);
    }
    return {
      ...({ type: 'RecordDestruction', destruction, ...said, ledger: { number, digest } } as const),
      ...(look === undefined ? {} : { attempt: look.attempt }),
    };
  });
}

const contextOf = ({ participant }: Backbone, key: string): CommandContext => ({
  ...{ participant: participant.oin, client: DESTRUCTIONS, key, requestHash: key, correlationId: key },
  actor: { system: DESTRUCTIONS },
});

/** Takes away keys, what people are found by, and files. Again: the same. */
async function destroyKeysAndFiles(
  backbone: Backbone,
  { objects, files }: Pick<RecordsDestroyed['data'], 'objects' | 'files'>,
): Promise<void> {
  await fewAtOnce(objects, async ({ kind, id, person }: DestroyedObject) => {
    if (kind === 'document' && person !== undefined) await forgetDocument(backbone, person, id);
    if (WITH_KEY.has(kind)) await backbone.secrets.destroy({ kind, id } as KeyHolder);
  });
  await fewAtOnce(files, (address) => takeAway(backbone, address));
}

/** Why a hold stood that was lifted since says something of whom it was about: that goes with him. */
async function destroyHoldReasons(backbone: Backbone, objects: readonly DestroyedObject[]): Promise<void> {
  const { readModels, secrets } = backbone;
  await readModels.upToDate(legalHoldsProjection as never);
  await fewAtOnce(objects, async (object) => {
    const rows = await allRows<LegalHoldRow>(readModels.store, legalHoldsProjection as never, [
      { column: 'on', is: 'equal', value: keptName(object as KeptObject) },
    ]);
    for (const { id } of rows) await secrets.destroy({ kind: 'legalHold', id });
  });
}

/**
 * Carries destructions out: first the ledger is told that the batch is a fact, then keys (those of where somebody was reached
 * first: they are found by what is still on record of him) and files go, records and salts when
 * the fact that excuses them is itself in the transparency log, and it is said that all of it is gone. So the log is complete
 * at every moment.
 */
export function destructions(backbone: Backbone): ProcessManager {
  // A step that is tried again says it once: the ledger does not grow while a store is away.
  const told = new Set<string>();
  const reached = new Set<string>();
  return {
    name: DESTRUCTIONS,
    handles: ['RecordsDestroyed'],
    mayLag: true,
    async react(event) {
      const data = event.data as RecordsDestroyed['data'];
      const { destruction, destroyedAt } = data;
      const fact = event.metadata.id;
      const { state, history } = await backbone.commands.load(destructionDecider, streamId('destruction', destruction));
      // What a store lost that went back since it was read is no fact, also where another one was recorded in its place.
      if (!history.some(({ metadata }) => metadata.id === fact)) {
        throw new StoreUnavailable(`destruction ${destruction}: the fact is not on record any more`);
      }
      // Gone through again, after a restored backup: the ledger was told then.
      const isAgain = state.status === 'destroyed';
      if (!isAgain && !told.has(fact)) await tellLedger(backbone, event);
      told.add(fact);
      if (!reached.has(fact)) await destroyWhereReached(backbone, data, isAgain);
      reached.add(fact);
      await destroyKeysAndFiles(backbone, data);
      await destroyHoldReasons(backbone, data.objects);
      await fewAtOnce(data.objects, (object) => endEvidence(backbone, object, destroyedAt));
      const events = await eventsOf(backbone, data.objects as readonly DueObject[]);
      for (const until = performance.now() + SOON; ; await delay(LOOK_EVERY)) {
        if (await destroyRecords(backbone, events, data, fact)) break;
        if (performance.now() > until) throw new StoreUnavailable('the log does not have a destruction yet');
      }
      const key = `${DESTRUCTIONS}/${destruction}/complete/${fact}`;
      await command(backbone, destruction, key, { type: 'CompleteDestruction' });
      told.delete(fact);
      reached.delete(fact);
    },
  };
}

/** Says in the ledger, before anything is destroyed, that its entry became a fact. */
async function tellLedger(
  { retention }: Backbone,
  { data, metadata, position, type }: Recorded<DomainEvent>,
): Promise<void> {
  const { ledger: named } = data as RecordsDestroyed['data'];
  if (named === undefined) return;
  const ledger = await retention.ledger();
  const found = await ledger.at(named.number);
  if (found?.digest !== named.digest || found.entry.is !== 'decided') {
    const why = `the ledger of destructions does not have entry ${named.number} as the fact names it`;
    throw new CannotApply(why, position, type);
  }
  await ledger.add({ is: 'recorded', of: named.number, fact: metadata.id });
}

/**
 * Takes records and salts of these events away that the fact names. Answers false, and does nothing, where the log does not
 * have what excuses that (yet). A log whose indexes began anew has others' records at those: they stay.
 */
async function destroyRecords(
  { log: { table } }: Backbone,
  events: readonly string[],
  { indexes }: Pick<RecordsDestroyed['data'], 'indexes'>,
  excusedBy: string,
): Promise<boolean> {
  const places = await table.indexesOf([excusedBy]);
  if (places.length === 0) return false;
  const isNamed = (index: number): boolean => indexes.some(({ first, last }) => first <= index && index <= last);
  for (let from = 0; from < events.length; from += MAX_IDS_LOOKED_UP) {
    const given = await table.indexesOf(events.slice(from, from + MAX_IDS_LOOKED_UP));
    const named = given.filter(({ index, kept }) => kept && isNamed(index)).map(({ index }) => index);
    for (let at = 0; at < named.length; at += MAX_IDS_LOOKED_UP) {
      await table.destroy(named.slice(at, at + MAX_IDS_LOOKED_UP));
    }
  }
  return true;
}

/** The ledger lacks what this register knows to be in it. */
export class LedgerRefused extends FaultForPeople {
  override readonly name = 'LedgerRefused';
}

/** Refuses a ledger that is older than what this register knows of it, or another one. */
async function demandNewestKnown(backbone: Backbone): Promise<void> {
  const { checkpoints, retention, identity } = backbone;
  const known = await checkpoints.read(KNOWN);
  if (known === undefined || known.store !== identity.store) return;
  const number = Number(known.position);
  const found = await (await retention.ledger()).at(number);
  if (found !== undefined && found.digest === known.event) return;
  throw new LedgerRefused(
    `The ledger of destructions ${found === undefined ? 'ends before' : 'has another'} entry ${number}, which this register ` +
      'knows: it was lost, put back to an older state, or is that of a copy. Put back the newest copy of the folder of ' +
      'DESTRUCTIONS_DIR; without it, what was destroyed would come back with the next backup.',
  );
}

/** Where what is carried out already ends, in this register as it is: 0 in one that was restored. */
async function carriedOut({ checkpoints, identity, retention }: Backbone): Promise<number> {
  const mark = await checkpoints.read(CARRIED_OUT);
  if (mark === undefined || mark.store !== identity.store || mark.epoch !== identity.epoch) return 0;
  const number = Number(mark.position);
  const found = await (await retention.ledger()).at(number);
  return found?.digest === mark.event ? number : 0;
}

/**
 * Does everything again that became a fact by the ledger, before anything is answered: a register or a key store that was
 * restored from an older backup has what was destroyed since, and does not know that it was. What was only decided on is not
 * carried out: it is judged anew with its next look. Begins behind what this register has had carried out already. Answers
 * how many batches there were.
 */
export async function replayLedger(backbone: Backbone): Promise<number> {
  await demandNewestKnown(backbone);
  const ledger = await backbone.retention.ledger();
  let batches = 0;
  let last: NumberedEntry | undefined;
  const undecided = new Set<number>();
  for await (const numbered of ledger.after(await carriedOut(backbone))) {
    last = numbered;
    const { entry, number } = numbered;
    if (entry.is === 'decided') {
      undecided.add(number);
      continue;
    }
    if (entry.is === 'erased') {
      await destroyContactKeys(backbone, entry);
      continue;
    }
    undecided.delete(entry.of);
    const decided = await ledger.at(entry.of);
    if (decided?.entry.is !== 'decided') {
      throw new LedgerRefused(
        `Entry ${number} of the ledger of destructions names entry ${entry.of}, which is no batch.`,
      );
    }
    await carryOut(backbone, decided, decided.entry, entry.fact);
    batches += 1;
  }
  for (const number of undecided) await tellDropped(backbone, (await ledger.at(number))!);
  if (last !== undefined) {
    await markEntry(backbone, KNOWN, last);
    await markEntry(backbone, CARRIED_OUT, last);
  }
  return batches;
}

async function carryOut(backbone: Backbone, at: EntryOfLedger, entry: DecidedBatch, fact: string): Promise<void> {
  const data = entry.data as unknown as RecordsDestroyed['data'];
  await recordFact(backbone, at, entry);
  await destroyKeysAndFiles(backbone, data);
  // What the log does not have yet is done by who follows the facts.
  await destroyRecords(backbone, entry.events, data, fact);
}

/** Says of a batch that was decided on and did not become a fact here that nothing of it is destroyed. */
async function tellDropped(backbone: Backbone, { number, entry }: NumberedEntry): Promise<void> {
  if (entry.is !== 'decided') return;
  const { state } = await backbone.commands.load(destructionDecider, streamId('destruction', entry.id));
  // A fact that is about to be carried out by who follows the facts.
  if (isDecided(state)) return;
  backbone.onTrouble(DESTRUCTIONS, new EntryDropped(number, entry), false);
}

/** Told as a trouble: nothing is destroyed by an entry that never became a fact; its objects are judged anew. */
export class EntryDropped extends Error {
  override readonly name = 'EntryDropped';
  constructor(number: number, { id, epoch }: DecidedBatch) {
    super(
      `entry ${number} of the ledger (batch ${id}, epoch ${epoch}) did not become a fact: its objects are judged anew`,
    );
  }
}
