import { accept, clear, reject, type Decider, type Decision, type Rejection } from '#libs/kernel';
import { atLeast } from '#libs/scheme';
import { isLate, judgeHappened } from '../common/happened.js';
import { levelNotReached, schemeRejections } from '../common/scheme-rejections.js';
import {
  rejectAuthorization,
  type AuthorizationCommand,
  type RegisterAuthorization,
} from './authorization.commands.js';
import type { AuthorizationEvent } from './authorization.events.js';
import { evolveAuthorization, initialAuthorization, standingAt, type Authorization } from './authorization.state.js';

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
        if (standing === 'revoked' || standing === 'expired')
          return reject({ ...rejectAuthorization('no-such-registration'), kind: 'refused', facts: { standing } });
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

function register(command: RegisterAuthorization): Decision<AuthorizationEvent> {
  if (command.validity.validUntil <= command.now)
    return reject(rejectAuthorization('period-has-passed', { pointer: '/period/until' }));
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
      nature: command.nature,
      validFrom: command.period.from,
      validUntil: command.validity.validUntil,
      capped: command.validity.capped,
      registeredAt: now,
      checks: command.checks,
      evidence: command.evidence,
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
function contentRefusals(command: RegisterAuthorization): readonly Rejection[] {
  const { classification, scope } = command;
  const refusals: Rejection[] = [];
  if (classification.eh === 'EH1' && !scope.all) refusals.push(rejectAuthorization('scope-not-allowed-at-EH1'));
  if (!command.displayConsent) refusals.push(rejectAuthorization('display-consent-missing'));
  for (const service of command.withdrawnServices)
    refusals.push(rejectAuthorization('service-withdrawn', { facts: { service } }));
  if ('party' in command.authorizedParty) {
    for (const service of command.servicesWithoutChains) {
      refusals.push(rejectAuthorization('service-without-chain-support', { facts: { service } }));
    }
  }
  if (command.closedForIssuance) {
    refusals.push({ code: 'level-closed-for-issuance', kind: 'refused', facts: { level: classification.eh } });
  }
  return refusals;
}
