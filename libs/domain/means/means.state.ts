import type { ApplicationId, CheckId, Instant, MeansId, PartyId, PersonId, Pseudonym } from '#libs/kernel';
import type { StorkLevel } from '#libs/scheme';
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
}

export type Means =
  | { readonly status: 'none' }
  | (Applied & { readonly status: 'applied' | 'identified' })
  | (Issued & { readonly status: 'issued' })
  | (Issued & { readonly status: 'active'; readonly activatedAt: Instant })
  | (Applied & Partial<Issued> & { readonly status: 'revoked'; readonly revokedAt: Instant });

export const MEANS_STATUSES = [
  'applied',
  'identified',
  'issued',
  'active',
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
      if (state.status === 'none' || state.status === 'revoked') return state;
      const { checks, stork, issuanceLevel, issuedAt } = event.data;
      return { ...state, status: 'issued', checks, stork, issuanceLevel, issuedAt };
    }
    case 'MeansActivated':
      return state.status === 'issued' ? { ...state, status: 'active', activatedAt: event.data.activatedAt } : state;
    case 'MeansRevoked':
      return state.status === 'none' ? state : { ...state, status: 'revoked', revokedAt: event.data.revokedAt };
  }
}
