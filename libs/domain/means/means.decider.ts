import {
  accept,
  canonicalJson,
  clear,
  reject,
  type Decider,
  type Decision,
  type Instant,
  type Rejection,
} from '#libs/kernel';
import type { StorkLevel } from '#libs/scheme';
import { earlier, isPast } from '../common/at-once.js';
import { isLate, judgeHappened } from '../common/happened.js';
import { levelNotReached, renewalBelowLevel, schemeRejections } from '../common/scheme-rejections.js';
import { lift, rejectSuspension, suspend } from '../common/suspension.js';
import { certificateStands, fingerprintIn, type CertificateOnRecord } from './certificate.js';
import { rejectMeans, type MeansCommand } from './means.commands.js';
import type { CertificateLeg, MeansEvent } from './means.events.js';
import { evolveMeans, initialMeans, type Means } from './means.state.js';
import { narrowed } from './restriction.js';

export const meansDecider: Decider<Means, MeansCommand, MeansEvent> = {
  initialState: initialMeans,
  evolve: evolveMeans,

  decide(command, state): Decision<MeansEvent> {
    if (command.type === 'ApplyForMeans') {
      if (state.status !== 'none') return reject(rejectMeans('means-exists'));
      if (command.closedForIssuance)
        return reject(rejectMeans('level-closed-for-issuance', { facts: { stork: command.aimedStork } }));
      const { means, application, holder, pseudonym, product, aimedStork, party, now } = command;
      const restriction = narrowed(command.restriction, command.ofProduct);
      if (restriction === undefined) return reject(rejectMeans('product-for-elsewhere', { pointer: '/product' }));
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
          ...restriction,
          appliedAt: now,
        },
      });
    }
    if (state.status === 'none') return reject(rejectMeans('no-such-means'));
    if (command.type === 'RevokeMeans') {
      if (state.status === 'revoked') return accept();
      const { revocationRequest, now } = command;
      const leg =
        leavesCertificate(state, now) && command.leg
          ? { ...command.leg, revocationRequest, level: 'EH4' as const, ...endOf(state) }
          : undefined;
      return accept({
        type: 'MeansRevoked',
        data: { means: state.id, revocationRequest, revokedAt: now, ...(leg === undefined ? {} : { leg }) },
      });
    }
    if (command.type === 'ReportCertificateRevoked') return certificateRevoked(command, state);
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
        const restriction = narrowed(state, command.ofProduct);
        if (restriction === undefined) return reject(rejectMeans('product-for-elsewhere'));
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
            ...command.certificate,
            ...restriction,
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
        const restriction = narrowed(state, command.ofProduct);
        const inTheWay = [
          ...(restriction === undefined ? [rejectMeans('product-for-elsewhere', { pointer: '/product' })] : []),
          ...(command.closedForUpgrade
            ? [rejectMeans('level-closed-for-upgrade', { facts: { stork: state.stork } })]
            : []),
          ...(command.closedForIssuance ? [rejectMeans('level-closed-for-issuance', { facts: { stork } })] : []),
          ...faultsOfCertificate(command.certificate, state, command.product === state.product),
        ];
        if (inTheWay.length > 0) return reject(...inTheWay);
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
            ...(command.product === state.product ? {} : sameToken(command.certificate, state)),
            ...command.certificate,
            ...restriction,
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
        const restriction = narrowed(state, command.ofProduct);
        const inTheWay = [
          ...(restriction === undefined ? [rejectMeans('product-for-elsewhere', { pointer: '/product' })] : []),
          ...(command.closedForIssuance ? [rejectMeans('level-closed-for-issuance', { facts: { stork } })] : []),
        ];
        const isSame =
          state.judgedOn === application &&
          state.product === product &&
          state.stork === stork &&
          canonicalJson([...state.checks].sort()) === canonicalJson([...checks].sort());
        // What the renewal that is there brought may be revoked since: that asks for nothing new.
        if (!isSame) inTheWay.push(...faultsOfCertificate(command.certificate, state, false));
        if (inTheWay.length > 0) return reject(...inTheWay);
        if (isSame) return accept();
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
            ...sameToken(command.certificate, state),
            ...command.certificate,
            ...restriction,
            renewedAt: now,
            ...(command.turnaround === undefined ? {} : { turnaround: { ...command.turnaround, breached: false } }),
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

/**
 * What is wrong with the certificate that an upgrade or a renewal rests on: one that was recorded as revoked stays so, whatever
 * brings it again, and a token has one (ADR 149).
 */
