import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import { authorizationAspects, type AuthorizationRow } from '#libs/application';
import { DECIDING, STANDINGS, standingAt, SUSPENDERS, type RegisteredAuthorization } from '#libs/domain';
import { named, OneOf, referenceTo } from '#libs/platform';
import { EH_LEVELS, isRuleSetVersion, ruleSet as ruleSetOf } from '#libs/scheme';
import { AspectView } from './aspect.view.js';
import type { PartialAuthorizationView } from './partial.view.js';
import { EIDAS_LEVELS } from './level.view.js';

@OneOf({ AuthorizedPersonView: ['person', 'means', 'pseudonym'], IntermediaryView: ['party'] })
export class AuthorizedPartyView {
  @ApiPropertyOptional({ format: 'uuid', description: 'The natural person' }) readonly person?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The one means he is authorized with (REG-06)' })
  readonly means?: string;
  @ApiPropertyOptional({ description: 'Pseudonym of that means, by which it is asked for at use' })
  readonly pseudonym?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The legal person (PARTY-04)' }) readonly party?: string;
}

export class ServiceGroupView {
  @ApiProperty({ description: 'Id of the group' }) readonly id!: string;
  @ApiProperty({ description: 'Also services that join the group later' }) readonly includesLaterServices!: boolean;
}

export class ScopeView {
  @ApiProperty({ description: 'All services' }) readonly all!: boolean;
  @ApiProperty({ type: 'string', isArray: true, description: 'Ids of the service catalogue' })
  readonly services!: readonly string[];
  @ApiProperty({ type: ServiceGroupView, isArray: true, description: 'Groups of services' })
  readonly groups!: readonly ServiceGroupView[];
}

export class NatureView {
  @ApiProperty({ description: 'May authorize a further party (CONT-09)' }) readonly rightOfSubstitution!: boolean;
  @ApiProperty({ description: 'May act alone (CONT-09)' }) readonly actsIndependently!: boolean;
}

const DECISIONS = named(
  'DecisionKind',
  ['registration', 'renewal', 'change'] as const,
  'What a decision on an authorization was about',
);
const KINDS: Readonly<Record<string, (typeof DECISIONS)[number]>> = {
  AuthorizationRegistered: 'registration',
  AuthorizationRenewed: 'renewal',
  AuthorizationChanged: 'change',
};

/** The decision that an authorization stands on (REG-13). */
export class DecisionView {
  @ApiProperty({ enum: DECISIONS }) readonly kind!: string;
  @ApiProperty({ format: 'uuid', description: 'Intake it came in with' }) readonly application!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was decided' }) readonly decidedAt!: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'Of a change or renewal: its arrival at the participant' })
  readonly receivedAt?: string;
  @ApiPropertyOptional({
    ...{ type: 'string', format: 'date-time', nullable: true },
    description: 'Of a change or renewal: its deadline, on paper two working days; null where none runs (PT1, PT2)',
  })
  readonly dueAt?: string | null;
  @ApiPropertyOptional({ description: 'Of a change or renewal: decided after its deadline' })
  readonly breached?: boolean;
}

export class DisplayPermissionView {
  @ApiProperty({ description: 'Whether he permits it' }) readonly permitted!: boolean;
  @ApiProperty({ format: 'uuid', description: 'The person who stated it for the represented party' })
  readonly statedBy!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was stated' }) readonly statedAt!: string;
}

export class NonUseView {
  @ApiProperty({ format: 'date-time', description: 'When it was noticed' }) readonly noticedAt!: string;
  @ApiProperty({ format: 'date-time', description: 'When it is revoked at the earliest, unless it is used before' })
  readonly revokesAt!: string;
}

