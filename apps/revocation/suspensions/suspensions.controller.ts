import { Controller, Inject, Post } from '@nestjs/common';
import type { Backbone } from '#libs/application';
import { BACKBONE, answerTo, commandOf, settle } from '#libs/composition';
import type { AuthorizationEvent, MeansEvent } from '#libs/domain';
import {
  accepted,
  ApiCommand,
  Command,
  done,
  isPlainObject,
  requirePerson,
  Section,
  Sent,
  type Answer,
  type CommandRequest,
  type SentRequest,
} from '#libs/platform';
import { RevocationFigures } from '../revocation-requests/revocation-figures.js';
import { RENEWAL_BLOCKERS } from './judge-suspension.js';
import { ReinstateRequest, SuspendRequest } from './suspension.requests.js';
import {
  blockExample,
  reinstatementExample,
  SuspensionAnswer,
  suspensionExample,
  suspensionView,
} from './suspension.view.js';
import { changeSuspension } from './suspensions.handler.js';

type SuspensionFact = Extract<
  AuthorizationEvent | MeansEvent,
  {
    readonly type:
      'AuthorizationSuspended' | 'AuthorizationSuspensionLifted' | 'MeansSuspended' | 'MeansSuspensionLifted';
  }
>;

const CODES = [
  'unknown-application',
  'unknown-authorization',
  'unknown-means',
  'unknown-person',
  'unknown-check',
  'check-not-in-dossier',
  'purpose-not-in-application',
  'requester-not-entitled',
  'requester-not-identified',
  'admin-level-too-low',
  'form-not-accepted',
  'outside-establishment',
  'person-required',
  // Revoked or expired: it was there, and is final.
  { code: 'no-such-registration', status: 409 },
  'means-revoked',
  'means-not-issued',
] as const;

const bodyExample = {
  application: suspensionExample.application,
  object: suspensionExample.object,
  requester: suspensionExample.requester,
  checks: ['7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10'],
};
const operatorExample = {
  application: blockExample.application,
  object: blockExample.object,
  requester: blockExample.requester,
  checks: [],
};

@Section('suspensions', 'Pausing authorizations and means, and lifting that.')
@Controller('v1')
export class SuspensionsController {
  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(RevocationFigures) private readonly figures: RevocationFigures,
  ) {}

  @Post('suspensions')
  @ApiCommand({
    summary: 'Suspend an authorization or a means',
    description:
      'By those who may ask for its revocation, identified as for that (SUS-02), by a court with its order verified, or by the operator with his reason (REV-10). After 200 no decision at use says yes; 202 means recorded and not yet effective everywhere. Validity runs on.',
    scopes: ['revocation'],
    status: 200,
    body: SuspendRequest,
    bodyExamples: { byAdministrator: bodyExample, byOperator: { ...operatorExample, reason: 'compromise' } },
    answer: SuspensionAnswer,
    examples: { suspended: suspensionExample, blocked: blockExample },
    mayBeLate: true,
    codes: [...CODES, 'already-suspended'],
  })
  suspend(@Command(SuspendRequest) read: CommandRequest<SuspendRequest>, @Sent() request: SentRequest) {
    return this.changed('suspension', read, request);
  }

  @Post('reinstatements')
  @ApiCommand({
    summary: 'Lift a suspension',
    description:
      'By an administrator at the level that the object has now, or by whoever meets the requirements of its renewal (SUS-03), with a login or a signature that was compared; what a court or the operator suspended only by a court or the operator.',
    scopes: ['revocation'],
    status: 200,
    body: ReinstateRequest,
    bodyExamples: { byAdministrator: bodyExample, byOperator: operatorExample },
    answer: SuspensionAnswer,
    examples: {
      lifted: reinstatementExample,
      anotherStands: { ...reinstatementExample, suspended: true, suspendedBy: ['operator'] },
    },
    codes: [
      ...CODES,
      'not-suspended',
      'reinstatement-not-allowed',
      ...RENEWAL_BLOCKERS.filter((code) => code !== 'outside-establishment'),
    ],
  })
  reinstate(@Command(ReinstateRequest) read: CommandRequest<ReinstateRequest>, @Sent() request: SentRequest) {
    return this.changed('reinstatement', read, request);
  }

  private async changed(
    kind: 'suspension' | 'reinstatement',
    read: CommandRequest<SuspendRequest | ReinstateRequest>,
    request: SentRequest,
  ): Promise<Answer> {
    // What the operator does of his own accord is somebody's (REV-10).
    if (isPlainObject(read.body.requester) && read.body.requester.role === 'operator') requirePerson(request);
    const command = commandOf(read);
    const { object, checks } = read.body;
    const { outcome, mutation } = await changeSuspension(this.backbone, command, kind, read.body);
    const recorded = await settle(this.backbone, command, outcome, {
      command: kind === 'suspension' ? 'Suspend' : 'Reinstate',
      object: object.means === undefined ? 'authorization' : 'means',
      checks,
      ...(mutation === undefined ? {} : { mutation }),
    });
    const fact = recorded.events[0] as SuspensionFact;
    const { type, data } = fact;
    const { state } = recorded;
    const standing = state.status === 'suspended' ? state.suspensions.map(({ by }) => by) : [];
    const [reference, path] =
      'means' in data
        ? ([{ means: data.means }, `/v1/means/${data.means}`] as const)
        : ([{ authorization: data.authorization }, `/v1/authorizations/${data.authorization}`] as const);
    const answer = answerTo(this.backbone, recorded, suspensionView(reference, data, standing));
    if (kind === 'reinstatement') return done(answer);
    const visible = await this.backbone.visibility.everywhere(recorded.position, type);
    if (!recorded.replayed) this.figures.suspended(fact, visible);
    return visible ? done(answer) : accepted(path, answer);
  }
}
