import type { ApplicationId, CheckId, Instant, MeansId, PartyId, PersonId, Pseudonym } from '#libs/kernel';
import type { StorkLevel } from '#libs/scheme';
import { suspensionsWith, suspensionsWithout, type StandingSuspensions } from '../common/suspension.js';
import type { HolderIdentified, MeansEvent } from './means.events.js';

interface Applied {
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
interface Issued extends Applied {
  readonly checks: readonly CheckId[];
  readonly stork: StorkLevel;
  readonly issuanceLevel: StorkLevel;
  readonly issuedAt: Instant;
  /** Intake whose evidence earned the level it has now: that of its application, or of its last upgrade or renewal. */
  readonly judgedOn: ApplicationId;
  /** What it carried before each upgrade and renewal, the oldest first: a login of then proves no more than that. */
  readonly before: readonly { readonly until: Instant; readonly stork: StorkLevel; readonly product: string }[];
  /** When it was suspended, one entry per suspension that was lifted: a login of then proves nothing (PROOF-06). */
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
  | (Applied & Partial<Issued> & { readonly status: 'revoked'; readonly revokedAt: Instant });

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
      return {
        ...{ ...state, product, checks, stork, issuanceLevel, aimedStork },
        judgedOn: application,
        before: [...state.before, { until, stork: state.stork, product: state.product }],
        processes: state.processes.includes(application) ? state.processes : [...state.processes, application],
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
      return state.status === 'none' ? state : { ...state, status: 'revoked', revokedAt: event.data.revokedAt };
  }
}
