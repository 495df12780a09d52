import { streamId } from '#libs/kernel';
import { commandContext, isHeldNow, type Backbone, type CommandRequest } from '#libs/application';
import { evidenceDecider } from '#libs/domain';
import type { WithdrawEvidenceRequest } from './evidence.requests.js';
import type { EvidenceOutcome } from './upload-evidence.handler.js';

/** Takes a file back that waits, or that is kept and must not have been: it is destroyed, and why stays on record. */
export async function withdrawEvidence(
  backbone: Backbone,
  request: CommandRequest,
  id: string,
  { reason, mistake }: WithdrawEvidenceRequest,
): Promise<EvidenceOutcome> {
  const stream = streamId('evidence', id);
  const { state } = await backbone.commands.load(evidenceDecider, stream);
  const body = { reason, ...(mistake === undefined ? {} : { mistake }) };
  // The words of a clerk are sealed under the application's key.
  const holder = state.status === 'none' ? {} : { holder: { kind: 'application', id: state.application } as const };
  const context = await commandContext(
    backbone,
    request,
    'WithdrawEvidence',
    { ...body, evidence: id },
    { stream, ...holder },
  );
  return backbone.commands.execute(
    evidenceDecider,
    stream,
    // Asked again whenever it is decided again: a hold may have been set meanwhile.
    async (kept) => {
      const isHeld = kept.status === 'kept' && (await isHeldNow(backbone, `evidence/${kept.id}`));
      return { type: 'WithdrawEvidence', ...body, isHeld, now: backbone.now() };
    },
    context,
  );
}
