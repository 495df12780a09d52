import { streamId, type Instant, type Rejection, type StreamId } from '#libs/kernel';
import type { CommandContext, CommandHandler, CommandOutcome, LoadedObject } from '#libs/eventing';
import { commandContext, fewAtOnce, type Backbone, type CommandRequest } from '#libs/application';
import { checkDecider, mostChecks, rejectCheck, type Check, type CheckEvent, type CheckFacts } from '#libs/domain';
import { isPlainObject, MAX_FAULTS, validate, type Fault, type Sender, type Validated } from '#libs/platform';
import { readCheck, type ReadCheck } from './check-validator.js';
import { judgeReferences } from './judge-references.js';
import { RecordBatchRequest } from './record-batch.request.js';
import {
  checkId,
  checksOf,
  holderOfWords,
  judgeRead,
  recordAs,
  standsAgainst,
  type JudgedCheck,
} from './record-check.handler.js';

/*
 * Several checks in one request (ADR 82). All are judged before the first is recorded; then each goes to its own stream, in
 * order, so that an earlier request with the same key that was interrupted got as far as its first check or nowhere.
 */

export interface JudgedBatch {
  readonly items: readonly JudgedCheck[];
  /** What the body has beside them: nothing, but in one that comes again and is not judged any more. */
  readonly besides: object;
  /** An earlier request with this key recorded the first of them. */
  readonly begun: boolean;
}

type Outcome = CommandOutcome<Check, CheckEvent>;

const at = (index: number, pointer = ''): string => `/items/${index}${pointer}`;

const streamOf = (backbone: Backbone, client: string, key: string, ordinal: number) =>
  streamId('check', checkId(backbone, client, key, ordinal));

/** Every fault of every check at once. */
export async function judgeBatch(backbone: Backbone, body: unknown, sender: Sender): Promise<Validated<JudgedBatch>> {
  const own = validate(RecordBatchRequest, body).faults;
  // What has more faults than are told is looked at no further, nor is a list of another length.
  if (own.length > MAX_FAULTS) return { faults: own };
  const isReadable = !own.some(({ pointer }) => pointer === '' || pointer === '/items');
  const { items, ...besides } = (isReadable ? body : { items: [] }) as { readonly items: readonly unknown[] };
  const read = items.map(readCheck);
  const faults = [...own, ...read.flatMap((one, index) => one.faults.map((fault) => placed(fault, index)))];

  if (sender.replayed === true && isReadable && read.every(({ check }) => isPlainObject(check))) {
    return { value: { items: read.map(unjudged), besides, begun: true }, faults: [] };
  }
  if (faults.length > MAX_FAULTS) return { faults };
  const begunAt = faults.length > 0 ? undefined : await begun(backbone, sender);
  if (begunAt !== undefined) {
    return { value: { items: await remaining(backbone, read, sender, begunAt), besides, begun: true }, faults: [] };
  }
  const now = backbone.now();
  const reading = readingOnce(backbone);
  const judged = await fewAtOnce(read, (one) => judgeRead(reading, one, now));
  const all = [...own, ...judged.flatMap((one, index) => one.faults.map((fault) => placed(fault, index)))];
  if (all.length > 0) return { faults: all };
  return { value: { items: judged.flatMap(({ value }) => value ?? []), besides, begun: false }, faults: [] };
}

/** Checks of a batch are mostly about the same people and things: each is read once. */
function readingOnce(backbone: Backbone): Backbone {
  const { commands } = backbone;
  const known = new Map<StreamId, Promise<LoadedObject<unknown>>>();
  const load: CommandHandler['load'] = (decider, stream) => {
    const before = known.get(stream);
    if (before !== undefined) return before as ReturnType<typeof load<never, never>>;
    const loading = commands.load(decider, stream);
    known.set(stream, loading);
    return loading;
  };
  return { ...backbone, commands: { ...commands, load } };
}

const placed = (fault: Fault, index: number): Fault => ({ ...fault, pointer: at(index, fault.pointer) });

const unjudged = ({ check }: ReadCheck): JudgedCheck => ({ check: check as JudgedCheck['check'] });

