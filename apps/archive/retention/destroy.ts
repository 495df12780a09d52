import { setTimeout as delay } from 'node:timers/promises';
import {
  streamId,
  type Decider,
  type DestructionId,
  type DomainEvent,
  type EvidenceId,
  type JsonObject,
  type KeyHolder,
  type PersonId,
  type StreamCategory,
  type StreamId,
} from '#libs/kernel';
import {
  derivedId,
  MAX_IDS_LOOKED_UP,
  StoreUnavailable,
  type CommandContext,
  type GivenIndex,
  type LedgerEntry,
  type ProcessManager,
} from '#libs/eventing';
import { fewAtOnce, forgetDocument, type Backbone, type KeptObject } from '#libs/application';
import {
  destructionDecider,
  evidenceDecider,
  MAX_DESTROYED_TOGETHER,
  rangesOf,
  type DestroyedObject,
  type RecordsDestroyed,
} from '#libs/domain';

/** Client name under which destructions are recorded, and name of what carries them out. */
export const DESTRUCTIONS = 'destruction-follow-up';

/** The log follows what is recorded within a second (milliseconds). */
const SOON = 5_000;
const LOOK_EVERY = 100;

/** Kinds whose objects have a key of their own. */
const WITH_KEY: ReadonlySet<string> = new Set(['person', 'document', 'party', 'evidence', 'application']);

/** An object whose time is over; `person`: of a document, whose it is. */
export type DueObject = KeptObject & { readonly person?: string };

/**
 * Destroys objects whose time is over, those of one batch: what can be destroyed now. `waits`: the transparency log does not
 * have everything of them yet, so that nothing was done.
 *
 * In this order, so that a crash anywhere leaves something to go on from: the ledger, the fact, and then, by who follows the
 * facts, keys, files and records. From the ledger on it is decided: a start brings it to its end.
 */
export async function destroyBatch(backbone: Backbone, due: readonly DueObject[]): Promise<'destroyed' | 'waits'> {
  const batch = due.slice(0, MAX_DESTROYED_TOGETHER);
  const files = (await fewAtOnce(batch, (object) => endEvidence(backbone, object))).flat();
  const places = await placesOf(backbone, batch);
  if (places === undefined) return 'waits';
  const names = batch.map(({ kind, id }) => `${kind}/${id}`).sort();
  const id = derivedId('destruction', backbone.participant.oin, ...names) as DestructionId;
  const data: RecordsDestroyed['data'] = {
    destruction: id,
    reason: 'retentionOver',
    retentionYears: backbone.retention.years,
    objects: batch.map(({ kind, id: object, person }) => ({
      ...{ kind, id: object },
      ...(person === undefined ? {} : { person: person as PersonId }),
    })),
    indexes: rangesOf(places.filter(({ kept }) => kept).map(({ index }) => index)),
    files,
    destroyedAt: backbone.now(),
  };
  const ledger = await backbone.retention.ledger();
  await recordDestruction(backbone, await ledger.add({ id, data: data as unknown as JsonObject }));
  return 'destroyed';
}

/** A file that is kept gets its end on record, in its own stream; answers where it lies. */
async function endEvidence(backbone: Backbone, { kind, id }: DueObject): Promise<readonly string[]> {
  if (kind !== 'evidence') return [];
  const stream = streamId('evidence', id as EvidenceId);
  const key = `${DESTRUCTIONS}/evidence/${id}`;
  const outcome = await backbone.commands.execute(
    evidenceDecider,
    stream,
    () => ({ type: 'EndRetention', now: backbone.now() }),
    contextOf(backbone, key),
  );
  if (outcome.outcome !== 'accepted') throw new StoreUnavailable(`evidence ${id}: ${outcome.outcome}`);
  return outcome.state.status === 'none' ? [] : [outcome.state.address];
}

/** Only what was recorded is asked for, whatever it says. */
const anyStream: Decider<null, never, DomainEvent> = {
  initialState: null,
  decide: () => {
    throw new Error('nothing is decided here');
  },
  evolve: () => null,
};

