import { describe, expect, it } from '@jest/globals';
import { later, type ApplicationId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import {
  applicationDecider,
  judgePurpose,
  lacksMedium,
  PURPOSES,
  type ApplicationReceived,
  type ReceiveApplication,
  type ReceivedApplication,
} from './index.js';

const given = specificationOf(applicationDecider);
const application = uuid('appl') as ApplicationId;
const now = at('2026-03-02T16:00:00Z');
const DAY = 24 * 3_600_000;

const receive: ReceiveApplication = {
  type: 'ReceiveApplication',
  application,
  channel: 'nonElectronic',
  receivedAt: at('2026-03-02T08:00:00Z'),
  purposes: ['means', 'registration'],
  now,
};
const received: ApplicationReceived = {
  type: 'ApplicationReceived',
  data: {
    application,
    channel: 'nonElectronic',
    receivedAt: at('2026-03-02T08:00:00Z'),
    purposes: ['means', 'registration'],
    late: false,
  },
};

describe('an application', () => {
  it('is received with its channel, moment of arrival and purposes (REG-03)', () => {
    given().when(receive).then(received);
  });

  it('keeps how the request came, where it is said', () => {
    const said = { ...received, data: { ...received.data, medium: 'telephone' as const } };
    given()
      .when({ ...receive, medium: 'telephone' })
      .then(said);
    expect(given(said).state).toMatchObject({ medium: 'telephone' });
    expect(given(received).state).not.toHaveProperty('medium');
  });

  it('has to say it for a revocation or suspension, whose evaluation looks at it (PI1)', () => {
    for (const purpose of PURPOSES) {
      const isAsked = purpose === 'revocation' || purpose === 'suspension';
      expect([purpose, lacksMedium({ purposes: ['means', purpose] })]).toEqual([purpose, isAsked]);
      expect(lacksMedium({ purposes: [purpose], medium: 'writing' })).toBe(false);
    }
  });

  it('is received once', () => {
    given(received).when(receive).thenRejected('application-exists');
    given(received)
      .when({ ...receive, channel: 'electronic' })
      .thenRejected({ code: 'application-exists', kind: 'conflict' });
  });

  it('may have arrived up to five seconds ahead of the clock, and no later', () => {
    const arriving = (ahead: number) => given().when({ ...receive, receivedAt: later(now, ahead) });
    arriving(5_000).then({ ...received, data: { ...received.data, receivedAt: later(now, 5_000) } });
    arriving(5_001).thenRejected({ code: 'instant-in-future', kind: 'invalid', pointer: '/receivedAt' });
  });

  it('needs a reason when it arrived more than 31 days ago, and is flagged', () => {
    const arriving = (command: Partial<ReceiveApplication>) => given().when({ ...receive, ...command });
    arriving({ receivedAt: later(now, -31 * DAY) }).then({
      ...received,
      data: { ...received.data, receivedAt: later(now, -31 * DAY) },
    });
    const old = later(now, -31 * DAY - 1);
    arriving({ receivedAt: old }).thenRejected({
      code: 'late-entry-reason-missing',
      kind: 'invalid',
      pointer: '/receivedAt',
    });
    arriving({ receivedAt: old, lateEntryReason: 'Lost in the post' }).then({
      ...received,
      data: { ...received.data, receivedAt: old, late: true, lateEntryReason: { clear: 'Lost in the post' } },
    });
  });

  it('carries commands of its purposes only', () => {
    const state = given(received).state as ReceivedApplication;
    expect(judgePurpose(state, 'registration')).toStrictEqual([]);
    expect(judgePurpose(state, 'renewal')).toStrictEqual([
      {
        code: 'purpose-not-in-application',
        kind: 'refused',
        facts: { purpose: 'renewal', purposes: ['means', 'registration'] },
      },
    ]);
  });

  it('keeps no words of a reason in its state', () => {
    const late = { ...received, data: { ...received.data, late: true, lateEntryReason: { sealed: 'x' } } };
    expect(given(late).state).toStrictEqual({
      status: 'received',
      id: application,
      channel: 'nonElectronic',
      receivedAt: '2026-03-02T08:00:00.000Z',
      purposes: ['means', 'registration'],
      late: true,
    });
  });
});
