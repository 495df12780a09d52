import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { ApplicationReceived } from '#libs/domain';

export type ApplicationRow = {
  readonly id: string;
  readonly position: bigint;
  readonly channel: string;
  readonly medium: string | null;
  readonly receivedAt: string;
  readonly purposes: readonly string[];
  readonly late: boolean;
};

/** Every application, newest first. */
export const applicationsProjection: Projection<ApplicationRow> = {
  name: 'applications',
  version: 2,
  table: {
    name: 'applications',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      channel: 'text',
      medium: 'text',
      receivedAt: 'text',
      purposes: 'text[]',
      late: 'boolean',
    },
    indexes: [['channel', 'position'], ['purposes'], ['receivedAt', 'position']],
  },
  handles: ['ApplicationReceived'],
  keys: (event) => [(event.data as ApplicationReceived['data']).application],
  fold(_row, recorded: Recorded<DomainEvent>) {
    const {
      application,
      channel,
      medium = null,
      receivedAt,
      purposes,
      late,
    } = recorded.data as ApplicationReceived['data'];
    return { id: application, position: recorded.position, channel, medium, receivedAt, purposes, late };
  },
};
