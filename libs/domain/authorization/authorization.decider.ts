import {
  accept,
  canonicalJson,
  clear,
  reject,
  type Decider,
  type Decision,
  type Instant,
  type JsonValue,
  type Rejection,
} from '#libs/kernel';
import { atLeast, ehOfM, maxEh } from '#libs/scheme';
import { isLate, judgeHappened } from '../common/happened.js';
import { levelNotReached, renewalBelowLevel, schemeRejections } from '../common/scheme-rejections.js';
import { lift, rejectSuspension, suspend } from '../common/suspension.js';
import { withBreach } from '../common/turnaround.js';
import type { Addressee } from '../confirmation/confirmation.events.js';
import {
  rejectAuthorization,
  type AddresseeTold,
  type AuthorizationCommand,
  type ChangeAuthorization,
  type DecideAnew,
  type RegisterAuthorization,
  type RenewAuthorization,
  type ReviewNonUse,
  type StateDisplayPermission,
} from './authorization.commands.js';
import {
  CHANGEABLE,
  type AuthorizationChanged,
  type AuthorizationEvent,
  type AuthorizedParty,
  type Scope,
} from './authorization.events.js';
import {
  evolveAuthorization,
  initialAuthorization,
  standingAt,
  type Authorization,
  type RegisteredAuthorization,
  type Standing,
} from './authorization.state.js';

export const authorizationDecider: Decider<Authorization, AuthorizationCommand, AuthorizationEvent> = {
  initialState: initialAuthorization,
  evolve: evolveAuthorization,

  decide(command, state): Decision<AuthorizationEvent> {
    if (command.type === 'RegisterAuthorization') {
      return state.status === 'none' ? register(command) : reject(rejectAuthorization('authorization-exists'));
    }
    if (state.status === 'none') return reject(rejectAuthorization('no-such-registration'));

    switch (command.type) {
      case 'ActivateAuthorization': {
        const standing = standingAt(state, command.now);
        if (standing === 'revoked' || standing === 'expired') return reject(ended(standing));
        if (standing === 'suspended') return reject(rejectSuspension('suspended'));
        if (!command.byHolder) return reject(rejectAuthorization('not-activated-by-holder'));
        if (state.status === 'active') {
          return state.activatedAt === command.activatedAt
            ? accept()
            : reject(rejectAuthorization('authorization-already-active'));
        }
        const { activatedAt, checks, lateEntryReason, now } = command;
        const faults = [
          ...judgeHappened(activatedAt, now, '/activatedAt', lateEntryReason),
          ...(activatedAt < state.registeredAt
            ? [rejectAuthorization('activated-before-registration', { pointer: '/activatedAt' })]
            : []),
        ];
        if (faults.length > 0) return reject(...faults);
        return accept({
          type: 'AuthorizationActivated',
          data: {
            authorization: state.authorization,
            application: command.application,
            activatedAt,
            checks,
            late: isLate(activatedAt, now),
            ...(lateEntryReason === undefined ? {} : { lateEntryReason: clear(lateEntryReason) }),
          },
        });
      }
      case 'RenewAuthorization': {
        const standing = standingAt(state, command.now);
        if (standing === 'revoked' || standing === 'expired') return reject(ended(standing));
        return isSuspended(command, standing) ? reject(rejectSuspension('suspended')) : renew(command, state, standing);
      }
      case 'ChangeAuthorization': {
        const standing = standingAt(state, command.now);
        if (standing === 'revoked' || standing === 'expired') return reject(ended(standing));
        return isSuspended(command, standing) ? reject(rejectSuspension('suspended')) : change(command, state);
      }
      case 'StateDisplayPermission': {
        const standing = standingAt(state, command.now);
        return standing === 'revoked' || standing === 'expired'
          ? reject(ended(standing))
          : stateDisplayPermission(command, state);
      }
      case 'SuspendAuthorization':
      case 'LiftSuspension': {
        const standing = standingAt(state, command.now);
        if (standing === 'revoked' || standing === 'expired') return reject(ended(standing));
        const { authorization } = state;
        const standingSuspensions = state.status === 'suspended' ? state.suspensions : [];
        if (command.type === 'LiftSuspension') {
          const lifted = lift(standingSuspensions, command);
          return 'fact' in lifted
            ? accept({ type: 'AuthorizationSuspensionLifted', data: { authorization, ...lifted.fact } })
            : reject(...lifted.rejections);
        }
        const suspended = suspend(standingSuspensions, command);
        return 'fact' in suspended
          ? accept({ type: 'AuthorizationSuspended', data: { authorization, ...suspended.fact } })
          : reject(...suspended.rejections);
      }
      case 'ReviewNonUse': {
        const standing = standingAt(state, command.now);
        return standing === 'revoked' || standing === 'expired' ? accept() : accept(...reviewed(command, state));
      }
      case 'RevokeAuthorization':
        if (state.status === 'revoked') return accept();
        return accept({
          type: 'AuthorizationRevoked',
          data: {
            authorization: state.authorization,
            revocationRequest: command.revocationRequest,
            revokedAt: command.now,
          },
        });
    }
  },
};

