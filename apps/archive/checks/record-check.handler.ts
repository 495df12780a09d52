import { streamId, type CheckId, type Instant } from '#libs/kernel';
import { derivedId, type CommandContext, type CommandOutcome } from '#libs/eventing';
import { answerOf, commandContext, isReceived, type Backbone, type CommandRequest } from '#libs/application';
import {
  checkDecider,
  judgeMoments,
  momentsOf,
  type Check,
  type CheckEvent,
  type CheckFacts,
  type ReceivedApplication,
  type StoredCheck,
} from '#libs/domain';
import { isPlainObject, type Fault, type Sender, type Validated } from '#libs/platform';
import { applicationsProjection } from '../applications/applications.projection.js';
import { readCheck, type ReadCheck } from './check-validator.js';
import { judgeReferences } from './judge-references.js';

/** A check without faults, with what is on record about its surroundings; of a retry nothing is looked up. */
export interface JudgedCheck {
  readonly check: StoredCheck;
  readonly onRecord?: Surroundings;
  /** When its moments were judged, where that was in an earlier request. */
  readonly judgedAt?: Instant;
}

export interface Surroundings {
  readonly application: ReceivedApplication;
  readonly meansAppliedAt?: Instant;
}

/** Id of the check that a key makes; of several in one request each has its `ordinal`. */
export const checkId = (backbone: Backbone, client: string, key: string, ordinal?: number): CheckId =>
  derivedId(
    ...(['check', backbone.participant.oin, client, key] as const),
    ...(ordinal === undefined ? [] : [String(ordinal)]),
  ) as CheckId;

/** Every fault of a check at once: of its form, of what it names, and of its moments. */
export async function judgeCheck(backbone: Backbone, body: unknown, sender: Sender): Promise<Validated<JudgedCheck>> {
  const read = readCheck(body);
  if (!isPlainObject(read.check)) return { faults: read.faults };
  if (sender.replayed === true) return { value: { check: read.check as unknown as StoredCheck }, faults: [] };
  const before =
    sender.key === undefined || read.faults.length > 0
      ? undefined
      : await backbone.commands.load(checkDecider, streamId('check', checkId(backbone, sender.client, sender.key)));
  if (before?.state.status === 'recorded')
    return { value: { check: read.check as unknown as StoredCheck }, faults: [] };
  return judgeRead(backbone, read, backbone.now());
}

/** The same of a check that was read, and that no retry brought. */
export async function judgeRead(backbone: Backbone, read: ReadCheck, now: Instant): Promise<Validated<JudgedCheck>> {
  if (!isPlainObject(read.check)) return { faults: read.faults };
  // A fault of the whole check is one between its members: each of them may be sound.
  const faulty = new Set(read.faults.map(({ pointer }) => pointer).filter((pointer) => pointer !== ''));
  const isSound = (pointer: string): boolean =>
    pointer.split('/').every((_, index, names) => !faulty.has(names.slice(0, index + 1).join('/')));
  const { faults, application, meansAppliedAt } = await judgeReferences(backbone, read.check, isSound);
  const moments = judgeMoments(momentsOf(read.check), {
    ...(application === undefined ? {} : { receivedAt: application.receivedAt }),
    ...(meansAppliedAt === undefined ? {} : { appliedAt: meansAppliedAt }),
    now,
    lateEntryReason: read.check['lateEntryReason'],
  }).filter(({ pointer }) => pointer === undefined || isSound(pointer));
  const all: Fault[] = [
    ...read.faults,
    ...[...faults, ...moments].map(({ code, pointer, facts }) => ({
      code,
      ...(pointer === undefined ? {} : { pointer }),
      ...(facts === undefined ? {} : { facts }),
    })),
  ];
  if (all.length > 0 || application === undefined) return { faults: all };
  const onRecord = { application, ...(meansAppliedAt === undefined ? {} : { meansAppliedAt }) };
  return { value: { check: read.check as unknown as StoredCheck, onRecord }, faults: [] };
}

/** How many checks the application holds, of those recorded before the call. */
export async function checksOf(backbone: Backbone, application: string): Promise<number> {
  await backbone.readModels.upToDate(applicationsProjection);
  return (await backbone.readModels.store.find(applicationsProjection, application))?.checks ?? 0;
}

/** What is adverse before anything else is looked at; whom a mandate decision names to declare it may still do so. */
export const standsAgainst = (facts: CheckFacts): boolean =>
  answerOf(facts, {
    isCosigned: () => false,
    isDeclared: ({ declaredBy }) => declaredBy !== undefined,
  }) === 'adverse';

/**
 * The words of a clerk in a check: what it takes to hash them under the key that they are sealed with. One that was not
 * judged may name any application; none that is not on record is given a key.
 */
export async function holderOfWords(
  backbone: Backbone,
  { check, onRecord }: JudgedCheck,
  id: CheckId,
): Promise<Parameters<typeof commandContext>[4] | undefined> {
  const { lateEntryReason, equivalenceReason } = check as WithWords;
  if (lateEntryReason === undefined && equivalenceReason === undefined) return undefined;
  if (onRecord === undefined && !(await isReceived(backbone, check.application))) return undefined;
  return { stream: streamId('check', id), holder: { kind: 'application', id: check.application } };
}

type WithWords = StoredCheck & { readonly equivalenceReason?: string };

/** Records a check that was judged to have no faults. */
export async function recordCheck(
  backbone: Backbone,
  request: CommandRequest,
  judged: JudgedCheck,
): Promise<CommandOutcome<Check, CheckEvent>> {
  const id = checkId(backbone, request.client, request.idempotencyKey);
  const words = await holderOfWords(backbone, judged, id);
  return recordAs(backbone, id, judged, await commandContext(backbone, request, 'RecordCheck', judged.check, words));
}

/** Records it as the check of that id. */
export async function recordAs(
  backbone: Backbone,
  id: CheckId,
  { check, onRecord, judgedAt }: JudgedCheck,
  context: CommandContext,
): Promise<CommandOutcome<Check, CheckEvent>> {
  const { lateEntryReason, equivalenceReason, ...facts } = check as WithWords;
  // Asked before the stream is read: what a twin of this request has recorded by then is its answer.
  const checksHeld = onRecord === undefined ? 0 : await checksOf(backbone, facts.application);
  return backbone.commands.execute(
    checkDecider,
    streamId('check', id),
    async () => ({
      type: 'RecordCheck',
      check: id,
      facts: { ...facts, performedBy: await onRecordAs(backbone, facts.performedBy) } as CheckFacts,
      ...(lateEntryReason === undefined ? {} : { lateEntryReason }),
      ...(equivalenceReason === undefined ? {} : { equivalenceReason }),
      // A retry has none, and is answered by what its stream holds before anything is decided.
      ...(onRecord as Surroundings),
      checksHeld,
      standsAgainst: standsAgainst(facts as CheckFacts),
      ...(judgedAt === undefined ? {} : { judgedAt }),
      now: backbone.now(),
    }),
    context,
  );
}

/** Who performed it, as the record names him. Asked of what is to be recorded only: a name that was kept stays kept. */
async function onRecordAs(
  { secrets }: Backbone,
  performedBy: StoredCheck['performedBy'],
): Promise<StoredCheck['performedBy']> {
  const { clerk } = performedBy;
  return clerk === undefined ? performedBy : { clerk: await secrets.clerkReference(clerk) };
}
