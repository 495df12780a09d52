import type { Channel, EhLevel, RevocationDeadlineRequest } from '../contract/classification.types.js';

export type RevocationObject = RevocationDeadlineRequest['object'];
export type Mutation = NonNullable<RevocationDeadlineRequest['mutation']>;
export type Medium = NonNullable<RevocationDeadlineRequest['medium']>;
export type RequesterRole = NonNullable<RevocationDeadlineRequest['requester']>['role'];

/** When a mutation has to be carried out. A member that is absent matches everything; the first rule that matches counts. */
export interface DeadlineRule {
  readonly rules: readonly string[];
  readonly rule: string;
  readonly channel: Channel;
  readonly levels?: readonly EhLevel[];
  readonly objects?: readonly RevocationObject[];
  readonly mutations?: readonly Mutation[];
  readonly immediate: boolean;
  /** Working days after receipt; absent: no deadline. */
  readonly workingDays?: number;
}

/** Who may ask for a revocation or suspension, and how well he has to be identified. */
export interface EntitlementRules {
  readonly entitledRoles: readonly RequesterRole[];
  /** Least IO score of the requester by the level of what is revoked (PI1…PI4, AMB-16). */
  readonly minimumIo: Readonly<Record<EhLevel, number>>;
  /** By these somebody who is not identified may ask where nobody has to be (PI1). */
  readonly mediaAtEh1: readonly Medium[];
  /** The IO score that a login is worth (REV-05). */
  readonly ioOfLogin: Readonly<Record<EhLevel, number>>;
}

/** Mutations for which somebody has to ask, and is judged on it. */
export const ENDING_MUTATIONS: readonly Mutation[] = ['revocation', 'suspension'];

export const ENTITLED_ROLES: readonly RequesterRole[] = [
  'legalRepresentative',
  'trustee',
  'authorizedParty',
  'administrator',
  'court',
];

/** An anonymous form or a telephone call is no request (PI1). */
export const MEDIA_AT_EH1: readonly Medium[] = ['writing', 'email'];

/**
 * What the requirements on issuing alone would allow (003 §3). The stricter deadline of PI2 is the one that counts; reported
 * is against both.
 */
export const MEANS_ALONE: DeadlineRule & { readonly workingDays: number } = {
  rules: ['REV-02', 'AMB-12'],
  rule: 'Revoking a means at EH2 or EH2+ on paper, by the requirements on issuing: within two working days after receipt.',
  channel: 'nonElectronic',
  levels: ['EH2', 'EH2+'],
  objects: ['means'],
  mutations: ['revocation'],
  immediate: false,
  workingDays: 2,
};

export const DEADLINE_RULES: readonly DeadlineRule[] = [
  {
    rules: ['REV-02', 'D-43'],
    rule: 'Ending a means at EH1 electronically: no deadline.',
    channel: 'electronic',
    levels: ['EH1'],
    objects: ['means'],
    mutations: ENDING_MUTATIONS,
    immediate: false,
  },
  {
    rules: ['PI2', 'PI3', 'PI4', 'PT2', 'AMB-14', 'REV-03'],
    rule: 'Anything else that is asked electronically: carried out before the answer is given.',
    channel: 'electronic',
    immediate: true,
  },
  {
    rules: ['PI1', 'PT1', 'AMB-14', 'REV-03'],
    rule: 'On paper at EH1: as soon as possible, no deadline.',
    channel: 'nonElectronic',
    levels: ['EH1'],
    immediate: false,
  },
  {
    rules: ['PI2', 'PI3', 'PI4', 'REV-03', 'TURN-01', 'AMB-12', 'AMB-13', 'SUS-02'],
    rule: 'Revocation or suspension on paper: within one working day after receipt.',
    channel: 'nonElectronic',
    mutations: ENDING_MUTATIONS,
    immediate: false,
    workingDays: 1,
  },
  {
    rules: ['PT2', 'TURN-01', 'TURN-02', 'D-44'],
    rule: 'Any other mutation on paper: within two working days after receipt.',
    channel: 'nonElectronic',
    immediate: false,
    workingDays: 2,
  },
];