/**
 * Where the records of these streams are in the transparency log, all of each stream; `undefined` where one of them is not in
 * it yet: a stream is never destroyed in part.
 */
async function placesOf(
  { commands, log }: Backbone,
  objects: readonly DueObject[],
): Promise<readonly GivenIndex[] | undefined> {
  const streams = objects.flatMap(({ kind, id }): StreamId[] =>
    kind === 'document' ? [] : [streamId(kind as Exclude<StreamCategory, 'installation'>, id)],
  );
  const loaded = await commands.loadAll(anyStream, streams);
  const ids = loaded.flatMap(({ history }) => history.map(({ metadata }) => metadata.id as string));
  const found: GivenIndex[] = [];
  for (let from = 0; from < ids.length; from += MAX_IDS_LOOKED_UP) {
    found.push(...(await log.table.indexesOf(ids.slice(from, from + MAX_IDS_LOOKED_UP))));
  }
  const there = new Set(found.map(({ id }) => id));
  return ids.every((id) => there.has(id)) ? found : undefined;
}

async function recordDestruction(backbone: Backbone, { id, data }: LedgerEntry): Promise<void> {
  const { destruction: _id, ...said } = data as unknown as RecordsDestroyed['data'];
  const destruction = id as DestructionId;
  const outcome = await backbone.commands.execute(
    destructionDecider,
    streamId('destruction', destruction),
    () => ({ type: 'RecordDestruction', destruction, ...said }),
    contextOf(backbone, `${DESTRUCTIONS}/${id}`),
  );
  if (outcome.outcome !== 'accepted') {
    throw new StoreUnavailable(`destruction ${id} could not be recorded: ${outcome.outcome}`);
  }
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
  if (files.length === 0) return;
  const kept = await backbone.evidence.files();
  for (const address of files) await kept.remove(address);
}

/**
 * Carries destructions out: keys and files at once, records and salts when the fact that excuses them is itself in the
 * transparency log. So the log is complete at every moment.
 */
export const destructions = (backbone: Backbone): ProcessManager => ({
  name: DESTRUCTIONS,
  handles: ['RecordsDestroyed'],
  mayLag: true,
  async react(event) {
    const data = event.data as RecordsDestroyed['data'];
    await destroyKeysAndFiles(backbone, data);
    for (const until = performance.now() + SOON; ; await delay(LOOK_EVERY)) {
      if (await destroyRecords(backbone, data, event.metadata.id)) return;
      if (performance.now() > until) throw new StoreUnavailable('the log does not have a destruction yet');
    }
  },
});

/** Takes away records and salts. Answers false, and does nothing, where the log does not have what excuses that (yet). */
async function destroyRecords(
  { log: { table } }: Backbone,
  { indexes }: Pick<RecordsDestroyed['data'], 'indexes'>,
  excusedBy: string,
): Promise<boolean> {
  const places = await table.indexesOf([excusedBy]);
  if (places.length === 0) return false;
  const all = indexes.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, nth) => first + nth));
  for (let from = 0; from < all.length; from += MAX_IDS_LOOKED_UP) {
    await table.destroy(all.slice(from, from + MAX_IDS_LOOKED_UP));
  }
  return true;
}

/**
 * Does everything again that the ledger says, before anything is answered: a register or a key store that was restored from an
 * older backup has what was destroyed since, and does not know that it was. Answers how many batches there are.
 */
export async function replayLedger(backbone: Backbone): Promise<number> {
  const ledger = await backbone.retention.ledger();
  let batches = 0;
  for await (const entry of ledger.all()) {
    const data = entry.data as unknown as RecordsDestroyed['data'];
    await destroyKeysAndFiles(backbone, data);
    await recordDestruction(backbone, entry);
    const { history } = await backbone.commands.load(anyStream, streamId('destruction', entry.id));
    // What the log does not have yet is done by who follows the facts.
    await destroyRecords(backbone, data, history[0]!.metadata.id);
    batches += 1;
  }
  return batches;
}