function faultsOfCertificate(
  { certificateFingerprint: which }: CertificateOnRecord = {},
  {
    certificateFingerprint: known,
    revokedCertificates,
  }: Pick<WithToken, 'certificateFingerprint' | 'revokedCertificates'>,
  isSameToken: boolean,
): Rejection[] {
  if (which === undefined) return [];
  const pointer = '/checks';
  if (revokedCertificates.includes(which)) return [rejectMeans('certificate-recorded-as-revoked', { pointer })];
  const isOther = isSameToken && known !== undefined && known !== which;
  return isOther ? [rejectMeans('certificate-of-another-token', { pointer })] : [];
}

/** The certificate that is there is on the token that is there, whatever that is called from here on. */
const sameToken = (
  { certificateFingerprint: which }: CertificateOnRecord = {},
  { certificateFingerprint: known }: Pick<WithToken, 'certificateFingerprint'>,
) => (which !== undefined && which === known ? { sameToken: true as const } : {});

/** Whether it is a certificate that goes on where it was issued, as far as known (PI4). */
export const leavesCertificate = (state: Exclude<Means, { status: 'none' }>, now: Instant): boolean =>
  'stork' in state && state.stork === 4 && state.certificateRevokedAt === undefined && certificateStands(state, now);

const endOf = (state: Exclude<Means, { status: 'none' }>): Pick<CertificateLeg, 'endsAt'> =>
  'certificateEndsAt' in state && state.certificateEndsAt !== undefined ? { endsAt: state.certificateEndsAt } : {};

const isIssued = ({ status }: Means): boolean => status === 'issued' || status === 'active' || status === 'suspended';
const lower = (one: StorkLevel, other: StorkLevel): StorkLevel => (one < other ? one : other);
const higher = (one: StorkLevel, other: StorkLevel): StorkLevel => (one > other ? one : other);

type WithToken = Extract<Means, { readonly status: 'issued' }>;

/**
 * Whether the certificate that was validated is the one on the token that the means has now. Where nothing says which one it
 * is, a case that was opened before that token is about the one before (ADR 140).
 */
function isOnToken(
  { application, receivedAt, validatedAt, fingerprint }: Extract<MeansCommand, { type: 'ReportCertificateRevoked' }>,
  {
    tokenSince,
    tokenFrom,
    certificateFingerprint,
  }: Pick<WithToken, 'tokenSince' | 'tokenFrom' | 'certificateFingerprint'>,
): boolean {
  if (validatedAt < tokenSince) return false;
  return fingerprint === undefined || certificateFingerprint === undefined
    ? application === tokenFrom || receivedAt >= tokenSince
    : fingerprint === certificateFingerprint;
}

/**
 * Of an ended means as well: its certificate goes on by itself until it is revoked where it was issued (PI4). Named by the
 * same check it is the same report.
 */
function certificateRevoked(
  command: Extract<MeansCommand, { type: 'ReportCertificateRevoked' }>,
  state: Exclude<Means, { status: 'none' }>,
): Decision<MeansEvent> {
  const { application, check, isRevoked, isCertificate, namesHolder, validatedAt, fingerprint, now } = command;
  if (!('tokenSince' in state) || state.tokenSince === undefined) return reject(rejectMeans('means-not-issued'));
  if (state.certificateRevokedBy === check) return accept();
  const faults = [
    ...(isCertificate ? [] : [rejectMeans('means-without-certificate')]),
    ...(namesHolder ? [] : [rejectMeans('certificate-of-another-person', { pointer: '/check' })]),
    ...(isRevoked && isOnToken(command, state as WithToken)
      ? []
      : [rejectMeans('certificate-not-revoked', { pointer: '/check' })]),
  ];
  if (faults.length > 0) return reject(...faults);
  if (state.certificateRevokedAt !== undefined) return reject(rejectMeans('certificate-revoked-already'));
  const leg = 'leg' in state ? state.leg : undefined;
  // By when it had been revoked there or had ended, not by when somebody looked or entered it (REV-06).
  const revokedBy = earlier(command.revokedAt ?? validatedAt, leg?.endsAt ?? null)!;
  return accept({
    type: 'MeansCertificateRevoked',
    data: {
      ...{ means: state.id, application, checks: [check], reportedAt: now },
      ...fingerprintIn(fingerprint === undefined ? {} : { certificateFingerprint: fingerprint }),
      ...(leg === undefined ? {} : { leg: { ...leg, revokedBy, breached: isPast(leg.dueAt, revokedBy) } }),
    },
  });
}
