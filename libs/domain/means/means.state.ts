import type { ApplicationId, CheckId, Instant, MeansId, PartyId, PersonId, Pseudonym } from '#libs/kernel';
import type { StorkLevel } from '#libs/scheme';
import { suspensionsWith, suspensionsWithout, type StandingSuspensions } from '../common/suspension.js';
import { bringsNewToken, type CertificateLeg, type HolderIdentified, type MeansEvent } from './means.events.js';
import {
  fingerprintIn,
  lifeOfNewToken,
  lifeOfSameToken,
  lifeRevoked,
  type CertificateLife,
  type CertificateOnRecord,
} from './certificate.js';
import { restrictionOf, type Restriction } from './restriction.js';

interface Applied extends Restriction {
  readonly id: MeansId;
  readonly application: ApplicationId;
  readonly holder: PersonId;
  readonly pseudonym: Pseudonym;
  readonly product: string;
  readonly aimedStork: StorkLevel;
  readonly party?: PartyId;
  readonly appliedAt: Instant;
  /** Checks of the identification so far. */
  readonly identification: readonly CheckId[];
  /** What they earned; absent until the holder was identified. */
  readonly identified?: Pick<HolderIdentified['data'], 'scores' | 'rows' | 'criteria'>;
}
interface Issued extends Applied, CertificateLife {
  /** When it got the token that it has. */
  readonly tokenSince: Instant;
  /** The intake that brought that token. */
  readonly tokenFrom: ApplicationId;
  /** Which certificate is on it, where that is known. */
  readonly certificateFingerprint?: string;
  /** When it was recorded that the certificate on this token was revoked; absent: it was not. */
  readonly certificateRevokedAt?: Instant;
  /** The validation that said so. */
  readonly certificateRevokedBy?: CheckId;
  /** Which certificates of this means, this one and those before, were recorded as revoked, where that is known. */
  readonly revokedCertificates: readonly string[];
  readonly checks: readonly CheckId[];
  readonly stork: StorkLevel;
  readonly issuanceLevel: StorkLevel;
  readonly issuedAt: Instant;
  /** Intake whose evidence earned the level it has now: that of its application, or of its last upgrade or renewal. */
  readonly judgedOn: ApplicationId;
  /** What it carried before each upgrade and renewal, the oldest first: a login of then proves no more than that. */
  readonly before: readonly { readonly until: Instant; readonly stork: StorkLevel; readonly product: string }[];
  /** When it was suspended or its certificate had ended, until that was over: a login of then proves nothing (PROOF-06). */
  readonly paused: readonly { readonly from: Instant; readonly until: Instant }[];
  /** Every intake whose evidence it rests on, the oldest first. */
  readonly processes: readonly ApplicationId[];
}

export type Means =
  | { readonly status: 'none' }
  | (Applied & { readonly status: 'applied' | 'identified' })
  | (Issued & { readonly status: 'issued' })
  | (Issued & { readonly status: 'active'; readonly activatedAt: Instant })
  | (Issued & {
      readonly status: 'suspended';
      readonly suspensions: StandingSuspensions;
      /** Absent where it was not active yet: that is what it goes back to. */
      readonly activatedAt?: Instant;
    })
  | (Applied &
      Partial<Issued> & {
        readonly status: 'revoked';
        readonly revokedAt: Instant;
        /** Until when the certificate that is left has to be revoked where it was issued. */
        readonly leg?: CertificateLeg;
      });

export const MEANS_STATUSES = [
  'applied',
  'identified',
  'issued',
  'active',
  'suspended',
  'revoked',
] as const satisfies readonly Exclude<Means['status'], 'none'>[];

export const initialMeans: Means = { status: 'none' };

