import { streamId, type DocumentId, type KeyHolder, type PersonId, type Rejection, type StreamId } from '#libs/kernel';
import { StoreUnavailable, type CommandContext } from '#libs/eventing';
import { commandContext, findPerson, type Backbone, type CommandRequest } from '#libs/application';
import {
  evidenceDecider,
  rejectCheck,
  rejectEvidence,
  shieldingOf,
  type CopyDecision,
  type EvidenceCommand,
  type EvidenceDescription,
} from '#libs/domain';
import { decisionFor } from './copy-decisions.js';
import type { DescribedCopy, DescribeEvidenceRequest } from './evidence.requests.js';
import type { EvidenceOutcome } from './upload-evidence.handler.js';

/**
 * Says what a file shows. A copy for what was decided already is settled by that decision: kept in the same step, or refused and
 * destroyed before the refusal is answered (WID-01).
 */
export async function describeEvidence(
  backbone: Backbone,
  request: CommandRequest,
  id: string,
  body: DescribeEvidenceRequest,
): Promise<EvidenceOutcome> {
  const stream = streamId('evidence', id);
  const { state } = await backbone.commands.load(evidenceDecider, stream);
  if (state.status === 'none') return { outcome: 'rejected', rejections: [rejectEvidence('no-such-evidence')] };
  const { copy } = body;
  const { application } = state;
  // The words of a clerk are sealed under the application's key.
  const holder: KeyHolder = { kind: 'application', id: application };
  const context = await commandContext(
    backbone,
    request,
    'DescribeEvidence',
    { ...body, evidence: id },
    copy?.necessity === undefined ? { stream } : { stream, holder },
  );
  const faults = copy === undefined || request.replayOnly === true ? [] : await judgeCopy(backbone, copy);
  if (faults.length > 0) return { outcome: 'rejected', rejections: faults };
  const description = descriptionOf(body);
  const said = { description, ...(copy?.necessity === undefined ? {} : { necessity: copy.necessity }) };
  const decided = async (): Promise<{ readonly decision?: CopyDecision }> => {
    const found = await decisionFor(backbone, application, description);
    return found === undefined ? {} : { decision: found.decision };
  };
  const outcome = await backbone.commands.execute(
    evidenceDecider,
    stream,
    async () => ({ type: 'DescribeEvidence', ...said, ...(await decided()), now: backbone.now() }),
    context,
  );
  if (!isRefused(outcome)) return outcome;
  // Before it is answered: who was told so can count on it. Killed in between it tells nobody, and is asked again.
  const { decision } = await decided();
  if (decision !== undefined) await destroyRefused(backbone, stream, { ...said, decision }, context);
  return outcome;
}

const isRefused = (outcome: EvidenceOutcome): boolean =>
  outcome.outcome === 'rejected' && outcome.rejections.some(({ code }) => code === 'id-copy-not-storable-at-level');

/** A copy that may not be kept is used for the check and destroyed (WID-01): in a step of its own, since a refusal has no facts. */
async function destroyRefused(
  { commands, now }: Backbone,
  stream: StreamId,
  refused: Omit<Extract<EvidenceCommand, { type: 'DestroyRefusedCopy' }>, 'type' | 'now'>,
  { ifMatch: _, ...context }: CommandContext,
): Promise<void> {
  const outcome = await commands.execute(
    evidenceDecider,
    stream,
    () => ({ type: 'DestroyRefusedCopy', ...refused, now: now() }),
    { ...context, key: `${context.key} refused` },
  );
  if (outcome.outcome !== 'accepted') throw new StoreUnavailable('a refused copy could not be destroyed');
}

/** Every fault of a copy: the person, that the document is his, and that the shielding is what is masked. */
async function judgeCopy(
  backbone: Backbone,
  { person, document, shielding, masked }: DescribedCopy,
): Promise<readonly Rejection[]> {
  const faults: Rejection[] = [];
  const found = await findPerson(backbone, person, '/copy/person');
  if ('fault' in found) faults.push(found.fault);
  else if (!found.found.documents.has(document as DocumentId)) {
    faults.push(rejectCheck('unknown-document', { pointer: '/copy/document' }));
  }
  if (shieldingOf(masked) !== shielding) {
    faults.push(rejectEvidence('shielding-not-attested', { pointer: '/copy/shielding' }));
  }
  return faults;
}

function descriptionOf({ kind, copy, reference }: DescribeEvidenceRequest): EvidenceDescription {
  if (kind === 'agreement') return { kind, reference: reference! };
  if (kind !== 'idCopy') return { kind };
  const { role, person, document, shielding, masked } = copy!;
  return { kind, role, person: person as PersonId, document: document as DocumentId, shielding, masked };
}
