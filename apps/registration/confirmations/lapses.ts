import { streamId, type DomainEvent, type Instant, type Recorded, type StreamId } from '#libs/kernel';
import { confirmationIdOf, lastUsesIfFed, usableOf, type Backbone } from '#libs/application';
import {
  authorizationDecider,
  confirmationDecider,
  standingAt,
  type AuthorizationEvent,
  type AuthorizationNonUseNoticed,
  type RegisteredAuthorization,
  type WrittenConfirmation,
} from '#libs/domain';
import { noteOutcome, type Ended } from './note-outcome.js';

/**
 * What announces something is told only while that is so (NONUSE-02, NONUSE-04): a notice of non-use that was withdrawn, was
 * given anew, or was followed by the end is told to nobody any more, in no way.
 */

type Notice = 'AuthorizationNonUseNoticed' | 'AuthorizationNonUseNoticeExtended';
const NOTICES: ReadonlySet<string> = new Set<Notice>([
  'AuthorizationNonUseNoticed',
  'AuthorizationNonUseNoticeExtended',
]);

/** What ends a notice, and when it did. */
const ENDS: Partial<Record<AuthorizationEvent['type'], (data: never) => Instant>> = {
  AuthorizationNonUseNoticed: ({ noticedAt }: { readonly noticedAt: Instant }) => noticedAt,
  AuthorizationNonUseNoticeWithdrawn: ({ withdrawnAt }: { readonly withdrawnAt: Instant }) => withdrawnAt,
  AuthorizationRevoked: ({ revokedAt }: { readonly revokedAt: Instant }) => revokedAt,
};

/** Facts after which a notice before them does not hold any more. */
export const endsNotice = (type: string): boolean => Object.hasOwn(ENDS, type);

/** Since when the notice does not hold, by what was recorded behind it; `undefined`: it does, or it is none. */
export function overtakenSince(
  { type }: Recorded<DomainEvent>,
  since: readonly Recorded<DomainEvent>[],
): Instant | undefined {
  const end = NOTICES.has(type) ? since.find((later) => endsNotice(later.type)) : undefined;
  return end && ENDS[end.type as AuthorizationEvent['type']]!(end.data as never);
}

/**
 * Since when what the confirmation tells does not hold any more, also where nobody has recorded that yet: it was used, or has
 * expired. `undefined`: it holds, or tells of something that happened, which stays so.
 */
export async function lapsedSince(
  backbone: Backbone,
  { kind, about, event }: Pick<WrittenConfirmation, 'kind' | 'about' | 'event'>,
): Promise<Instant | undefined> {
  if (kind !== 'nonUse' || !('authorization' in about)) return undefined;
  const stream = streamId('authorization', about.authorization);
  const { state, history } = await backbone.commands.load(authorizationDecider, stream);
  const notice = history.findIndex(({ metadata }) => metadata.id === event);
  if (state.status === 'none' || notice < 0) throw new Error(`${stream} has no event ${event}`);
  return overtakenSince(history[notice]!, history.slice(notice + 1)) ?? (await overSince(backbone, state));
}

async function overSince(backbone: Backbone, state: RegisteredAuthorization): Promise<Instant | undefined> {
  if (standingAt(state, backbone.now()) === 'expired') return state.validUntil;
  const uses = await lastUsesIfFed(backbone, [usableOf(state)]);
  const lastUsedAt = uses?.get(state.authorization) ?? null;
  // By what the notice had seen, as its review does.
  const known = state.nonUse?.lastUsedAt ?? null;
  return lastUsedAt !== null && (known === null || lastUsedAt > known) ? lastUsedAt : undefined;
}

/** Ends every confirmation of the notices that the fact put an end to, where nobody was told by it. */
export async function lapseOvertaken(
  backbone: Backbone,
  { stream, revision }: { readonly stream: StreamId; readonly revision: number },
  ended?: Ended,
): Promise<void> {
  if (!stream.startsWith('authorization-')) return;
  const { history } = await backbone.commands.load(authorizationDecider, stream);
  const fact = history[revision]!;
  if (!endsNotice(fact.type)) return;
  const since = ENDS[fact.type as AuthorizationEvent['type']]!(fact.data as never);
  // Those before the last end have lapsed by that one.
  const before = history.slice(0, revision);
  const ends = before.findLastIndex(({ type }) => endsNotice(type) && type !== 'AuthorizationNonUseNoticed');
  for (const { type, data, metadata } of before.slice(ends + 1)) {
    if (!NOTICES.has(type)) continue;
    const { addressees = [] } = data as AuthorizationNonUseNoticed['data'];
    for (const addressee of addressees) {
      await lapse(backbone, streamId('confirmation', confirmationIdOf(metadata.id, 'nonUse', addressee)), since, ended);
    }
  }
}

async function lapse(backbone: Backbone, stream: StreamId, since: Instant, ended?: Ended): Promise<void> {
  const { state } = await backbone.commands.load(confirmationDecider, stream);
  if (state.status === 'unwritten') return;
  await noteOutcome(backbone, state.confirmation, { type: 'LapseConfirmation', since, now: backbone.now() }, ended);
}
