import { parseInstant, type Instant } from '#libs/kernel';
import { hasTime, type ReceivedApplication, type Turnaround } from '#libs/domain';
import { revocationDeadline, type EhLevel, type Mutation, type RevocationDeadlineRequest } from '#libs/scheme';
import type { Backbone } from './backbone.js';

/** Until when what came in with an intake has to be decided, by the level of what is there (PT1, PT2, TURN-01). */
export function turnaroundOf(
  { rules }: Pick<Backbone, 'rules'>,
  { channel, receivedAt }: Pick<ReceivedApplication, 'channel' | 'receivedAt'>,
  about: Pick<RevocationDeadlineRequest, 'object'> & { readonly mutation: Mutation; readonly level: EhLevel },
): Turnaround {
  if (!hasTime(about)) return { channel, receivedAt, level: about.level, dueAt: null };
  // Of a court whose order was verified nothing more is asked: what comes of it is the deadline alone.
  const requester = { role: 'court', courtOrderVerified: true } as const;
  const { dueAt } = revocationDeadline({ ...about, requester, channel, receivedAt }, rules);
  return { channel, receivedAt, level: about.level, dueAt: dueAt === null ? null : (parseInstant(dueAt) as Instant) };
}
