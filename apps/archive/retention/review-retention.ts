import {
  epochOf,
  INSTALLATION_STREAM,
  instantFromEpoch,
  later,
  type DomainEvent,
  type Instant,
  type Recorded,
} from '#libs/kernel';
import type { Chore, DueItem, Performed, ProcessManager } from '#libs/eventing';
import {
  allRows,
  fewAtOnce,
  heldNow,
  keptName,
  keptObject,
  legalHoldsProjection,
  looksFor,
  retentionOf,
  retentionProjection,
  TYING_EVENTS,
  type Backbone,
  type KeptKind,
  type KeptName,
  type RetentionRow,
} from '#libs/application';
import { installationDecider } from '#libs/domain';
import { retainedUntil } from '#libs/scheme';
import { destroyBatch, type DueObject, type SecondLook } from './destroy.js';
import type { RegisterClock } from './register-clock.js';

/** Name of what plans the looks. */
export const RETENTION = 'retention-plan';
/** Kind of the work that waits for the end of what is kept. */
export const RETENTION_REVIEW = 'retention-review';

/** While a legal hold stands, or nothing is destroyed here; and while the transparency log is behind (milliseconds). */
const LOOK_DAILY = 24 * 3_600_000;
const LOOK_SOON = 60_000;
/** After a backup was restored: the legal holds that it did not have are set again first (milliseconds). */
const PAUSES_FOR = 30 * LOOK_DAILY;

/**
 * Plans a look at everything that is kept, at the earliest moment at which its time can be over, with every fact of it: what has
 * one already keeps that. Whatever is found then, the next look is at the earliest moment again: nothing is looked at every day
 * because it is old.
 */
export const retentionScheduling = (backbone: Backbone): ProcessManager => ({
  name: RETENTION,
  handles: TYING_EVENTS,
  mayLag: true,
  react: (event) => backbone.dueWork.enqueue(plannedFor(backbone, event)),
  reactTogether: (events) => backbone.dueWork.enqueue(events.flatMap((event) => plannedFor(backbone, event))),
});

function plannedFor({ retention }: Backbone, event: Recorded<DomainEvent>): readonly DueItem[] {
  const dueAt = instantFromEpoch(retainedUntil(epochOf(event.recordedAt), retention.years));
  return looksFor(event).map((id) => ({ kind: RETENTION_REVIEW, id, group: id, dueAt, payload: {} }));
}

/** What came of a look. */
export type ReviewOutcome = 'destroyed' | 'due' | 'paused' | 'kept' | 'held' | 'waits' | 'failed';

/** Destroys what is due by the clock, in the process that has the turn (ARCH-11). */
export const retentionReviews = (
  backbone: Backbone,
  clock: RegisterClock,
  told: (outcome: ReviewOutcome) => void,
): Chore => ({
  kind: RETENTION_REVIEW,
  perLane: 2,
  together: 2,
  keepFor: 24 * 3_600_000,
  async perform({ id }, signal): Promise<Performed> {
    try {
      return await review(backbone, clock, id as KeptName, told);
    } catch (error) {
      if (!signal.aborted) told('failed');
      throw error;
    }
  },
});

/** Kinds that hang on another, and are looked at with it. */
const HANGING: Partial<Record<KeptKind, readonly KeptKind[]>> = {
  application: ['check', 'evidence'],
  person: ['document'],
  authorization: ['confirmation'],
  means: ['confirmation'],
};

/** What is found of each object, by everything that is on record. */
async function judged(backbone: Backbone, clock: RegisterClock, objects: readonly KeptName[]) {
  const { readModels, retention } = backbone;
  await Promise.all([retentionProjection, legalHoldsProjection].map((each) => readModels.upToDate(each as never)));
  const at = await clock.refreshed();
  const held = await heldNow(backbone);
  const answers = await fewAtOnce(objects, async (object) => {
    const answer = await retentionOf(readModels.store, object, { at, years: retention.years, held });
    return { object, answer };
  });
  return { at, answers };
}

