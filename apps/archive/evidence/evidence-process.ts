import { streamId, type DomainEvent, type EvidenceId, type Instant, type Recorded } from '#libs/kernel';
import {
  CannotApply,
  StoreUnavailable,
  type Chore,
  type CommandContext,
  type CommandSource,
  type Performed,
  type ProcessManager,
} from '#libs/eventing';
import type { Backbone } from '#libs/application';
import {
  evidenceDecider,
  isKeptFromLevel2,
  LEAST_LEVEL,
  type Evidence,
  type EvidenceCommand,
  type EvidenceDescribed,
  type EvidenceDescription,
  type EvidenceDestroyed,
  type EvidenceKept,
  type EvidenceUploaded,
} from '#libs/domain';
import { decidedBy, decisionFor, DECISIONS, isAbout, isUsedOtherwise, type Decided } from './copy-decisions.js';
import { protect, takeAway } from './take-away.js';
import { holderOf, UNRECORDED, type EvidenceOutcome } from './upload-evidence.handler.js';
import { ANY_ROLE, waitingCopiesProjection } from './waiting-copies.projection.js';

/** Client name under which the steps of the process are recorded. */
export const EVIDENCE = 'evidence-follow-up';
/** Kind of the work that waits for the end of a quarantine. */
export const QUARANTINE = 'evidence-quarantine';

/** Copies of one application that are read at once; more have to be read in turns. */
const PAGE = 100;

/**
 * Follows up what happens to evidence: its quarantine has an end, a decision settles the copies that were given for it
 * (WID-01 to WID-10) and what is kept from level 2 on (ARCH-12), what is kept is locked where its store has locks, and what is destroyed loses its key and its bytes. Whichever comes first, a copy that is described
 * and a decision on its application meet here: each is looked up when the other comes.
 */
export const evidenceProcess = (backbone: Backbone): ProcessManager => ({
  name: EVIDENCE,
  handles: [
    ...['EvidenceUploaded', 'EvidenceDescribed', 'EvidenceKept', 'EvidenceDestroyed'],
    ...DECISIONS.registration,
    ...DECISIONS.issuance,
    ...DECISIONS.revocation,
  ],
  async react(event, traceparent) {
    const { type } = event;
    if (type === 'EvidenceUploaded') return enqueueEnd(backbone, event.data as EvidenceUploaded['data']);
    if (type === 'EvidenceKept') return lockKept(backbone, event as Recorded<EvidenceKept>);
    if (type === 'EvidenceDestroyed') return carryOut(backbone, event.data as EvidenceDestroyed['data']);
    if (type === 'EvidenceDescribed') {
      const { evidence, application, description } = event.data as EvidenceDescribed['data'];
      const decided = await decisionFor(backbone, application, description);
      if (decided !== undefined) await settle(backbone, { evidence, description }, decided, event, traceparent);
      return;
    }
    const decided = await decidedBy(backbone, event);
    if (decided === undefined) return;
    for (const evidence of await waitingFor(backbone, decided)) {
      const description = await waitingAs(backbone, evidence);
      if (description === undefined) continue;
      if (description.kind === 'idCopy' && !(await isAbout(backbone, decided, description))) continue;
      await settle(backbone, { evidence, description }, decided, event, traceparent);
    }
  },
});

function enqueueEnd({ dueWork }: Backbone, { evidence, quarantinedUntil }: EvidenceUploaded['data']): Promise<void> {
  return dueWork.enqueue([{ kind: QUARANTINE, id: evidence, group: evidence, dueAt: quarantinedUntil, payload: {} }]);
}

/** The key first: from then on it is destroyed, whatever becomes of the bytes. */
async function carryOut(backbone: Backbone, { evidence, address }: EvidenceDestroyed['data']): Promise<void> {
  await backbone.secrets.destroy(holderOf(evidence));
  await takeAway(backbone, address);
}

/** From now on nobody who can write the store of files takes it away, where that has locks. */
async function lockKept(backbone: Backbone, { data, position, type }: Recorded<EvidenceKept>): Promise<void> {
  const { state } = await backbone.commands.load(evidenceDecider, streamId('evidence', data.evidence));
  // What was destroyed since is taken away by that.
  if (state.status !== 'kept' || (await protect(backbone, state))) return;
  throw new CannotApply(`the file of evidence ${data.evidence} is not there to be locked`, position, type);
}

