import { describe, expect, it } from '@jest/globals';
import type { ApplicationId, CheckId, PersonId, RightsRequestId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import {
  rightsRequestDecider,
  type AnsweredData,
  type RightsRequestFulfilled,
  type RightsRequestCommand,
  type RightsRequestDecided,
  type RightsRequestProlonged,
  type RightsRequestReceived,
} from './index.js';

const given = specificationOf(rightsRequestDecider);
const rightsRequest = uuid('right') as RightsRequestId;
const person = uuid('person') as PersonId;
const receivedAt = at('2026-03-02T10:00:00Z');
const now = at('2026-03-09T10:00:00Z');

const data = {
  ...{ rightsRequest, about: { person }, records: [person], application: uuid('appl') as ApplicationId },
  ...{ login: uuid('check') as CheckId, level: 'EH3' as const, receivedAt },
} as const;
const receive: Extract<RightsRequestCommand, { type: 'ReceiveRightsRequest' }> = {
  ...{ type: 'ReceiveRightsRequest', asks: 'erasure', person, role: 'holder', registeredAt: 'EH3', ...data },
};
const received: RightsRequestReceived = {
  type: 'RightsRequestReceived',
  data: {
    ...data,
    ...{ type: 'erasure', requester: { person, role: 'holder' }, answerBefore: at('2026-04-02T22:00:00Z') },
  },
};
const contacts: AnsweredData = { kind: 'contacts', effect: 'erased', count: 2 };
const identity: AnsweredData = {
  ...{ kind: 'identity', effect: 'kept', count: 1, ground: 'retention', until: at('2033-03-02T23:00:00Z') },
};
const decided = (outcome: RightsRequestDecided['data']['outcome'], ...of: AnsweredData[]): RightsRequestDecided => ({
  type: 'RightsRequestDecided',
  data: { rightsRequest, outcome, data: of, decidedAt: now },
});
const grant = (...of: AnsweredData[]): RightsRequestCommand => ({ type: 'GrantRightsRequest', data: of, now });
const refuse: RightsRequestCommand = { type: 'RefuseRightsRequest', ground: 'excessive', reason: 'Elke dag', now };
const refused: RightsRequestDecided = {
  type: 'RightsRequestDecided',
  data: {
    ...{ rightsRequest, outcome: 'refused', data: [], ground: 'excessive' },
    ...{ reason: { clear: 'Elke dag' }, decidedAt: now },
  },
};
const prolong: RightsRequestCommand = { type: 'ProlongRightsRequest', reason: 'Veel dossiers', now };
const prolonged: RightsRequestProlonged = {
  type: 'RightsRequestProlonged',
  data: {
    ...{ rightsRequest, reason: { clear: 'Veel dossiers' }, answerBefore: at('2026-06-02T22:00:00Z') },
    prolongedAt: now,
  },
};
const carriedOut: RightsRequestFulfilled = {
  type: 'RightsRequestFulfilled',
  data: { rightsRequest, contacts: 2, erasedAt: now },
};
const carryOut: RightsRequestCommand = { type: 'FulfillRightsRequest', contacts: 2, now };

describe('a request for erasure', () => {
  it('is received from whom it is about, and answered within a month (RIGHTS-04, MIN-03)', () => {
    given().when(receive).then(received);
    given(received).when(receive).thenRejected('rights-request-exists');
  });

  it('is not received from somebody else (RIGHTS-04)', () => {
    given()
      .when({ ...receive, role: undefined })
      .thenRejected('rights-of-another');
  });

  it('is received with a login of the level of the data or higher alone (RIGHTS-07)', () => {
    given()
      .when({ ...receive, level: 'EH2' })
      .thenRejected('rights-level-too-low');
    given()
      .when({ ...receive, level: 'EH4' })
      .then({ ...received, data: { ...received.data, level: 'EH4' } });
  });

  it('is granted, or in part where something is kept (RIGHTS-06)', () => {
    given(received).when(grant(contacts)).then(decided('granted', contacts));
    given(received)
      .when(grant(contacts, identity))
      .then(decided('grantedInPart', contacts, identity));
  });

  it('is granted about every record that is his when it is decided, linked before or since (RIGHTS-06)', () => {
    const records = [person, uuid('person', 2) as PersonId];
    const granted = decided('granted', contacts);
    const withBoth: RightsRequestDecided = { ...granted, data: { ...granted.data, records } };
    given(received)
      .when({ type: 'GrantRightsRequest', data: [contacts], records, now })
      .then(withBoth);
    given(received)
      .when({ type: 'GrantRightsRequest', data: [contacts], records: [person], now })
      .then(granted);
    const state = [received, withBoth].reduce(rightsRequestDecider.evolve, rightsRequestDecider.initialState);
    expect(state).toMatchObject({ status: 'decided', records });
  });

  it('is not granted about a record that was linked since at a level above the login (RIGHTS-07)', () => {
    const records = [person, uuid('person', 2) as PersonId];
    const grantAt = (registeredAt: 'EH3' | 'EH4') =>
      ({ type: 'GrantRightsRequest', data: [contacts], records, registeredAt, now }) as const;
    const { level } = received.data;
    expect(level).toBe('EH3');
    given(received).when(grantAt('EH4')).thenRejected('rights-level-too-low');
    const granted = decided('granted', contacts);
    given(received)
      .when(grantAt('EH3'))
      .then({ ...granted, data: { ...granted.data, records } });
  });

  it('is refused on a ground, and nothing is done', () => {
    given(received).when(refuse).then(refused);
    given(received, refused).when(carryOut).thenNothing();
  });

  it('is decided once', () => {
    for (const command of [grant(contacts), refuse, prolong]) {
      given(received, decided('granted', contacts)).when(command).thenRejected('rights-request-decided');
    }
  });

  it('is prolonged once, by two months, within the first (MIN-03)', () => {
    given(received).when(prolong).then(prolonged);
    given(received, prolonged).when(prolong).thenRejected('rights-request-prolonged');
    given(received)
      .when({ ...prolong, now: at('2026-04-02T22:00:00Z') })
      .thenRejected('rights-term-over');
  });

  it('is carried out once, after it was granted', () => {
    given(received).when(carryOut).thenNothing();
    given(received, decided('granted', contacts)).when(carryOut).then(carriedOut);
    given(received, decided('granted', contacts), carriedOut).when(carryOut).thenNothing();
  });

  it('is not there before it was received', () => {
    for (const command of [grant(contacts), refuse, prolong, carryOut]) {
      given().when(command).thenRejected('no-such-rights-request');
    }
  });
});
