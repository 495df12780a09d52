import { accept, canonicalJson, clear, reject, type Decider, type Decision } from '#libs/kernel';
import type { StorkLevel } from '#libs/scheme';
import { isLate, judgeHappened } from '../common/happened.js';
import { levelNotReached, renewalBelowLevel, schemeRejections } from '../common/scheme-rejections.js';
import { lift, rejectSuspension, suspend } from '../common/suspension.js';
import { rejectMeans, type MeansCommand } from './means.commands.js';
import type { MeansEvent } from './means.events.js';
import { evolveMeans, initialMeans, type Means } from './means.state.js';

export const meansDecider: Decider<Means, MeansCommand, MeansEvent> = {
  initialState: initialMeans,
  evolve: evolveMeans,

  decide(command, state): Decision<MeansEvent> {
    if (command.type === 'ApplyForMeans') {
      if (state.status !== 'none') return reject(rejectMeans('means-exists'));
      if (command.closedForIssuance)
        return reject(rejectMeans('level-closed-for-issuance', { facts: { stork: command.aimedStork } }));
      const { means, application, holder, pseudonym, product, aimedStork, party, now } = command;
      return accept({
        type: 'MeansApplied',
        data: {
          means,
          application,
          holder,
          pseudonym,
          product,
          aimedStork,
          ...(party === undefined ? {} : { party }),
          appliedAt: now,
        },
      });
    }
    if (state.status === 'none') return reject(rejectMeans('no-such-means'));
    if (command.type === 'RevokeMeans') {
      if (state.status === 'revoked') return accept();
      return accept({
        type: 'MeansRevoked',
        data: { means: state.id, revocationRequest: command.revocationRequest, revokedAt: command.now },
      });
    }
    if (state.status === 'revoked') return reject(rejectMeans('means-revoked'));

    switch (command.type) {
      case 'SuspendMeans':
      case 'LiftSuspension': {
        if (state.status === 'applied' || state.status === 'identified') return reject(rejectMeans('means-not-issued'));
        const standing = state.status === 'suspended' ? state.suspensions : [];
        const means = state.id;
        if (command.type === 'LiftSuspension') {
          const lifted = lift(standing, command);
          return 'fact' in lifted
            ? accept({ type: 'MeansSuspensionLifted', data: { means, ...lifted.fact } })
            : reject(...lifted.rejections);
        }
        const suspended = suspend(standing, command);
        return 'fact' in suspended
          ? accept({ type: 'MeansSuspended', data: { means, ...suspended.fact } })
          : reject(...suspended.rejections);
      }
      case 'IdentifyHolder': {
        if (isIssued(state)) return reject(rejectMeans('means-already-issued'));
        const { classification, checks, now } = command;
        // What the delivery and the product earn is judged at issuance; here only what the holder's identification says.
        const blocking = schemeRejections(
          classification.refusals.filter((code) => code === 'document-reported' || code === 'aspect-unscored:ID'),
        );
        if (blocking.length > 0) return reject(...blocking);
        const earned = {
          scores: { ID: classification.scores.ID },
          rows: { ID: classification.rows.ID },
          criteria: classification.criteria,
        };
        const known = canonicalJson([[...state.identification].sort(), state.identified ?? null]);
        if (known === canonicalJson([[...checks].sort(), earned])) return accept();
        return accept({
          type: 'HolderIdentified',
          data: { means: state.id, checks, ...earned, evidence: command.evidence, identifiedAt: now },
        });
      }
      case 'IssueMeans': {
        if (isIssued(state)) return reject(rejectMeans('means-already-issued'));
        if (state.status !== 'identified') return reject(rejectMeans('means-not-identified'));
        const { classification, checks, acceptLower, closedForIssuance, now } = command;
        // Nothing is issued silently below what was applied for (REG-16).
        const aimedStork = acceptLower ? command.aimedStork : higher(command.aimedStork, state.aimedStork);
        if (classification.stork === 0) return reject(...schemeRejections(classification.refusals));
        if (classification.stork < aimedStork && !acceptLower) {
          return reject(
            levelNotReached({
              aimed: aimedStork,
              reached: classification.stork,
              missing: classification.missingFor[`${aimedStork}`] ?? {},
            }),
            ...schemeRejections(classification.refusals),
          );
        }
        if (closedForIssuance)
          return reject(rejectMeans('level-closed-for-issuance', { facts: { stork: classification.stork } }));
        return accept({
          type: 'MeansIssued',
          data: {
            means: state.id,
            checks,
            scores: classification.scores,
            rows: classification.rows,
            criteria: classification.criteria,
            evidence: command.evidence,
            stork: classification.stork as StorkLevel,
            issuanceLevel: classification.issuanceLevel as StorkLevel,
            aimedStork,
            issuedAt: now,
          },
        });
      }
      case 'UpgradeMeans': {
        if (state.status === 'suspended') return reject(rejectSuspension('suspended'));
        if (state.status !== 'issued' && state.status !== 'active') return reject(rejectMeans('means-not-issued'));
        const { classification, aimedStork, acceptLower, now } = command;
        if (aimedStork <= state.stork)
          return reject(
            rejectMeans('means-at-level-already', { pointer: '/aimedStork', facts: { stork: state.stork } }),
          );
        if (classification.stork === 0) return reject(...schemeRejections(classification.refusals));
        // What reaches no more than there is is no upgrade, whatever lower level is accepted.
        const { stork } = classification;
        if (stork <= state.stork || (stork < aimedStork && !acceptLower)) {
          return reject(
            levelNotReached({
              aimed: aimedStork,
              reached: stork,
              missing: classification.missingFor[`${aimedStork}`] ?? {},
            }),
            ...schemeRejections(classification.refusals),
          );
        }
        const closed = [
          ...(command.closedForUpgrade
            ? [rejectMeans('level-closed-for-upgrade', { facts: { stork: state.stork } })]
            : []),
          ...(command.closedForIssuance ? [rejectMeans('level-closed-for-issuance', { facts: { stork } })] : []),
        ];
        if (closed.length > 0) return reject(...closed);
        return accept({
          type: 'MeansUpgraded',
          data: {
            means: state.id,
            application: command.application,
            product: command.product,
            checks: command.checks,
            scores: classification.scores,
            rows: classification.rows,
            criteria: classification.criteria,
            evidence: command.evidence,
            previousStork: state.stork,
            stork,
            issuanceLevel: classification.issuanceLevel as StorkLevel,
            aimedStork,
            staysBelow: command.staysBelow,
            staysBelowMore: command.staysBelowMore,
            upgradedAt: now,
          },
        });
      }
      case 'RenewMeans': {
        if (state.status === 'suspended') return reject(rejectSuspension('suspended'));
        if (state.status !== 'issued' && state.status !== 'active') return reject(rejectMeans('means-not-issued'));
        const { classification, application, product, checks, evidence, acceptLower, now } = command;
        const { stork: reached, issuanceLevel } = classification;
        if (reached === 0) return reject(...schemeRejections(classification.refusals));
        const stork = lower(reached, state.stork);
        if (stork < state.stork && !acceptLower) {
          const missing = classification.missingFor[`${state.stork}`] ?? {};
          return reject(
            renewalBelowLevel({ aimed: state.stork, reached, missing }),
            ...schemeRejections(classification.refusals),
          );
        }
        if (command.closedForIssuance) return reject(rejectMeans('level-closed-for-issuance', { facts: { stork } }));
        const isSame = state.judgedOn === application && state.product === product && state.stork === stork;
        if (isSame && canonicalJson([...state.checks].sort()) === canonicalJson([...checks].sort())) return accept();
        return accept({
          type: 'MeansRenewed',
          data: {
            means: state.id,
            ...{ application, product, checks, evidence, acceptLower },
            scores: classification.scores,
            rows: classification.rows,
            criteria: classification.criteria,
            previousStork: state.stork,
            stork,
            issuanceLevel: issuanceLevel as StorkLevel,
            renewedAt: now,
          },
        });
      }
      case 'ActivateMeans': {
        if (state.status === 'suspended') return reject(rejectSuspension('suspended'));
        const { activatedAt, lateEntryReason, now } = command;
        if (state.status === 'active') {
          return state.activatedAt === activatedAt ? accept() : reject(rejectMeans('means-already-active'));
        }
        if (state.status !== 'issued') return reject(rejectMeans('means-not-issued'));
        const faults = [
          ...judgeHappened(activatedAt, now, '/activatedAt', lateEntryReason),
          ...(activatedAt < state.issuedAt
            ? [rejectMeans('activated-before-issuance', { pointer: '/activatedAt' })]
            : []),
        ];
        if (faults.length > 0) return reject(...faults);
        return accept({
          type: 'MeansActivated',
          data: {
            means: state.id,
            application: state.application,
            activatedAt,
            late: isLate(activatedAt, now),
            ...(lateEntryReason === undefined ? {} : { lateEntryReason: clear(lateEntryReason) }),
          },
        });
      }
    }
  },
};

const isIssued = ({ status }: Means): boolean => status === 'issued' || status === 'active' || status === 'suspended';
const lower = (one: StorkLevel, other: StorkLevel): StorkLevel => (one < other ? one : other);
const higher = (one: StorkLevel, other: StorkLevel): StorkLevel => (one > other ? one : other);
