import { streamId, type CheckId, type Instant } from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import { answerOf, commandContext, type Backbone, type CommandRequest } from '#libs/application';
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
import type { Fault, Sender, Validated } from '#libs/platform';
import { applicationsProjection } from '../applications/applications.projection.js';
import { readCheck } from './check-validator.js';
import { judgeReferences } from './judge-references.js';

/** A check without faults, with what is on record about its surroundings; of a retry nothing is looked up. */
export interface JudgedCheck {
  readonly check: StoredCheck;
  readonly onRecord?: { readonly application: ReceivedApplication; readonly meansAppliedAt?: Instant };
}

const checkId = (backbone: Backbone, client: string, key: string): CheckId =>
  derivedId('check', backbone.participant.oin, client, key) as CheckId;

/** Every fault of a check at once: of its form, of what it names, and of its moments. */
export async function judgeCheck(backbone: Backbone, body: unknown, sender: Sender): Promise<Validated<JudgedCheck>> {
  const read = readCheck(body);
  if (typeof read.check !== 'object' || read.check === null || Array.isArray(read.check)) {
    return { faults: read.faults };
  }
  if (sender.replayed === true) return { value: { check: read.check as StoredCheck }, faults: [] };
  const before =
    sender.key === undefined || read.faults.length > 0
      ? undefined
      : await backbone.commands.load(checkDecider, streamId('check', checkId(backbone, sender.client, sender.key)));
  if (before?.state.status === 'recorded') return { value: { check: read.check as StoredCheck }, faults: [] };

  // A fault of the whole check is one between its members: each of them may be sound.
  const faulty = new Set(read.faults.map(({ pointer }) => pointer).filter((pointer) => pointer !== ''));
  const isSound = (pointer: string): boolean =>
    pointer.split('/').every((_, index, names) => !faulty.has(names.slice(0, index + 1).join('/')));
  const { faults, application, meansAppliedAt } = await judgeReferences(backbone, read.check, isSound);
  const moments = judgeMoments(momentsOf(read.check), {
    ...(application === undefined ? {} : { receivedAt: application.receivedAt }),
    ...(meansAppliedAt === undefined ? {} : { appliedAt: meansAppliedAt }),
    now: backbone.now(),
    lateEntryReason: (read.check as { readonly lateEntryReason?: unknown }).lateEntryReason,
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
  return { value: { check: read.check as StoredCheck, onRecord }, faults: [] };
}

/** How many checks the application holds, of those recorded before the call. */
async function checksOf(backbone: Backbone, application: string): Promise<number> {
  await backbone.readModels.upToDate(applicationsProjection);
  return (await backbone.readModels.store.find(applicationsProjection, application))?.checks ?? 0;
}

/** What is adverse before anything else is looked at; whom a mandate decision names to declare it may still do so. */
const standsAgainst = (facts: CheckFacts): boolean =>
  answerOf(facts, {
    isCosigned: () => false,
    isDeclared: ({ declaredBy }) => declaredBy !== undefined,
  }) === 'adverse';

/** Records a check that was judged to have no faults. */
export async function recordCheck(
  backbone: Backbone,
  request: CommandRequest,
  { check, onRecord }: JudgedCheck,
): Promise<CommandOutcome<Check, CheckEvent>> {
  const id = checkId(backbone, request.client, request.idempotencyKey);
  const { lateEntryReason, equivalenceReason, ...facts } = check as StoredCheck & {
    readonly equivalenceReason?: string;
  };
  const hasWords = lateEntryReason !== undefined || equivalenceReason !== undefined;
  const context = await commandContext(
    backbone,
    request,
    'RecordCheck',
    check,
    hasWords ? { stream: streamId('check', id), holder: { kind: 'application', id: facts.application } } : {},
  );

  const checksHeld = onRecord === undefined ? 0 : await checksOf(backbone, facts.application);
  const performedBy =
    facts.performedBy.clerk === undefined
      ? facts.performedBy
      : { clerk: await backbone.secrets.clerkReference(facts.performedBy.clerk) };
  return backbone.commands.execute(
    checkDecider,
    streamId('check', id),
    () => ({
      type: 'RecordCheck',
      check: id,
      facts: { ...facts, performedBy } as CheckFacts,
      ...(lateEntryReason === undefined ? {} : { lateEntryReason }),
      ...(equivalenceReason === undefined ? {} : { equivalenceReason }),
      // A retry has none, and is answered by what its stream holds before anything is decided.
      ...(onRecord as NonNullable<typeof onRecord>),
      checksHeld,
      standsAgainst: standsAgainst(facts as CheckFacts),
      now: backbone.now(),
    }),
    context,
  );
}