/** By who may see all of it as one of those who manage it: at its level (RIGHTS-07), within his establishments (ADMIN-10). */
function stateDisplayPermission(
  { application, permitted, statedBy, role, manages, login, level, now }: StateDisplayPermission,
  state: RegisteredAuthorization,
): Decision<AuthorizationEvent> {
  const need = state.eh ?? ehOfM(state.m);
  const refusals: Rejection[] = [
    ...(manages === 'nothing' ? schemeRejections(['no-administration-authority']) : []),
    ...(manages === 'others' ? schemeRejections(['outside-establishment']) : []),
    ...(atLeast(level, need)
      ? []
      : [{ code: 'admin-level-too-low', kind: 'refused', facts: { have: level, need } } as const]),
    ...('party' in state.authorizedParty ? [rejectAuthorization('nobody-to-show')] : []),
  ];
  if (refusals.length > 0) return reject(...refusals);
  if (state.displayPermission?.permitted === permitted) return accept();
  const { authorization } = state;
  return accept({
    type: 'DisplayPermissionStated',
    data: { authorization, application, permitted, statedBy, role, checks: [login], level, statedAt: now },
  });
}

/** Suspended or renewed makes no difference: neither is use (NONUSE-04, SUS-05). */
function reviewed(command: ReviewNonUse, state: RegisteredAuthorization): readonly AuthorizationEvent[] {
  const { lastUsedAt, recordsUpTo, periods, now } = command;
  const { authorization, nonUse: notice } = state;
  if (notice === undefined) return noticed(command, state);
  // By what the notice had seen, and not by its moment: clocks are set.
  const isUsed = lastUsedAt !== null && (notice.lastUsedAt === null || lastUsedAt > notice.lastUsedAt);
  if (isUsed || periods === null) {
    const ground = isUsed ? 'used' : 'notRevokedAtLevel';
    const { noticedAt } = notice;
    return [
      {
        type: 'AuthorizationNonUseNoticeWithdrawn',
        data: { authorization, noticedAt, ground, lastUsedAt, withdrawnAt: now },
      },
      ...noticed(command, state),
    ];
  }
  // Of one that names nobody it can't be known that anybody was told: it counts for nothing (NONUSE-03).
  if (notice.addressees === undefined) return noticed(command, state);
  const named = notice.addressees;
  const newcomers = command.addressees.filter((one) => !isAmong(named, one));
  if (newcomers.length > 0) {
    const { noticedAt } = notice;
    return [
      {
        type: 'AuthorizationNonUseNoticeExtended',
        data: { authorization, noticedAt, addressees: newcomers, extendedAt: now },
      },
    ];
  }
  // Of nobody in office nothing was looked up: it is not due.
  if (command.addressees.length === 0) return [];
  const told = tellingsOf(waitedFor(named, command), command);
  const hasRunOut = told?.every(({ runsOutAt }) => runsOutAt <= now) ?? false;
  if (told === undefined || !hasRunOut || notice.revokesAt > now) return [];
  const tellings = told.map(({ confirmation, sentAt }) => ({ confirmation, sentAt }));
  const erased = inOffice(named, command).filter((one) => isAmong(command.erased, one));
  const nonUse = { ...notice, recordsUpTo, told: tellings, ...(erased.length === 0 ? {} : { erased }) };
  return [{ type: 'AuthorizationRevoked', data: { authorization, revokedAt: now, nonUse } }];
}

