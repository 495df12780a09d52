import {
  parseInstant,
  streamId,
  type CheckId,
  type Instant,
  type PersonId,
  type Rejection,
  type RevocationRequestId,
} from '#libs/kernel';
import { derivedId, type CommandOutcome } from '#libs/eventing';
import {
  allFound,
  assessmentAt,
  commandContext,
  findApplication,
  findAuthorization,
  findMeans,
  findPerson,
  levelOfStork,
  limitsOfHolder,
  loadChecks,
  type Backbone,
  type CommandRequest,
} from '#libs/application';
import {
  judgePurpose,
  revocationRequestDecider,
  standingAt,
  type Means,
  type RegisteredAuthorization,
  type RevocationObject,
  type RevocationRequest,
  type RevocationRequestCommand,
  type RevocationRequestEvent,
} from '#libs/domain';
import { revocationDeadline, type EhLevel, type RevocationDeadlineResult } from '#libs/scheme';
import { identifyRequester, type Concerned } from './identify-requester.js';
import { RequestRevocationRequest } from './request-revocation.request.js';

export type RevocationOutcome = CommandOutcome<RevocationRequest, RevocationRequestEvent>;

/** Records a request to revoke on receipt, judged by evaluation 3: accepted with its deadline, or refused with codes. */
export async function requestRevocation(
  backbone: Backbone,
  request: CommandRequest,
  body: RequestRevocationRequest,
): Promise<RevocationOutcome> {
  const id = derivedId(
    'revocationRequest',
    backbone.participant.oin,
    request.client,
    request.idempotencyKey,
  ) as RevocationRequestId;
  const stream = streamId('revocationRequest', id);
  const context = await commandContext(backbone, request, 'RequestRevocation', body, { scores: true });
  const before = await backbone.commands.load(revocationRequestDecider, stream);
  if (before.state.status !== 'none') {
    // A retry: answered from what was recorded.
    return backbone.commands.execute(
      revocationRequestDecider,
      stream,
      () => ({ type: 'EffectRevocation', effectedAt: backbone.now(), alreadyRevoked: false }),
      context,
    );
  }

  const loaded = await loadChecks(backbone, body.checks, '/checks');
  const objects = allFound({
    application: await findApplication(backbone, body.application, '/application'),
    person:
      body.requester.person === undefined
        ? undefined
        : await findPerson(backbone, body.requester.person, '/requester/person'),
    authorization:
      body.object.authorization === undefined
        ? undefined
        : await findAuthorization(backbone, body.object.authorization, '/object/authorization'),
    means: body.object.means === undefined ? undefined : await findMeans(backbone, body.object.means, '/object/means'),
  });
  const faults: Rejection[] = [
    ...RequestRevocationRequest.between(body).map(({ code, pointer, facts }) => ({
      ...{ code, kind: 'invalid' as const },
      ...(pointer === undefined ? {} : { pointer }),
      ...(facts === undefined ? {} : { facts }),
    })),
    ...('faults' in objects ? objects.faults : []),
    ...('faults' in loaded ? loaded.faults : []),
  ];
  if ('faults' in objects || 'faults' in loaded || faults.length > 0)
    return { outcome: 'rejected', rejections: faults };
  const { application, person, authorization, means } = objects.found;
  // Here a wrong purpose is a fault of the request: what is refused by rule is an object of its own (interfaces.md §2).
  const wrongPurpose = judgePurpose(application, 'revocation');
  if (wrongPurpose.length > 0) {
    return {
      outcome: 'rejected',
      rejections: wrongPurpose.map((fault) => ({ ...fault, kind: 'invalid', pointer: '/application' })),
    };
  }

  const now = backbone.now();
  const at = assessmentAt(now, application, loaded.checks);
  const { role } = body.requester;
  const requester = await identifyRequester(backbone, {
    application,
    role,
    person: person?.id,
    concerned: await concernedBy(backbone, authorization, means, at),
    checks: loaded.checks,
    checksPointer: '/checks',
    at,
  });
  if ('faults' in requester) return { outcome: 'rejected', rejections: requester.faults };
  const { entitledRole, identification, rows, evidence } = requester;
  const level = authorization === undefined ? levelOfMeans(means!) : levelOfM(authorization);
  const judged = revocationDeadline(
    {
      object: authorization === undefined ? 'means' : 'authorization',
      level,
      channel: application.channel,
      receivedAt: application.receivedAt,
      ...(application.medium === undefined ? {} : { medium: application.medium }),
      requester: { role: entitledRole, ...identification },
    },
    backbone.rules,
  );
  const object: RevocationObject =
    authorization === undefined ? { means: means!.id } : { authorization: authorization.authorization };
  return backbone.commands.execute(
    revocationRequestDecider,
    stream,
    () => ({
      type: 'RequestRevocation',
      revocationRequest: id,
      object,
      application: application.id,
      channel: application.channel,
      receivedAt: application.receivedAt,
      requester: { role, ...(person === undefined ? {} : { person: person.id as PersonId }) },
      checks: evidence.map(({ check }) => check as CheckId),
      rows: { IO: rows },
      evidence,
      level,
      identification,
      judgement:
        authorization !== undefined && standingAt(authorization, now) === 'expired'
          ? ENDED
          : withEstablishments(judged, requester.outsideEstablishment),
      now,
    }),
    context,
  );
}

type Judgement = Extract<RevocationRequestCommand, { readonly type: 'RequestRevocation' }>['judgement'];

/** PROOF-09, ADMIN-10: the command's own refusal beside those of evaluation 3, which knows no scope. */
function withEstablishments(judged: RevocationDeadlineResult, isOutside: boolean): Judgement {
  if (!isOutside || judged.refusals.includes('requester-not-entitled')) {
    return { ...judged, dueInstant: judged.dueAt === null ? null : parseInstant(judged.dueAt)! };
  }
  return {
    accepted: false,
    immediate: false,
    dueInstant: null,
    refusals: [...judged.refusals, 'outside-establishment'],
    flags: [],
  };
}

/** What has expired is final and can't be revoked any more (MUT-01, REG-14). */
const ENDED = {
  accepted: false,
  immediate: false,
  dueInstant: null,
  refusals: ['no-such-registration'],
  flags: [],
} as const;

/** The level that its M alone carries, whatever the means (AMB-72). */
const levelOfM = ({ m }: RegisteredAuthorization): EhLevel =>
  (['EH1', 'EH1', 'EH2', 'EH3', 'EH4'] as const)[m] ?? 'EH4';

/** The STORK level of a means as EH level (AMB-67); one that was never issued is at the lowest. */
const levelOfMeans = (means: Exclude<Means, { status: 'none' }>): EhLevel =>
  'stork' in means && means.stork !== undefined ? levelOfStork(means.stork) : 'EH1';

/** Whom the object concerns: its organization, its holder, the organization that was authorized. */
async function concernedBy(
  backbone: Backbone,
  authorization: RegisteredAuthorization | undefined,
  means: Exclude<Means, { status: 'none' }> | undefined,
  at: Instant,
): Promise<Concerned> {
  if (authorization === undefined) {
    const { party, holder } = means!;
    return {
      ...(party === undefined ? {} : { party }),
      holder,
      limits: party === undefined ? [] : await limitsOfHolder(backbone, holder, party, at),
    };
  }
  const { representedParty, authorizedParty, establishments } = authorization;
  return {
    party: representedParty,
    limits: [establishments],
    ...('person' in authorizedParty ? { holder: authorizedParty.person } : { authorizedParty: authorizedParty.party }),
  };
}