/** What waits for a decision on the application in that role, of all that was described before it. */
async function waitingFor(
  { readModels }: Backbone,
  { application, role, position }: Decided,
): Promise<readonly EvidenceId[]> {
  if (!(await readModels.waitFor(waitingCopiesProjection as never, position))) {
    throw new StoreUnavailable('waiting-copies lies behind');
  }
  const found: EvidenceId[] = [];
  for (let after: { order: bigint; key: string } | undefined; ;) {
    const rows = await readModels.store.search(waitingCopiesProjection, {
      where: [{ column: 'application', is: 'equal', value: application }],
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...rows.filter((row) => row.role === role || row.role === ANY_ROLE).map(({ id }) => id as EvidenceId));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return found;
    after = { order: last.position, key: last.id };
  }
}

/** As what a piece of evidence waits; `undefined`: it does not wait any more, or was not described. */
async function waitingAs({ commands }: Backbone, evidence: EvidenceId): Promise<EvidenceDescription | undefined> {
  const { state } = await commands.load(evidenceDecider, streamId('evidence', evidence));
  return state.status === 'quarantined' ? state.description : undefined;
}

interface Settled {
  readonly evidence: EvidenceId;
  readonly description: EvidenceDescription;
}

/** What is done by a decision with what is described so; one that was described otherwise since is left as it is. */
function settlingBy({ decision, decidedAt }: Decided, description: EvidenceDescription, now: Instant): EvidenceCommand {
  if (description.kind !== 'idCopy') return { type: 'SettleByLevel', decision, decidedAt, now };
  const { role, person, document } = description;
  return { type: 'SettleCopy', copy: { role, person, document }, decision, decidedAt, now };
}

async function settle(
  backbone: Backbone,
  { evidence, description }: Settled,
  decided: Decided,
  cause: Recorded<DomainEvent>,
  traceparent: string | undefined,
): Promise<void> {
  const { id, correlationId } = cause.metadata;
  const outcome = await execute(backbone, evidence, () => settlingBy(decided, description, backbone.now()), {
    ...{ key: id, correlationId, causationId: id },
    ...(traceparent === undefined ? {} : { traceparent }),
  });
  if (outcome.outcome === 'accepted') return;
  const reason = `evidence ${evidence} could not be settled: ${outcome.outcome}`;
  if (outcome.outcome === 'rejected') throw new CannotApply(reason, cause.position, cause.type);
  throw new StoreUnavailable(reason);
}

/**
 * Destroys what waited for too long. What was decided in time counts, also where whoever follows decisions has not come so
 * far: he may have stood still for a while.
 */
export const quarantines = (
  backbone: Backbone,
  told: (outcome: 'destroyed' | 'settled' | 'failed') => void,
): Chore => ({
  kind: QUARANTINE,
  perLane: 4,
  together: 4,
  keepFor: 7 * 24 * 3_600_000,
  async perform({ id }, signal): Promise<Performed> {
    try {
      return await endQuarantine(backbone, id as EvidenceId, told);
    } catch (error) {
      if (!signal.aborted) told('failed');
      throw error;
    }
  },
});

async function endQuarantine(
  backbone: Backbone,
  id: EvidenceId,
  told: (outcome: 'destroyed' | 'settled') => void,
): Promise<Performed> {
  const { state } = await backbone.commands.load(evidenceDecider, streamId('evidence', id));
  // A store of events that was restored from an older backup knows it no more.
  if (state.status === 'none') return { is: 'done' };
  const now = backbone.now();
  // A clock that was set back: it is not over yet. Nothing is said under the key of the end before that is so.
  if (state.status === 'quarantined' && now < state.quarantinedUntil) {
    return { is: 'again', at: state.quarantinedUntil, reason: 'quarantined' };
  }
  const key = `${QUARANTINE}/${id}`;
  const outcome = await execute(backbone, id, (current) => endOf(backbone, current, now), {
    ...{ key, correlationId: key },
  });
  if (outcome.outcome !== 'accepted' || outcome.state.status === 'none' || outcome.state.status === 'quarantined') {
    throw new StoreUnavailable(`the quarantine of evidence ${id} could not be ended: ${outcome.outcome}`);
  }
  told(outcome.state.status === 'destroyed' && outcome.state.ground === 'quarantineOver' ? 'destroyed' : 'settled');
  return { is: 'done' };
}

/**
 * Takes away a file that was kept and never recorded: the process was killed in between, and its caller never came again or
 * has handed over another one since. Nothing refers to it.
 */
export const unrecordedFiles = (backbone: Backbone): Chore => ({
  kind: UNRECORDED,
  perLane: 4,
  together: 4,
  keepFor: 24 * 3_600_000,
  async perform({ id: address, payload }): Promise<Performed> {
    const { evidence } = payload as { readonly evidence: string };
    const { state } = await backbone.commands.load(evidenceDecider, streamId('evidence', evidence));
    // What was destroyed takes its own file away.
    if (state.status === 'none' || state.address !== address) await takeAway(backbone, address);
    return { is: 'done' };
  },
});

/** The end of a quarantine: by a decision that was made in time, or because there was none. */
async function endOf(backbone: Backbone, state: Evidence, now: Instant): Promise<EvidenceCommand> {
  const end = { type: 'EndQuarantine', now } as const;
  if (state.status !== 'quarantined' || state.description === undefined) return end;
  const decided = await decisionFor(backbone, state.application, state.description);
  const isLow = decided === undefined || decided.decision.level < LEAST_LEVEL;
  if (isLow && isKeptFromLevel2(state.description.kind) && (await isUsedOtherwise(backbone, state.application))) {
    return { type: 'KeepAsUsed', now };
  }
  return decided === undefined ? end : settlingBy(decided, state.description, now);
}

const execute = (
  { commands, participant }: Backbone,
  evidence: EvidenceId,
  source: CommandSource<Evidence, EvidenceCommand>,
  cause: Pick<CommandContext, 'key' | 'correlationId' | 'causationId' | 'traceparent'>,
): Promise<EvidenceOutcome> =>
  commands.execute(evidenceDecider, streamId('evidence', evidence), source, {
    ...{ participant: participant.oin, client: EVIDENCE, requestHash: cause.key, actor: { system: EVIDENCE } },
    ...cause,
  });
