import type {
  AuthorizationId,
  ApplicationId,
  CheckId,
  Instant,
  PersonId,
  Rejection,
  RevocationRequestId,
} from '#libs/kernel';
import type { Channel, EhLevel, RevocationDeadlineRequest } from '#libs/scheme';
import { isDecidedLate } from './at-once.js';
import { conflicting, refused, rejecting } from './rejections.js';
import type { WeighedCheck } from './weighed-check.js';

/**
 * What an authorization and a means have in common while they are suspended (SUS-01 to SUS-05). Whose suspension it is
 * says who may lift it: one of each kind stands at most, and the object is suspended as long as one of them does.
 */
export const SUSPENDERS = ['party', 'court', 'operator'] as const;
export type Suspender = (typeof SUSPENDERS)[number];

/** Why the operator blocks on its own initiative (REV-10). */
export const BLOCKING_REASONS = ['compromise', 'death', 'dissolution', 'security', 'legal'] as const;
export type BlockingReason = (typeof BLOCKING_REASONS)[number];

export type SuspensionRole = NonNullable<RevocationDeadlineRequest['requester']>['role'] | 'operator';

/** Who asked, when that came in, and what showed that he may. */
export interface SuspensionGround {
  readonly by: Suspender;
  readonly application: ApplicationId;
  readonly channel: Channel;
  readonly receivedAt: Instant;
  readonly requester: { readonly role: SuspensionRole; readonly person?: PersonId };
  readonly checks: readonly CheckId[];
  /** Rows that his checks earned on IO, and how each of them stood. */
  readonly rows: { readonly IO: readonly string[] };
  readonly evidence: readonly WeighedCheck[];
  /** Level of the object (AMB-67, AMB-72). */
  readonly level: EhLevel;
  readonly identification: {
    readonly ioScore: 0 | 1 | 2 | 3 | 4;
    readonly authenticatedLevel?: EhLevel;
    readonly administrationLevel?: EhLevel;
    readonly authorities?: readonly AuthorizationId[];
    readonly courtOrderVerified?: boolean;
  };
  readonly immediate: boolean;
  readonly dueAt: Instant | null;
}

/** A command that suspends or lifts, and the codes that the rules refuse it with. */
export interface SuspensionOrder {
  readonly ground: SuspensionGround;
  /** Of the operator's own block only. */
  readonly reason?: BlockingReason;
  /** The request that it carries out, where that was on record before (SUS-02). */
  readonly revocationRequest?: RevocationRequestId;
  readonly refusals: readonly Rejection[];
  readonly now: Instant;
}

export interface Suspended extends SuspensionGround {
  readonly reason?: BlockingReason;
  readonly revocationRequest?: RevocationRequestId;
  readonly suspendedAt: Instant;
  /** Later than the deadline (REV-06). */
  readonly breached: boolean;
}
export interface Lifted extends SuspensionGround {
  readonly liftedAt: Instant;
  readonly breached: boolean;
}

/** The suspensions that stand. */
export type StandingSuspensions = readonly { readonly by: Suspender; readonly suspendedAt: Instant }[];

export const suspensionRejections = {
  'already-suspended': conflicting(
    'It is suspended already',
    'Het is al geschorst',
    {
      en: 'A suspension of this kind stands: by one of those entitled, by a court, or by the operator. It is lifted before another begins.',
      nl: 'Er geldt al zo’n schorsing: door een gerechtigde, een rechtbank of de exploitant. Die wordt opgeheven voordat een andere begint.',
    },
    'SUS-01',
  ),
  'not-suspended': conflicting(
    'It is not suspended',
    'Het is niet geschorst',
    { en: 'There is no suspension to lift.', nl: 'Er is geen schorsing om op te heffen.' },
    'SUS-03',
  ),
  suspended: conflicting(
    'It is suspended',
    'Het is geschorst',
    {
      en: 'While it is suspended, or the means that it is on, it is not used, activated, renewed, changed or upgraded; the suspension is lifted first.',
      nl: 'Zolang het, of het middel waarop het staat, is geschorst, wordt het niet gebruikt, geactiveerd, verlengd, gewijzigd of verhoogd; eerst wordt de schorsing opgeheven.',
    },
    'SUS-05',
  ),
  'reinstatement-not-allowed': refused(
    'Who asks may not lift this suspension',
    'De verzoeker mag deze schorsing niet opheffen',
    {
      en: 'A suspension is lifted by an administrator at the level concerned or by whoever meets the requirements of a renewal; the operator’s by the operator, a court’s by a court.',
      nl: 'Een schorsing wordt opgeheven door een beheerder op het betrokken niveau of door wie aan de eisen van een verlenging voldoet; die van de exploitant door de exploitant, die van een rechtbank door een rechtbank.',
    },
    'SUS-03',
  ),
};

export const rejectSuspension = rejecting(suspensionRejections);

/** The fact of a suspension, or why there is none. */
export function suspend(
  standing: StandingSuspensions,
  { ground, reason, revocationRequest, refusals, now }: SuspensionOrder,
): { readonly fact: Suspended } | { readonly rejections: readonly Rejection[] } {
  if (refusals.length > 0) return { rejections: refusals };
  if (standing.some(({ by }) => by === ground.by)) {
    return { rejections: [rejectSuspension('already-suspended')] };
  }
  const fact = {
    ...ground,
    ...(reason === undefined ? {} : { reason }),
    ...(revocationRequest === undefined ? {} : { revocationRequest }),
    suspendedAt: now,
    breached: isLate(ground, now),
  };
  return { fact };
}

/** The fact that a suspension was lifted, or why it was not. */
export function lift(
  standing: StandingSuspensions,
  { ground, refusals, now }: SuspensionOrder,
): { readonly fact: Lifted } | { readonly rejections: readonly Rejection[] } {
  if (standing.length === 0) return { rejections: [rejectSuspension('not-suspended')] };
  if (refusals.length > 0) return { rejections: refusals };
  if (!standing.some(({ by }) => by === ground.by)) {
    return { rejections: [rejectSuspension('reinstatement-not-allowed')] };
  }
  return { fact: { ...ground, liftedAt: now, breached: isLate(ground, now) } };
}

/** What the operator does of his own accord nobody waits for. */
const isLate = (ground: SuspensionGround, now: Instant): boolean =>
  ground.by !== 'operator' && isDecidedLate(ground, now);

export const suspensionsWith = (standing: StandingSuspensions, { by, suspendedAt }: Suspended): StandingSuspensions => [
  ...standing.filter((one) => one.by !== by),
  { by, suspendedAt },
];
export const suspensionsWithout = (standing: StandingSuspensions, { by }: Lifted): StandingSuspensions =>
  standing.filter((one) => one.by !== by);
