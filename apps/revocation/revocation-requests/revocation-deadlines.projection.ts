import { epochOf, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import { present } from '#libs/application';
import type { RevocationObject, RevocationRequestEvent } from '#libs/domain';

/** What counts in hours of a revocation request: from its receipt to its decision and its effect (REV-06, REV-09). */
export type RevocationDeadlineRow = {
  readonly id: string;
  /** The earlier it is due, the higher; what is never due lies below all that is. */
  readonly urgency: bigint;
  readonly status: string;
  /** Neither refused nor withdrawn nor carried out. */
  readonly open: boolean;
  readonly object: string;
  readonly level: string;
  readonly channel: string;
  readonly receivedAt: Instant;
  readonly dueAt: Instant | null;
  readonly decidedAt: Instant | null;
  readonly effectedAt: Instant | null;
  readonly breached: boolean | null;
};

export const objectKindOf = (object: RevocationObject): 'means' | 'authorization' | 'person' =>
  'person' in object ? 'person' : 'means' in object ? 'means' : 'authorization';

/** After every moment that an instant can say. */
const NEVER = 253_402_300_800_000n;
const urgencyOf = (dueAt: Instant | null): bigint => (dueAt === null ? 0n : NEVER - BigInt(epochOf(dueAt)));

/** The work list and the report: small rows, in the order of their deadlines. */
export const revocationDeadlinesProjection: Projection<RevocationDeadlineRow> = {
  name: 'revocation-deadlines',
  version: 1,
  table: {
    name: 'revocation_deadlines',
    key: 'id',
    newestFirst: 'urgency',
    columns: {
      id: 'text',
      urgency: 'bigint',
      status: 'text',
      open: 'boolean',
      object: 'text',
      level: 'text',
      channel: 'text',
      receivedAt: 'text',
      dueAt: 'text',
      decidedAt: 'text',
      effectedAt: 'text',
      breached: 'boolean',
    },
    indexes: [
      ['open', 'urgency'],
      ['receivedAt', 'urgency'],
      ['breached', 'receivedAt'],
    ],
  },
  handles: [
    'RevocationRequested',
    'RevocationAccepted',
    'RevocationRefused',
    'RevocationWithdrawn',
    'RevocationEffected',
  ],
  keys: (event) => [(event.data as RevocationRequestEvent['data']).revocationRequest],
  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as RevocationRequestEvent;
    switch (event.type) {
      case 'RevocationRequested': {
        const { revocationRequest, object, level, channel, receivedAt, requestedAt, dueAt = null } = event.data;
        return {
          id: revocationRequest,
          urgency: urgencyOf(dueAt),
          status: 'received',
          open: true,
          object: objectKindOf(object),
          ...{ level, channel, receivedAt, dueAt },
          // What does not wait was decided on receipt.
          decidedAt: 'dueAt' in event.data ? null : requestedAt,
          effectedAt: null,
          breached: null,
        };
      }
      case 'RevocationAccepted': {
        const { dueAt, judged } = event.data;
        return { ...present(row, recorded), ...later(judged), urgency: urgencyOf(dueAt), status: 'accepted', dueAt };
      }
      case 'RevocationRefused':
        return {
          ...{ ...present(row, recorded), ...later(event.data.judged), status: 'refused', open: false },
          ...missed(present(row, recorded).dueAt, event.data.judged?.decidedAt),
        };
      case 'RevocationWithdrawn':
        return {
          ...{ ...present(row, recorded), status: 'withdrawn', open: false, decidedAt: null },
          ...missed(present(row, recorded).dueAt, event.data.withdrawnAt),
        };
      case 'RevocationEffected': {
        const { effectedAt, breached } = event.data;
        return { ...present(row, recorded), status: 'effected', open: false, effectedAt, breached };
      }
    }
  },
};

/** What ends without being carried out keeps its deadline where that was missed: the report has every breach (REV-09). */
const missed = (dueAt: Instant | null, at: Instant | undefined): Pick<RevocationDeadlineRow, 'dueAt' | 'breached'> =>
  dueAt !== null && at !== undefined && at > dueAt ? { dueAt, breached: true } : { dueAt: null, breached: null };

type Judged = Extract<RevocationRequestEvent, { type: 'RevocationAccepted' }>['data']['judged'];
const later = (judged: Judged) => (judged === undefined ? {} : { level: judged.level, decidedAt: judged.decidedAt });