/** An authorization as it is shown: what it covers, how it stands, at which level and why. */
export class AuthorizationView {
  @ApiProperty({ format: 'uuid', description: 'Id of the authorization' }) id!: string;
  @ApiProperty({ enum: STANDINGS }) status!: string;
  @ApiPropertyOptional({ enum: SUSPENDERS, isArray: true, description: 'While a suspension stands: whose (SUS-03)' })
  suspendedBy?: readonly string[];
  @ApiProperty({ enum: ['regular', 'administration'] }) authority!: string;
  @ApiPropertyOptional({ enum: ['first', 'repeated'], description: 'Book it was judged by; not shown in lists' })
  registration?: string;
  @ApiProperty({ format: 'uuid', description: 'Intake it was registered on' }) application!: string;
  @ApiProperty({ format: 'uuid', description: 'The party that is represented' }) representedParty!: string;
  @ApiProperty({ description: 'Who may act for it' }) authorizedParty!: AuthorizedPartyView;
  @ApiProperty({ description: 'What it covers (CONT-04 to CONT-06)' }) scope!: ScopeView;
  @ApiProperty({ description: 'The nature of the authority (CONT-09)' }) nature!: NatureView;
  @ApiPropertyOptional({ type: 'string', isArray: true, description: 'Only these establishments' })
  establishments?: readonly string[];
  @ApiPropertyOptional({
    description: 'OIN of the register in which the next link can be verified (CHAIN-09); not shown in lists',
  })
  nextLinkRegister?: string;
  @ApiPropertyOptional({
    description: 'Consent to show it to others of the represented party (CONSENT-07); not shown in lists',
  })
  displayConsent?: boolean;
  @ApiPropertyOptional({
    description:
      'What the represented party states of the authorized person’s permission (CONSENT-08); absent: nothing. Not shown in lists',
  })
  displayPermission?: DisplayPermissionView;
  @ApiProperty({ format: 'date-time', description: 'When it was registered' }) registeredAt!: string;
  @ApiProperty({ format: 'date-time', description: 'Begin of validity' }) validFrom!: string;
  @ApiProperty({ format: 'date-time', description: 'End of validity' }) validUntil!: string;
  @ApiPropertyOptional({ description: 'More than five years was asked for (REG-08)' }) capped?: boolean;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 4, description: 'Class of the authorization (SYN-01)' })
  m!: number;
  @ApiProperty({ enum: EH_LEVELS, nullable: true, description: 'Level as decided; null without a means' })
  eh!: string | null;
  @ApiPropertyOptional({ enum: EIDAS_LEVELS, nullable: true, description: 'The same in the words of eIDAS' })
  eidas?: string | null;
  @ApiPropertyOptional({ enum: EH_LEVELS, nullable: true, description: 'Most that the submitter could give' })
  submitterLevel?: string | null;
  @ApiPropertyOptional({ enum: EH_LEVELS, description: 'Level that was aimed at (REG-16)' }) aimedLevel?: string;
  @ApiPropertyOptional({ ...referenceTo('AuthorizationScores'), description: 'Score per aspect' }) scores?: object;
  @ApiPropertyOptional({ ...referenceTo('AuthorizationRows'), description: 'Rows that earn the scores' })
  rows?: object;
  @ApiPropertyOptional({ type: 'string', isArray: true, description: 'SHOULDs departed from with a reason' })
  flags?: readonly string[];
  @ApiPropertyOptional({ type: 'string', format: 'uuid', isArray: true, description: 'Checks it rests on' })
  checks?: readonly string[];
  @ApiPropertyOptional({
    type: AspectView,
    isArray: true,
    description: 'Each aspect with its checks, also those that joined by themselves',
  })
  aspects?: readonly AspectView[];
  @ApiPropertyOptional({ description: 'Version of the rules it was judged by' }) ruleSet?: string;
  @ApiPropertyOptional({ description: 'The decision that level and checks are of: of its registration or a later one' })
  decision?: DecisionView;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it was revoked' }) revokedAt?: string;
  @ApiPropertyOptional({
    enum: ['nonUse'],
    description: 'Of one that was revoked and whose revocation nobody asked for; not shown in lists',
  })
  revokedFor?: string;
  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description:
      'Last use, to the day: the first one of that day (USE-02). Absent: it was never used, or a command is answered; `null`: it can’t be told at this moment',
  })
  lastUsedAt?: string | null;
  @ApiPropertyOptional({ description: 'It was not used for so long that it will be revoked (NONUSE-02)' })
  nonUse?: NonUseView;
}