const isAmong = (some: readonly Addressee[], { kind, id }: Addressee): boolean =>
  some.some((one) => one.kind === kind && one.id === id);

/** Of those whom a notice names: an administrator who is none any more is not waited for (NONUSE-02: if present). */
const inOffice = (named: readonly Addressee[], { addressees }: Pick<ReviewNonUse, 'addressees'>) =>
  named.filter((one) => isAmong(addressees, one));

/** Of those whom a notice names, who has to have been told of it: who is in office, and can be told at all. */
export const waitedFor = (
  named: readonly Addressee[],
  review: Pick<ReviewNonUse, 'addressees' | 'erased'>,
): readonly Addressee[] => inOffice(named, review).filter((one) => !isAmong(review.erased, one));

/** How each of them was told; `undefined` where one of them was not. */
function tellingsOf(addressees: readonly Addressee[], { told }: ReviewNonUse): readonly AddresseeTold[] | undefined {
  const tellings = addressees.flatMap(
    ({ kind, id }) => told.find(({ addressee }) => addressee.kind === kind && addressee.id === id) ?? [],
  );
  return tellings.length === addressees.length ? tellings : undefined;
}

function noticed(
  { lastUsedAt, periods, addressees, now }: ReviewNonUse,
  { authorization }: RegisteredAuthorization,
): readonly AuthorizationEvent[] {
  // A notice that tells nobody would be none.
  if (periods === null || periods.noticeFrom > now || addressees.length === 0) return [];
  const { countsFrom, revokesAt } = periods;
  return [
    {
      type: 'AuthorizationNonUseNoticed',
      data: { authorization, noticedAt: now, lastUsedAt, countsFrom, revokesAt, addressees },
    },
  ];
}

/** It was there, and is final (MUT-01, REG-14). */
const ended = (standing: Standing): Rejection => ({
  ...rejectAuthorization('no-such-registration'),
  kind: 'refused',
  facts: { standing },
});

/** On a suspended means it is as little in force as where it is suspended itself (SUS-05). */
const isSuspended = ({ meansSuspended }: DecideAnew, standing: Standing): boolean =>
  standing === 'suspended' || meansSuspended;

