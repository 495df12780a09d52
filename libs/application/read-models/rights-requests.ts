import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { RightsRequest, RightsRequestEvent } from '#libs/domain';

export type RightsRequestRow = {
  readonly id: string;
  readonly position: bigint;
  readonly type: string;
  readonly status: Exclude<RightsRequest['status'], 'none'>;
  readonly outcome: string | null;
  readonly person: string | null;
  readonly party: string | null;
  readonly requester: string;
  readonly role: string;
  readonly receivedAt: Instant;
  readonly answerBefore: Instant;
  readonly decidedAt: Instant | null;
};

/** Requests of people about their data, newest first: which are to be answered, and before when (MIN-03). */
export const rightsRequestsProjection: Projection<RightsRequestRow> = {
  name: 'rights-requests',
  version: 1,
  table: {
    name: 'rights_requests',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      type: 'text',
      status: 'text',
      outcome: 'text',
      person: 'text',
      party: 'text',
      requester: 'text',
      role: 'text',
      receivedAt: 'text',
      answerBefore: 'text',
      decidedAt: 'text',
    },
    indexes: [
      ['status', 'position'],
      ['person', 'position'],
      ['party', 'position'],
    ],
  },
  handles: ['RightsRequestReceived', 'RightsRequestProlonged', 'RightsRequestDecided', 'RightsRequestFulfilled'],
  keys: (event) => [(event.data as RightsRequestEvent['data']).rightsRequest],
  fold(row, recorded: Recorded<DomainEvent>, id) {
    const event = recorded as unknown as Recorded<DomainEvent> & RightsRequestEvent;
    if (event.type === 'RightsRequestReceived') {
      const { type, about, requester, receivedAt, answerBefore } = event.data;
      return {
        ...{ id, position: recorded.position, type, status: 'received', outcome: null },
        person: 'person' in about ? about.person : null,
        party: 'party' in about ? about.party : null,
        ...{ requester: requester.person, role: requester.role, receivedAt, answerBefore, decidedAt: null },
      };
    }
    if (row === undefined) return undefined;
    switch (event.type) {
      case 'ErasureHeld':
      case 'ErasureBegun':
        return row;
      case 'RightsRequestProlonged':
        return { ...row, answerBefore: event.data.answerBefore };
      case 'RightsRequestDecided': {
        const { outcome, decidedAt } = event.data;
        return { ...row, outcome, decidedAt, status: outcome === 'refused' ? 'done' : 'decided' };
      }
      case 'RightsRequestFulfilled':
        return { ...row, status: 'done' };
    }
  },
};