export class AuthorizationAnswer extends AuthorizationView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export class AuthorizationPage {
  @ApiProperty({ type: 'array', items: referenceTo('SeenAuthorization'), description: 'Newest first' })
  items!: (AuthorizationView | PartialAuthorizationView)[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}

export const authorizationExample = {
  id: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44',
  status: 'active',
  authority: 'regular',
  registration: 'first',
  application: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  representedParty: '8a7b6c5d-1111-4222-8333-944455566677',
  authorizedParty: {
    person: '3c2d4e5f-1111-4222-8333-944455566677',
    means: '5e6f7a8b-1111-4222-8333-944455566677',
    pseudonym: 'b6c1e0f8-5a0e-4c57-9d35-0c3a9b1f2d44',
  },
  scope: { all: false, services: ['urn:etoegang:DV:00000099800000001000:services:1'], groups: [] },
  nature: { rightOfSubstitution: false, actsIndependently: true },
  displayConsent: true,
  registeredAt: '2026-03-02T15:00:00.000Z',
  validFrom: '2026-03-02T23:00:00.000Z',
  validUntil: '2031-03-02T23:00:00.000Z',
  m: 3,
  eh: 'EH3',
  eidas: 'substantial',
  submitterLevel: null,
  aimedLevel: 'EH3',
  scores: { IA: 2, IO: 3, IG: 3, IV: 3, IM: 2, PD: 2, PV: 3, PI: 3, PT: 2 },
  rows: { IA: ['IA2-b'], IO: ['IO3-d'], IG: ['IG3-f'], IV: ['IV3'] },
  flags: [],
  ruleSet: 'eh-1.5.1',
  decision: {
    kind: 'registration',
    application: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
    decidedAt: '2026-03-02T15:00:00.000Z',
  },
};

/** Its party states that the person permits to be shown. */
export const permittedAuthorizationExample = {
  ...authorizationExample,
  displayPermission: {
    permitted: true,
    statedBy: '1a2b3c4d-1111-4222-8333-944455566677',
    statedAt: '2026-03-05T10:00:00.000Z',
  },
};

/** Renewed for another five years by its administrator. */
export const renewedAuthorizationExample = {
  ...authorizationExample,
  registration: 'repeated',
  validUntil: '2036-02-20T23:00:00.000Z',
  submitterLevel: 'EH3',
  rows: { IA: ['R-IA2-c'], IO: ['R-IO3-e'], IG: ['IG3-f'], IV: ['R-IV'] },
  decision: {
    kind: 'renewal',
    application: '6b7c8d9e-5a0e-4c57-9d35-0c3a9b1f2d44',
    decidedAt: '2031-02-20T15:00:00.000Z',
    receivedAt: '2031-02-20T14:59:00.000Z',
    dueAt: null,
    breached: false,
  },
};

/** Limited to one establishment by its administrator. */
export const changedAuthorizationExample = {
  ...authorizationExample,
  registration: 'repeated',
  establishments: ['000037178598'],
  submitterLevel: 'EH3',
  rows: { IA: ['R-IA2-c'], IO: ['R-IO3-e'], IG: ['IG3-f'], IV: ['R-IV'] },
  decision: {
    kind: 'change',
    application: '6b7c8d9e-5a0e-4c57-9d35-0c3a9b1f2d44',
    decidedAt: '2027-02-20T15:00:00.000Z',
    receivedAt: '2027-02-19T10:00:00.000Z',
    dueAt: '2027-02-23T10:00:00.000Z',
    breached: false,
  },
};

/** The same of an intermediary: no means, so that it has no level of its own. */
export const intermediaryExample = {
  ...authorizationExample,
  id: '6d5c4b3a-1111-4222-8333-944455566677',
  authorizedParty: { party: '7e6d5c4b-1111-4222-8333-944455566677' },
  eh: null,
  eidas: null,
  scores: { IA: 2, IO: 3, IR: 2, IV: 3, IM: 2, PD: 2, PV: 3, PI: 3, PT: 2 },
  rows: { IA: ['IA2-b'], IO: ['IO3-d'], IR: ['IR2-b'], IV: ['IV3'] },
};

export const revokedAuthorizationExample = {
  ...authorizationExample,
  status: 'revoked',
  revokedAt: '2026-03-09T08:00:01.000Z',
};

/** Not used for 24 months. */
export const noticedAuthorizationExample = {
  ...authorizationExample,
  lastUsedAt: '2026-03-04T09:12:40.118Z',
  nonUse: { noticedAt: '2028-03-05T00:00:00.351Z', revokesAt: '2028-04-04T21:59:59.999Z' },
};

export const unusedAuthorizationExample = {
  ...noticedAuthorizationExample,
  status: 'revoked',
  revokedAt: '2028-04-04T22:00:00.213Z',
  revokedFor: 'nonUse',
};

type Notice = Pick<NonNullable<RegisteredAuthorization['nonUse']>, 'noticedAt' | 'revokesAt' | 'lastUsedAt'>;

/** What the view says of use: its last one (`null` for never, `undefined` where it can't be told), and its notice. */
export const useOf = (
  notice: Notice | undefined,
  lastUsedAt: Instant | null | undefined,
): Pick<AuthorizationView, 'lastUsedAt' | 'nonUse'> => ({
  ...(lastUsedAt === null ? {} : { lastUsedAt: lastUsedAt ?? null }),
  ...noticeOf(notice, lastUsedAt ?? null),
});

/** The notice where it was not used since. */
const noticeOf = (notice: Notice | undefined, lastUsedAt: Instant | null): Pick<AuthorizationView, 'nonUse'> =>
  notice === undefined || (lastUsedAt !== null && (notice.lastUsedAt === null || lastUsedAt > notice.lastUsedAt))
    ? {}
    : { nonUse: { noticedAt: notice.noticedAt, revokesAt: notice.revokesAt } };

export function authorizationView(
  authorization: RegisteredAuthorization,
  history: readonly Recorded<DomainEvent>[],
  at: Instant,
): AuthorizationView {
  const {
    authorization: id,
    application,
    authority,
    registration,
    representedParty,
    authorizedParty,
    scope,
    nature,
  } = authorization;
  const decided = history.findLast(({ type }) => DECIDING.has(type));
  const ruleSet = decided?.metadata.ruleSet;
  return {
    id,
    status: standingAt(authorization, at),
    authority,
    registration,
    application,
    representedParty,
    authorizedParty,
    scope,
    nature,
    ...(authorization.establishments === undefined ? {} : { establishments: authorization.establishments }),
    ...(authorization.nextLinkRegister === undefined ? {} : { nextLinkRegister: authorization.nextLinkRegister }),
    // None was ever registered without.
    displayConsent: true,
    ...(authorization.displayPermission === undefined ? {} : { displayPermission: authorization.displayPermission }),
    registeredAt: authorization.registeredAt,
    validFrom: authorization.validFrom,
    validUntil: authorization.validUntil,
    capped: authorization.capped,
    m: authorization.m,
    eh: authorization.eh,
    eidas: authorization.eidas,
    submitterLevel: authorization.submitterLevel,
    aimedLevel: authorization.aimedLevel,
    scores: authorization.scores,
    rows: authorization.rows,
    flags: authorization.flags,
    checks: authorization.checks,
    ...(authorization.evidence === undefined || ruleSet === undefined || !isRuleSetVersion(ruleSet)
      ? {}
      : {
          aspects: authorizationAspects(authorization, registration, authorization.evidence, ruleSetOf(ruleSet)),
        }),
    ...(ruleSet === undefined ? {} : { ruleSet }),
    ...(decided === undefined
      ? {}
      : {
          decision: {
            kind: KINDS[decided.type]!,
            application: authorization.decidedOn,
            decidedAt: authorization.decidedAt,
            ...turnaroundOf(authorization),
          },
        }),
    ...(authorization.status === 'suspended' ? { suspendedBy: authorization.suspensions.map(({ by }) => by) } : {}),
    ...(authorization.status === 'revoked' ? { revokedAt: authorization.revokedAt } : {}),
    ...(authorization.status === 'revoked' && authorization.nonUse !== undefined ? { revokedFor: 'nonUse' } : {}),
    ...noticeOf(authorization.nonUse, null),
  };
}

function turnaroundOf({ turnaround }: RegisteredAuthorization) {
  if (turnaround === undefined) return {};
  const { receivedAt, dueAt, breached } = turnaround;
  return { receivedAt, dueAt, breached };
}

/** The shorter form of lists. */
export function authorizationItem(row: AuthorizationRow, at: Instant): AuthorizationView {
  return {
    id: row.id,
    status: standingAt(row, at),
    authority: row.authority,
    application: row.application,
    representedParty: row.representedParty,
    authorizedParty:
      row.authorizedPerson === null
        ? { party: row.authorizedParty! }
        : { person: row.authorizedPerson, means: row.means!, pseudonym: row.pseudonym! },
    scope: row.scope,
    nature: row.nature,
    ...(row.establishments === null ? {} : { establishments: row.establishments }),
    registeredAt: row.registeredAt,
    validFrom: row.validFrom,
    validUntil: row.validUntil,
    m: row.m,
    eh: row.eh,
    submitterLevel: row.submitterLevel,
    ...(row.revokedAt === null ? {} : { revokedAt: row.revokedAt }),
  };
}
