import { Controller, Get, Inject, Post, Req, StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { streamId } from '#libs/kernel';
import { KeyDestroyed } from '#libs/eventing';
import { personsIn, recordNamesShown, type Backbone } from '#libs/application';
import { answerTo, BACKBONE, checkAfter, commandOf, readerOf, settle } from '#libs/composition';
import { evidenceDecider, MAX_EVIDENCE_BYTES } from '#libs/domain';
import {
  After,
  ApiCommand,
  ApiFile,
  ApiId,
  ApiQueryOperation,
  ApiUpload,
  Command,
  Context,
  created,
  CurrentCaller,
  done,
  ForPersons,
  found,
  notFound,
  PathId,
  requirePerson,
  Section,
  Upload,
  type Caller,
  type CommandRequest,
  type RequestContext,
  type UploadRequest,
} from '#libs/platform';
import { describeEvidence } from './describe-evidence.handler.js';
import { DescribeEvidenceRequest, WithdrawEvidenceRequest } from './evidence.requests.js';
import {
  describedExample,
  destroyedExample,
  digestOf,
  EvidenceAnswer,
  EvidenceView,
  evidenceView,
  keptExample,
  mandateExample,
  quarantinedExample,
  withdrawnExample,
} from './evidence.view.js';
import { holderOf, uploadEvidence, type EvidenceOutcome } from './upload-evidence.handler.js';
import { withdrawEvidence } from './withdraw-evidence.handler.js';

type Accepted = Extract<EvidenceOutcome, { outcome: 'accepted' }>;

@Section('evidence', 'Files behind the checks: sealed, kept or destroyed by what is decided.')
@Controller('v1/evidence')
export class EvidenceController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post()
  @ApiUpload({
    summary: 'Hand over a file',
    description:
      'A whole PDF, PNG or JPEG of at most 10 MiB, as it is. It waits in quarantine, sealed, until it is described; a copy of an identity document until the decision that it was given for. What is not kept by the end of the quarantine is destroyed.',
    scopes: ['intake'],
    most: MAX_EVIDENCE_BYTES,
    parameter: ['application', 'Intake that the file belongs to.'],
    answer: EvidenceAnswer,
    examples: { scan: quarantinedExample },
    codes: [
      ...['unknown-application', 'content-digest-mismatch', 'media-type-mismatch', 'evidence-file-refused'],
      ...['evidence-exists', 'unknown-member', 'erased'],
    ],
  })
  async upload(@Upload('application') upload: UploadRequest) {
    const command = commandOf({ ...upload, body: {}, sent: {} });
    const outcome = await uploadEvidence(this.backbone, command, upload);
    const accepted = await settle(this.backbone, command, outcome, {
      ...{ command: 'UploadEvidence', object: 'evidence', checks: [] },
    });
    return created(`/v1/evidence/${idOf(accepted)}`, await this.answer(accepted));
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'A piece of evidence',
    description: 'What is known of the file, also when it was destroyed: whether it waits, stays or is gone, and why.',
    scopes: ['intake'],
    answer: EvidenceView,
    examples: { waiting: describedExample, kept: keptExample, destroyed: destroyedExample },
    codes: ['no-such-evidence'],
  })
  async show(@PathId() id: string, @After() after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { state, history, revision } = await this.backbone.everything.load(evidenceDecider, streamId('evidence', id));
    if (state.status === 'none') throw notFound('no-such-evidence');
    return found(evidenceView(state, await digestOf(this.backbone.sealer, history)), revision as number);
  }

  @Get(':id/content')
  @ApiId()
  @ApiFile({
    summary: 'The file itself',
    description: 'As it was handed over, to a person only. That he read it is on record before the first byte is sent.',
    scopes: ['intake'],
    codes: ['no-such-evidence', 'erased', 'person-required'],
  })
  async content(
    @PathId() id: string,
    @After() after: string | undefined,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
    @Req() request: FastifyRequest,
  ) {
    const startedAt = this.backbone.now();
    await checkAfter(this.backbone, after);
    const { state } = await this.backbone.everything.load(evidenceDecider, streamId('evidence', id));
    if (state.status === 'none') throw notFound('no-such-evidence');
    requirePerson(request);
    // Its key may be in the memory of this process still.
    if (state.status === 'destroyed') throw new KeyDestroyed(`the key of evidence ${id} is gone`);
    const files = await this.backbone.evidence.files();
    const bytes = this.backbone.fileSealer.open(holderOf(id), files.get(state.address))[Symbol.asyncIterator]();
    // Before anything is answered: a file that does not open is no answer.
    const first = await bytes.next();
    try {
      await recordNamesShown(this.backbone, readerOf(caller, context), {
        ...{ what: 'evidence', question: { evidence: id }, shown: [id], startedAt },
        subjects: personsIn(state),
      });
    } catch (error) {
      // Nobody reads on: the file is let go.
      await bytes.return?.(undefined);
      throw error;
    }
    return new StreamableFile(Readable.from(continued(first, bytes), { objectMode: false }), {
      ...{ type: state.mediaType, length: state.size, disposition: `attachment; filename="${id}"` },
    });
  }

  @Post(':id/descriptions')
  @ApiId()
  @ApiCommand({
    summary: 'Say what a file shows',
    description:
      'Whoever describes it has looked at it. A copy of an identity document waits for the first decision on its application in that role of whose dossier its person is a part: below level 3 it is destroyed, at level 3 kept if it is shielded, at level 4 also with its photo visible. One that the decision lets nobody keep is refused, and destroyed before that is answered. Mandate decisions, deeds and proxies are kept at once; forms, agreements and assertions wait for a decision at level 2 or higher on their application. Until it is settled the last description counts; a copy stays a copy.',
    scopes: ['intake'],
    status: 200,
    body: DescribeEvidenceRequest,
    bodyExamples: {
      copy: { kind: 'idCopy', copy: describedExample.copy },
      mandate: { kind: 'mandateDecision' },
    },
    answer: EvidenceAnswer,
    examples: { copy: describedExample, mandate: mandateExample },
    codes: [
      ...['no-such-evidence', 'evidence-destroyed', 'evidence-described', 'evidence-quarantine-over'],
      ...['id-copy-not-storable-at-level', 'shielding-not-attested', 'unknown-person', 'unknown-document', 'erased'],
    ],
  })
  async describe(
    @PathId() id: string,
    @Command(DescribeEvidenceRequest) request: CommandRequest<DescribeEvidenceRequest>,
  ) {
    const command = commandOf(request);
    const outcome = await describeEvidence(this.backbone, command, id, request.body);
    const accepted = await settle(this.backbone, command, outcome, {
      ...{ command: 'DescribeEvidence', object: 'evidence', checks: [] },
    });
    return done(await this.answer(accepted));
  }

  @Post(':id/withdrawals')
  @ApiId()
  @ForPersons()
  @ApiCommand({
    summary: 'Take a file back',
    description:
      'A file that waits is destroyed, and why stays on record. What is kept stays, unless it must not have been kept: `mistake` says what was wrong about its description. For a person, and not while a legal hold stands on what it belongs to.',
    scopes: ['intake'],
    status: 200,
    body: WithdrawEvidenceRequest,
    bodyExamples: {
      waiting: { reason: 'Handed over for another case' },
      kept: { reason: 'The form is the copy of a passport', mistake: 'kind' },
    },
    answer: EvidenceAnswer,
    examples: { withdrawn: withdrawnExample },
    codes: ['no-such-evidence', 'evidence-destroyed', 'evidence-kept', 'erased'],
  })
  async withdraw(
    @PathId() id: string,
    @Command(WithdrawEvidenceRequest) request: CommandRequest<WithdrawEvidenceRequest>,
  ) {
    const command = commandOf(request);
    const outcome = await withdrawEvidence(this.backbone, command, id, request.body);
    const accepted = await settle(this.backbone, command, outcome, {
      ...{ command: 'WithdrawEvidence', object: 'evidence', checks: [] },
    });
    return done(await this.answer(accepted));
  }

  private async answer(accepted: Accepted) {
    const { state } = accepted;
    if (state.status === 'none') throw notFound('no-such-evidence');
    const { history } = await this.backbone.commands.load(evidenceDecider, streamId('evidence', state.id));
    return answerTo(this.backbone, accepted, evidenceView(state, await digestOf(this.backbone.sealer, history)));
  }
}

const idOf = ({ state }: Accepted): string => (state.status === 'none' ? '' : state.id);

async function* continued(
  first: IteratorResult<Uint8Array>,
  others: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; next.done !== true; next = await others.next()) yield next.value;
  } finally {
    await others.return?.();
  }
}