/** Looks again at what was found due; what is gone meanwhile is not kept by that. */
const secondLook =
  (backbone: Backbone, clock: RegisterClock): SecondLook =>
  async (batch) => {
    const { at, answers } = await judged(backbone, clock, batch.map(keptName));
    const isHeld = answers.some(({ answer }) => answer.is === 'kept' && answer.isHeld);
    if (answers.every(({ answer }) => answer.is === 'over')) return { isDue: true, at };
    return { isDue: false, ground: isHeld ? 'legalHold' : 'kept' };
  };

async function review(
  backbone: Backbone,
  clock: RegisterClock,
  name: KeptName,
  told: (outcome: ReviewOutcome) => void,
): Promise<Performed> {
  const { readModels, retention } = backbone;
  await readModels.upToDate(retentionProjection as never);
  const objects = await hangingOn(backbone, name);
  const { at, answers } = await judged(backbone, clock, objects);
  const due = answers.filter(({ answer }) => answer.is === 'over').map(({ object }) => object);
  const kept = answers.flatMap(({ answer }) => (answer.is === 'kept' ? [answer] : []));
  if (due.length > 0 && !retention.destroys) {
    told('due');
    return { is: 'again', at: later(at, LOOK_DAILY), reason: 'due' };
  }
  if (due.length > 0 && (await isPaused(backbone, at))) {
    told('paused');
    return { is: 'again', at: later(at, LOOK_DAILY), reason: 'paused' };
  }
  if (due.length > 0) {
    const outcome = await destroyBatch(backbone, await withOwners(backbone, due), secondLook(backbone, clock));
    told(outcome);
    // What did not fit into one batch, and what the log has not taken yet, comes with the next look.
    return { is: 'again', at: later(at, LOOK_SOON), reason: outcome };
  }
  if (kept.length === 0) return { is: 'done' };
  const isHeld = kept.some((answer) => answer.isHeld);
  told(isHeld ? 'held' : 'kept');
  const next = kept.map(({ notBefore, isHeld: ofIt }) => (ofIt ? later(at, LOOK_DAILY) : notBefore)).sort()[0]!;
  return { is: 'again', at: next > at ? next : later(at, LOOK_SOON), reason: isHeld ? 'held' : 'kept' };
}

/** A hold that was set after the backup is not in it, and nobody but who set it knows that it stood. */
async function isPaused({ commands }: Backbone, at: Instant): Promise<boolean> {
  const { history } = await commands.load(installationDecider, INSTALLATION_STREAM);
  const restored = history.findLast(({ type }) => type === 'StoreRestored');
  return restored !== undefined && at < later(restored.recordedAt, PAUSES_FOR);
}

/** The object, where it is not gone, and what hangs on it. */
async function hangingOn({ readModels: { store } }: Backbone, name: KeptName): Promise<readonly KeptName[]> {
  const { kind } = keptObject(name);
  const own = await store.find<RetentionRow>(retentionProjection, name);
  const kinds = HANGING[kind] ?? [];
  const column = kinds.includes('confirmation') ? 'goesWith' : 'restsOn';
  const rows =
    kinds.length === 0
      ? []
      : await allRows<RetentionRow>(store, retentionProjection as never, [
          { column, is: 'containing', value: name },
          { column: 'kind', is: 'one-of', values: kinds },
        ]);
  return [...(own === undefined ? [] : [name]), ...rows.map(({ id }) => id as KeptName)];
}

/** Documents with whose they are. */
async function withOwners(
  { readModels: { store } }: Backbone,
  names: readonly KeptName[],
): Promise<readonly DueObject[]> {
  const rows = await store.load<RetentionRow>(retentionProjection, names);
  return names.map((name) => {
    const object = keptObject(name);
    const owner = rows.get(name)?.restsOn.find((one) => one.startsWith('person/'));
    return object.kind === 'document' && owner !== undefined ? { ...object, person: keptObject(owner).id } : object;
  });
}