function renew(
  command: RenewAuthorization,
  state: RegisteredAuthorization,
  standing: Standing,
): Decision<AuthorizationEvent> {
  const { period, validity, classification, aimedLevel, acceptLower, now } = command;
  if (standing !== 'active') return reject(rejectAuthorization('authorization-not-active', { facts: { standing } }));
  const faults = [
    ...(period.from > state.validUntil ? [rejectAuthorization('period-leaves-gap', { pointer: '/period/from' })] : []),
    ...(validity.validUntil <= state.validUntil
      ? [rejectAuthorization('period-not-extended', { pointer: '/period/until' })]
      : []),
  ];
  if (faults.length > 0) return reject(...faults);
  const refusals = [
    ...cannotBeManaged(command, state),
    ...(isAhead(state, now) ? [rejectAuthorization('renewal-not-begun')] : []),
  ];
  // Without an M level there is nothing to renew; the codes say why (classification.md §1.7).
  const reached = classification.eh !== null && atLeast(classification.eh, aimedLevel);
  const isBelow = !reached || classification.m < state.m;
  if (classification.m === 0) refusals.push(...schemeRejections(classification.refusals));
  else if (isBelow && !acceptLower) {
    refusals.push(
      renewalBelowLevel({
        aimed: aimedLevel,
        reached: classification.eh,
        current: command.currentLevel,
        missing: { ...classification.missingFor[reached ? (state.eh ?? aimedLevel) : aimedLevel] } as never,
      }),
      ...schemeRejections(classification.refusals),
    );
  }
  if (command.closedForIssuance) refusals.push(closed(command));
  if (refusals.length > 0) return reject(...refusals);
  return accept({
    type: 'AuthorizationRenewed',
    data: {
      ...decidedAnew(command, state),
      procedure: command.procedure,
      previousM: state.m,
      periodFrom: period.from,
      validUntil: validity.validUntil,
      capped: validity.capped,
      renewedAt: now,
    },
  });
}

function change(command: ChangeAuthorization, state: RegisteredAuthorization): Decision<AuthorizationEvent> {
  const { set, classification, aimedLevel, acceptLower, currentLevel, now } = command;
  const hasBegun = state.validFrom <= now;
  const { period } = set;
  const faults = [
    ...(period !== undefined && hasBegun && period.from > now
      ? [rejectAuthorization('period-leaves-gap', { pointer: '/set/period/from' })]
      : []),
    ...(period !== undefined && period.validUntil <= now
      ? [rejectAuthorization('period-has-passed', { pointer: '/set/period/until' })]
      : []),
  ];
  if (faults.length > 0) return reject(...faults);
  const content = changedContent(command, state, hasBegun);
  const changed = CHANGEABLE.filter((name) => isOther(name, content, state));
  if (changed.length === 0) return accept();

  const refusals = cannotBeManaged(command, state);
  if (command.outsideEstablishment) refusals.push(...schemeRejections(['outside-establishment']));
  if (hasBegun && content.validUntil > state.validUntil) refusals.push(rejectAuthorization('renewal-needed'));
  // What is there does not become lower because less was aimed at: that is said (REG-16).
  const least = currentLevel === null || atLeast(aimedLevel, currentLevel) ? aimedLevel : currentLevel;
  const reached = classification.eh !== null && atLeast(classification.eh, least);
  // Nor does its M, which a lower means hides: it shows once that is upgraded (UPG-03).
  const isBelow = !reached || classification.m < state.m;
  const kept = reached ? ehOfM(state.m) : least;
  if (classification.m === 0) refusals.push(...schemeRejections(classification.refusals));
  else if (isBelow && !acceptLower) {
    refusals.push(
      levelNotReached({
        aimed: kept,
        reached: classification.eh,
        missing: { ...classification.missingFor[kept] } as never,
      }),
      ...schemeRejections(classification.refusals),
    );
  }
  refusals.push(...generalAtLevelOne(command, set.scope), ...serviceRefusals(command, state.authorizedParty));
  if (command.closedForIssuance) refusals.push(closed(command));
  if (refusals.length > 0) return reject(...refusals);
  return accept({
    type: 'AuthorizationChanged',
    data: { ...decidedAnew(command, state), changed, ...content, previousM: state.m, changedAt: now },
  });
}

type Content = Pick<
  AuthorizationChanged['data'],
  'scope' | 'forThirdParties' | 'establishments' | 'nature' | 'validFrom' | 'validUntil' | 'capped'
>;

/** What it covers by then. What has begun began when it did. */
function changedContent({ set }: ChangeAuthorization, state: RegisteredAuthorization, hasBegun: boolean): Content {
  const establishments = set.establishments === undefined ? state.establishments : set.establishments;
  const { period } = set;
  return {
    scope: set.scope ?? state.scope,
    forThirdParties: set.forThirdParties ?? state.forThirdParties,
    ...(establishments === undefined || establishments === null ? {} : { establishments }),
    nature: set.nature ?? state.nature,
    validFrom: period === undefined || hasBegun ? state.validFrom : period.from,
    validUntil: period?.validUntil ?? state.validUntil,
    capped: period?.capped ?? state.capped,
  };
}