export function evolveMeans(state: Means, event: MeansEvent): Means {
  switch (event.type) {
    case 'MeansApplied': {
      const { means, application, holder, pseudonym, product, aimedStork, party, appliedAt } = event.data;
      return {
        status: 'applied',
        id: means,
        application,
        holder,
        pseudonym,
        product,
        aimedStork,
        ...(party === undefined ? {} : { party }),
        ...restrictionOf(event.data),
        appliedAt,
        identification: [],
      };
    }
    case 'HolderIdentified': {
      if (state.status !== 'applied' && state.status !== 'identified') return state;
      const { checks, scores, rows, criteria } = event.data;
      return { ...state, status: 'identified', identification: checks, identified: { scores, rows, criteria } };
    }
    case 'MeansIssued': {
      if (state.status === 'none' || state.status === 'revoked' || state.status === 'suspended') return state;
      const { checks, stork, issuanceLevel, issuedAt } = event.data;
      const judgedOn = state.application;
      return {
        ...{ ...state, status: 'issued', checks, stork, issuanceLevel, issuedAt },
        ...{ judgedOn, before: [], paused: [], processes: [judgedOn] },
        ...{ tokenSince: issuedAt, tokenFrom: judgedOn, revokedCertificates: [] },
        ...lifeOfNewToken(event.data),
        ...fingerprintIn(event.data),
        ...restrictionOf(event.data),
      };
    }
    case 'MeansActivated':
      return state.status === 'issued' ? { ...state, status: 'active', activatedAt: event.data.activatedAt } : state;
    case 'MeansUpgraded':
    case 'MeansRenewed': {
      if (state.status !== 'issued' && state.status !== 'active' && state.status !== 'suspended') return state;
      const { application, product, checks, stork, issuanceLevel } = event.data;
      const aimedStork = event.type === 'MeansUpgraded' ? event.data.aimedStork : state.aimedStork;
      const until = event.type === 'MeansUpgraded' ? event.data.upgradedAt : event.data.renewedAt;
      const isNewToken = bringsNewToken(event, state.product);
      return {
        ...{
          ...(isNewToken ? withoutToken(state) : state),
          product,
          checks,
          stork,
          issuanceLevel,
          aimedStork,
          ...restrictionOf(event.data),
        },
        ...(isNewToken ? withNewToken(state, event.data, until) : lifeOfSameToken(state, event.data)),
        ...fingerprintIn(event.data),
        judgedOn: application,
        before: [...state.before, { until, stork: state.stork, product: state.product }],
        processes: state.processes.includes(application) ? state.processes : [...state.processes, application],
      };
    }
    case 'MeansCertificateRevoked': {
      if (!('tokenSince' in state)) return state;
      const { reportedAt, checks } = event.data;
      const { certificateFingerprint: which = state.certificateFingerprint } = event.data;
      return {
        ...{ ...state, ...lifeRevoked(state, reportedAt), certificateRevokedAt: reportedAt },
        ...fingerprintIn(event.data),
        ...(which === undefined ? {} : { revokedCertificates: [...(state.revokedCertificates ?? []), which] }),
        ...(checks[0] === undefined ? {} : { certificateRevokedBy: checks[0] }),
      };
    }
    case 'MeansSuspended': {
      if (state.status !== 'issued' && state.status !== 'active' && state.status !== 'suspended') return state;
      const before = state.status === 'suspended' ? state.suspensions : [];
      return { ...state, status: 'suspended', suspensions: suspensionsWith(before, event.data) };
    }
    case 'MeansSuspensionLifted': {
      if (state.status !== 'suspended') return state;
      const { suspensions: standing, activatedAt, ...rest } = state;
      const suspensions = suspensionsWithout(standing, event.data);
      const lifted = standing.filter((one) => !suspensions.includes(one));
      const until = event.data.liftedAt;
      const paused = [...state.paused, ...lifted.map(({ suspendedAt }) => ({ from: suspendedAt, until }))];
      if (suspensions.length > 0) return { ...state, suspensions, paused };
      const issued = { ...rest, paused };
      return activatedAt === undefined ? { ...issued, status: 'issued' } : { ...issued, status: 'active', activatedAt };
    }
    case 'MeansRevoked':
      if (state.status === 'none') return state;
      return {
        ...{ ...state, status: 'revoked', revokedAt: event.data.revokedAt },
        ...(event.data.leg === undefined ? {} : { leg: event.data.leg }),
      };
  }
}

type WithToken = Extract<Means, { readonly status: 'issued' | 'active' | 'suspended' }>;

/** Without what was about the token that it had. */
function withoutToken(state: WithToken): WithToken {
  const { certificateEndsAt: _end, certificateRevokedAt: _revoked, certificateRevokedBy: _check, ...more } = state;
  const { certificateFingerprint: _which, ...rest } = more;
  return rest;
}

/** Another token from here on. While the certificate of the one before had ended, the means was not usable. */
const withNewToken = (
  { certificateEndsAt, paused }: WithToken,
  of: CertificateOnRecord & { readonly application: ApplicationId },
  since: Instant,
) => ({
  ...{ ...lifeOfNewToken(of), tokenSince: since, tokenFrom: of.application },
  ...(certificateEndsAt === undefined || certificateEndsAt >= since
    ? {}
    : { paused: [...paused, { from: certificateEndsAt, until: since }] }),
});