/** When an earlier request with this key recorded its first check. */
async function begun(backbone: Backbone, { client, key }: Sender): Promise<Instant | undefined> {
  if (key === undefined) return undefined;
  const { history } = await backbone.commands.load(checkDecider, streamOf(backbone, client, key, 0));
  return history[0]?.recordedAt;
}

/**
 * What is left to record of a batch that was accepted before. It was judged then: what has changed since, an entry of a
 * list or the time, does not leave it in two.
 */
async function remaining(
  backbone: Backbone,
  read: readonly ReadCheck[],
  { client, key }: Sender,
  judgedAt: Instant,
): Promise<readonly JudgedCheck[]> {
  const streams = read.map((_, index) => streamOf(backbone, client, key!, index));
  const onRecord = await backbone.commands.loadAll(checkDecider, streams);
  const reading = readingOnce(backbone);
  return fewAtOnce([...read.entries()], async ([index, one]) => {
    if (onRecord[index]!.state.status === 'recorded') return unjudged(one);
    const { application, meansAppliedAt } = await judgeReferences(reading, one.check as object, () => true);
    // Another body than the one of that time, which its first check finds out.
    if (application === undefined) return unjudged(one);
    return {
      ...unjudged(one),
      onRecord: { application, ...(meansAppliedAt === undefined ? {} : { meansAppliedAt }) },
      judgedAt,
    };
  });
}

/** Records checks that were judged to have no faults, in their order, up to the first no: its outcome is the last. */
export async function recordBatch(
  backbone: Backbone,
  request: CommandRequest,
  { items, besides, begun: isBegun }: JudgedBatch,
): Promise<readonly Outcome[]> {
  const { client, idempotencyKey: key } = request;
  const ids = items.map((_, index) => checkId(backbone, client, key, index));
  const words = await fewAtOnce([...items.entries()], ([index, item]) => holderOfWords(backbone, item, ids[index]!));
  // Words are hashed under the key that they are sealed with: a hash of all holds none of them once that is gone.
  const hashes: string[] = [];
  for (const [index, { check }] of items.entries()) {
    hashes.push((await commandContext(backbone, request, 'RecordCheck', check, words[index])).requestHash);
  }
  const whole = { ...besides, items: hashes };
  const plain = await commandContext(backbone, request, 'RecordBatch', whole);
  const contextOf = async (index: number): Promise<CommandContext> =>
    words[index] === undefined ? plain : commandContext(backbone, request, 'RecordBatch', whole, words[index]);

  const full = isBegun ? [] : await withoutRoom(backbone, request, items);
  if (full.length > 0) return [{ outcome: 'rejected', rejections: full }];
  const outcomes: Outcome[] = [];
  for (const [index, judged] of items.entries()) {
    const outcome = await recordAs(backbone, ids[index]!, judged, await contextOf(index));
    outcomes.push(
      outcome.outcome === 'rejected' ? { ...outcome, rejections: outcome.rejections.map(placedAt(index)) } : outcome,
    );
    if (outcome.outcome !== 'accepted') break;
  }
  return outcomes;
}

const placedAt =
  (index: number) =>
  (rejection: Rejection): Rejection => ({ ...rejection, pointer: at(index, rejection.pointer) });

/** Those for which their applications have no room (ADR 76), as if one came after the other. */
async function withoutRoom(
  backbone: Backbone,
  { client, idempotencyKey: key }: CommandRequest,
  items: readonly JudgedCheck[],
): Promise<readonly Rejection[]> {
  const held = new Map<string, number>();
  for (const { check } of items) {
    const { application } = check;
    if (!held.has(application)) held.set(application, await checksOf(backbone, application));
  }
  // Read after the count: what a twin of this request has recorded is counted, and is not recorded again.
  const streams = items.map((_, index) => streamOf(backbone, client, key, index));
  const onRecord = await backbone.commands.loadAll(checkDecider, streams);
  return items.flatMap(({ check }, index) => {
    if (onRecord[index]!.state.status === 'recorded') return [];
    const most = mostChecks(standsAgainst(check as CheckFacts));
    const before = held.get(check.application)!;
    if (before >= most) return [rejectCheck('application-full', { pointer: at(index), facts: { most } })];
    held.set(check.application, before + 1);
    return [];
  });
}
