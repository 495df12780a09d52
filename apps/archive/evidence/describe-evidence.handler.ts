import { streamId, type DocumentId, type KeyHolder, type PersonId, type Rejection } from '#libs/kernel';
import { commandContext, findPerson, type Backbone, type CommandRequest } from '#libs/application';
import { evidenceDecider, rejectCheck, rejectEvidence, shieldingOf, type EvidenceDescription } from '#libs/domain';
import { decisionOn } from './copy-decisions.js';
import type { DescribedCopy, DescribeEvidenceRequest } from './evidence.requests.js';
import type { EvidenceOutcome } from './upload-evidence.handler.js';

/** Says what a file shows. A copy for what was decided already is settled by that decision, in the same step. */
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
  return backbone.commands.execute(
    evidenceDecider,
    stream,
    async () => {
      const description = descriptionOf(body);
      const decided = description.kind === 'idCopy' ? await decisionOn(backbone, application, description) : undefined;
      return {
        ...{ type: 'DescribeEvidence', description, now: backbone.now() },
        ...(copy?.necessity === undefined ? {} : { necessity: copy.necessity }),
        ...(decided === undefined ? {} : { decision: decided.decision }),
      };
    },
    context,
  );
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

function descriptionOf({ kind, copy }: DescribeEvidenceRequest): EvidenceDescription {
  if (kind !== 'idCopy') return { kind };
  const { role, person, document, shielding, masked } = copy!;
  return { kind, role, person: person as PersonId, document: document as DocumentId, shielding, masked };
}