const isOther = (name: (typeof CHANGEABLE)[number], content: Content, state: RegisteredAuthorization): boolean =>
  name === 'period'
    ? content.validFrom !== state.validFrom || content.validUntil !== state.validUntil
    : canonicalJson((content[name] ?? null) as JsonValue) !== canonicalJson((state[name] ?? null) as JsonValue);

/** The period of the last renewal lies ahead still. */
const isAhead = ({ periodFrom }: RegisteredAuthorization, now: Instant): boolean =>
  periodFrom !== undefined && periodFrom > now;

const closed = ({ classification }: Pick<DecideAnew, 'classification'>): Rejection => ({
  code: 'level-closed-for-issuance',
  kind: 'refused',
  facts: { level: classification.eh },
});

/** Why this one may not decide on this authorization, whatever the checks earn. */
function cannotBeManaged(
  { classification, currentLevel, meansEnded }: DecideAnew,
  { m }: RegisteredAuthorization,
): Rejection[] {
  const { submitterLevel } = classification;
  // As for a revocation: what its M carries counts also where the means allows less, or is not issued yet (AMB-72).
  const need = maxEh(currentLevel ?? 'EH1', ehOfM(m));
  const isTooLow = submitterLevel !== null && !atLeast(submitterLevel, need);
  return [
    ...(meansEnded ? [{ code: 'means-revoked', kind: 'conflict' } as const] : []),
    // What is above him he manages not at all, at whatever level he would accept (ADMIN-03).
    ...(isTooLow
      ? [
          {
            code: 'admin-level-too-low',
            kind: 'refused',
            facts: { have: submitterLevel, need },
          } as const,
        ]
      : []),
  ];
}

const decidedAnew = (command: DecideAnew, { authorization }: RegisteredAuthorization) => ({
  authorization,
  application: command.application,
  registration: command.registration,
  submitter: command.submitter,
  ...(command.legalRepresentative === undefined ? {} : { legalRepresentative: command.legalRepresentative }),
  checks: command.checks,
  evidence: command.evidence,
  ...(command.copies === undefined ? {} : { copies: command.copies }),
  ...(command.authorities === undefined ? {} : { authorities: command.authorities }),
  scores: command.classification.scores,
  rows: command.classification.rows,
  m: command.classification.m,
  eh: command.classification.eh,
  eidas: command.classification.eidas,
  submitterLevel: command.classification.submitterLevel,
  flags: command.classification.flags,
  ...(command.meansStork === undefined ? {} : { meansStork: command.meansStork }),
  aimedLevel: command.aimedLevel,
  acceptLower: command.acceptLower,
  ...(command.deviationReason === undefined ? {} : { deviationReason: clear(command.deviationReason) }),
  ...(command.turnaround === undefined ? {} : { turnaround: withBreach(command.turnaround, command.now) }),
});

