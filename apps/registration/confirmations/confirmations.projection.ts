import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import { present } from '#libs/application';
import type { ConfirmationEvent, ConfirmationOutcome } from '#libs/domain';

export type ConfirmationRow = {
  readonly id: string;
  readonly position: bigint;
  readonly kind: string;
  readonly authorization: string | null;
  readonly means: string | null;
  readonly event: string;
  readonly role: string;
  readonly person: string | null;
  readonly party: string | null;
  readonly channel: string;
  readonly noChannel: string | null;
  readonly language: string;
  readonly contentHash: string;
  readonly outcome: ConfirmationOutcome;
  /** It reached nobody, and is not tried any more. */
  readonly notDelivered: boolean;
  readonly failure: string | null;
  readonly failureStatus: number | null;
  readonly attempts: number | null;
  readonly writtenAt: string;
  readonly endedAt: string | null;
};

/** Every confirmation, newest first; neither content nor address. */
export const confirmationsProjection: Projection<ConfirmationRow> = {
  name: 'confirmations',
  version: 1,
  table: {
    name: 'confirmations',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      kind: 'text',
      authorization: 'text',
      means: 'text',
      event: 'text',
      role: 'text',
      person: 'text',
      party: 'text',
      channel: 'text',
      noChannel: 'text',
      language: 'text',
      contentHash: 'text',
      outcome: 'text',
      notDelivered: 'boolean',
      failure: 'text',
      failureStatus: 'integer',
      attempts: 'integer',
      writtenAt: 'text',
      endedAt: 'text',
    },
    indexes: [
      ['authorization', 'position'],
      ['means', 'position'],
      ['person', 'position'],
      ['party', 'position'],
      ['outcome', 'position'],
      ['notDelivered', 'position'],
      ['kind', 'position'],
    ],
  },
  handles: [
    'ConfirmationWritten',
    'ConfirmationSent',
    'ConfirmationFailed',
    'ConfirmationRetried',
    'ConfirmationLapsed',
  ],
  keys: ({ data }) => [(data as ConfirmationEvent['data']).confirmation],
  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as ConfirmationEvent;
    switch (event.type) {
      case 'ConfirmationWritten': {
        const { confirmation, kind, about, event: fact, addressee, channel, noChannel } = event.data;
        const { language, contentHash, writtenAt } = event.data;
        const isUndelivered = channel === 'none';
        return {
          ...{ id: confirmation, position: recorded.position, kind, event: fact },
          authorization: 'authorization' in about ? about.authorization : null,
          means: 'means' in about ? about.means : null,
          role: addressee.role,
          person: addressee.kind === 'person' ? addressee.id : null,
          party: addressee.kind === 'party' ? addressee.id : null,
          ...{ channel, noChannel: noChannel ?? null, language, contentHash },
          outcome: isUndelivered ? 'none' : 'waiting',
          notDelivered: isUndelivered,
          ...{ failure: null, failureStatus: null, attempts: null, writtenAt, endedAt: null },
        };
      }
      case 'ConfirmationSent': {
        const { channel, attempts, sentAt } = event.data;
        return {
          ...present(row, recorded),
          ...{ channel, noChannel: null, outcome: 'sent', notDelivered: false, failure: null, failureStatus: null },
          ...{ attempts, endedAt: sentAt },
        };
      }
      case 'ConfirmationRetried':
        return {
          ...present(row, recorded),
          ...{ channel: event.data.channel, noChannel: null, outcome: 'waiting', notDelivered: false },
          ...{ failure: null, failureStatus: null, attempts: null, endedAt: null },
        };
      case 'ConfirmationLapsed':
        return {
          ...present(row, recorded),
          ...{ outcome: 'lapsed', notDelivered: false, failure: null, failureStatus: null, endedAt: event.data.since },
        };
      case 'ConfirmationFailed': {
        const { reason, status, attempts, failedAt } = event.data;
        return {
          ...present(row, recorded),
          ...{ outcome: 'failed', notDelivered: true, failure: reason, failureStatus: status ?? null },
          ...{ attempts, endedAt: failedAt },
        };
      }
    }
  },
};
