import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import { present } from '#libs/application';
import type { ApplicationReceived, CheckRecorded } from '#libs/domain';

export type ApplicationRow = {
  readonly id: string;
  readonly position: bigint;
  readonly channel: string;
  readonly medium: string | null;
  readonly receivedAt: string;
  readonly purposes: readonly string[];
  readonly late: boolean;
  /** How many checks hang on it. */
  readonly checks: number;
};

type Known = ApplicationReceived | CheckRecorded;

/** Every application, newest first. */
export const applicationsProjection: Projection<ApplicationRow> = {
  name: 'applications',
  version: 3,
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
      checks: 'integer',
    },
    indexes: [['channel', 'position'], ['purposes'], ['receivedAt', 'position']],
  },
  handles: ['ApplicationReceived', 'CheckRecorded'],

  keys(recorded) {
    const { type, data } = recorded as unknown as Known;
    return [type === 'CheckRecorded' ? data.facts.application : data.application];
  },

  fold(row, recorded: Recorded<DomainEvent>) {
    const { type, data } = recorded as unknown as Known;
    if (type === 'CheckRecorded') {
      const known = present(row, recorded);
      return { ...known, checks: known.checks + 1 };
    }
    const { application, channel, medium = null, receivedAt, purposes, late } = data;
    return { id: application, position: recorded.position, channel, medium, receivedAt, purposes, late, checks: 0 };
  },
};