function register(command: RegisterAuthorization): Decision<AuthorizationEvent> {
  if (command.validity.validUntil <= command.now)
    return reject(rejectAuthorization('period-has-passed', { pointer: '/period/until' }));
  if (command.nextLinkRegister !== undefined && 'person' in command.authorizedParty)
    return reject(rejectAuthorization('no-next-link', { pointer: '/nextLinkRegister' }));
  const refusals = judgeRegistration(command);
  if (refusals.length > 0) return reject(...refusals);

  const { authorization, classification, now } = command;
  const registered: AuthorizationEvent = {
    type: 'AuthorizationRegistered',
    data: {
      authorization,
      application: command.application,
      registration: command.registration,
      authority: command.authority,
      representedParty: command.representedParty,
      submitter: command.submitter,
      ...(command.legalRepresentative === undefined ? {} : { legalRepresentative: command.legalRepresentative }),
      authorizedParty: command.authorizedParty,
      scope: command.scope,
      ...(command.establishments === undefined ? {} : { establishments: command.establishments }),
      forThirdParties: command.forThirdParties,
      ...(command.onlyForClients === undefined ? {} : { onlyForClients: command.onlyForClients }),
      ...(command.nextLinkRegister === undefined ? {} : { nextLinkRegister: command.nextLinkRegister }),
      nature: command.nature,
      displayConsent: true,
      ...(command.displayPermitted === undefined ? {} : { displayPermitted: command.displayPermitted }),
      validFrom: command.period.from,
      validUntil: command.validity.validUntil,
      capped: command.validity.capped,
      registeredAt: now,
      checks: command.checks,
      evidence: command.evidence,
      ...(command.copies === undefined ? {} : { copies: command.copies }),
      ...(command.authorities === undefined ? {} : { authorities: command.authorities }),
      scores: classification.scores,
      rows: classification.rows,
      m: classification.m,
      eh: classification.eh,
      eidas: classification.eidas,
      submitterLevel: classification.submitterLevel,
      flags: classification.flags,
      ...(command.meansStork === undefined ? {} : { meansStork: command.meansStork }),
      aimedLevel: command.aimedLevel,
      acceptLower: command.acceptLower,
      ...(command.deviationReason === undefined ? {} : { deviationReason: clear(command.deviationReason) }),
    },
  };
  if (command.awaitsActivation) return accept(registered);
  return accept<AuthorizationEvent>(registered, {
    type: 'AuthorizationActivated',
    data: { authorization, application: command.application, activatedAt: now, checks: [], late: false },
  });
}

function judgeRegistration(command: RegisterAuthorization): readonly Rejection[] {
  const { classification, aimedLevel, acceptLower } = command;
  // Without an M level nothing can be registered; the codes say why (classification.md §1.7).
  if (classification.m === 0) return [...schemeRejections(classification.refusals), ...contentRefusals(command)];
  const reached = classification.eh !== null && atLeast(classification.eh, aimedLevel);
  if (!reached && !acceptLower) {
    return [
      levelNotReached({
        aimed: aimedLevel,
        reached: classification.eh,
        missing: { ...classification.missingFor[aimedLevel] } as never,
      }),
      ...schemeRejections(classification.refusals),
      ...contentRefusals(command),
    ];
  }
  return contentRefusals(command);
}

/** What is refused because of what was asked, not because of the evidence. */
const contentRefusals = (command: RegisterAuthorization): readonly Rejection[] => [
  ...generalAtLevelOne(command, command.scope),
  ...(command.displayConsent ? [] : [rejectAuthorization('display-consent-missing')]),
  ...serviceRefusals(command, command.authorizedParty),
  ...(command.closedForIssuance ? [closed(command)] : []),
];

/** CONT-07: judged on the level that is reached where the scope is named. */
const generalAtLevelOne = (
  { classification }: Pick<DecideAnew, 'classification'>,
  scope: Scope | undefined,
): readonly Rejection[] =>
  classification.eh === 'EH1' && scope?.all === false ? [rejectAuthorization('scope-not-allowed-at-EH1')] : [];

const serviceRefusals = (
  {
    withdrawnServices,
    servicesWithoutChains,
  }: Pick<RegisterAuthorization, 'withdrawnServices' | 'servicesWithoutChains'>,
  authorizedParty: AuthorizedParty,
): readonly Rejection[] => [
  ...withdrawnServices.map((service) => rejectAuthorization('service-withdrawn', { facts: { service } })),
  ...('party' in authorizedParty ? servicesWithoutChains : []).map((service) =>
    rejectAuthorization('service-without-chain-support', { facts: { service } }),
  ),
];
