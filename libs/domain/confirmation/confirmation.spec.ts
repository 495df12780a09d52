import { describe, expect, it } from '@jest/globals';
import type { AuthorizationId, CalendarDate, ConfirmationId, EventId, PersonId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import {
  asToldAt,
  confirmationDecider,
  revokesWhenTold,
  toldAt,
  type ConfirmationCommand,
  type ConfirmationWritten,
} from './index.js';

const given = specificationOf(confirmationDecider);
const confirmation = uuid('conf') as ConfirmationId;
const now = at('2026-03-02T12:00:00Z');
const later = at('2026-03-02T12:05:00Z');

type Write = Extract<ConfirmationCommand, { type: 'WriteConfirmation' }>;
const person = { kind: 'person', id: uuid('person') as PersonId } as const;
const write: Write = {
  type: 'WriteConfirmation',
  confirmation,
  kind: 'authorizationRegistered',
  about: { authorization: uuid('auth') as AuthorizationId },
  event: uuid('event') as EventId,
  addressee: { role: 'submitter', ...person },
  channel: 'email',
  address: 'somebody@example.org',
  language: 'nl',
  subject: 'Bevestiging',
  text: 'Gemachtigde: {authorized}',
  contentHash: 'ab',
  authorized: person,
  authorizedName: 'A. Test',
  effective: { level: 'EH3' },
  now,
};
const { type: _type, address: _address, authorizedName: _name, representedName: _other, now: _now, ...said } = write;
const written: ConfirmationWritten = {
  type: 'ConfirmationWritten',
  data: {
    ...said,
    address: { clear: 'somebody@example.org' },
    authorizedName: { clear: 'A. Test' },
    writtenAt: now,
  },
};
const failed = { type: 'NoteFailed', channel: 'email', reason: 'refused', status: 550, attempts: 1, now } as const;
const sent = { type: 'NoteSent', channel: 'email', attempts: 2, now: later } as const;

describe('a confirmation', () => {
  it('is an event with addressee, channel, hash and moment, written once (CONF-05)', () => {
    given().when(write).then(written);
    given(written)
      .when({ ...write, subject: 'another', now: later })
      .thenNothing();
    expect(given(written).state).toMatchObject({ status: 'waiting', channel: 'email', contentHash: 'ab' });
  });

  it('waits for nothing where there is no channel', () => {
    const none = { ...written.data, channel: 'none', noChannel: 'noAddress' } as const;
    expect(given({ ...written, data: none }).state).toMatchObject({ status: 'none' });
    given({ ...written, data: none })
      .when(sent)
      .thenNothing();
  });

  it('was sent once, whatever is noted later', () => {
    const fact = {
      type: 'ConfirmationSent',
      data: { confirmation, channel: 'email', attempts: 2, sentAt: later },
    } as const;
    given(written).when(sent).then(fact);
    given(written, fact).when(sent).thenNothing();
    given(written, fact).when(failed).thenNothing();
    expect(given(written, fact).state).toMatchObject({ status: 'sent', attempts: 2, endedAt: later });
  });

  it('that failed says why, and was sent all the same where a receiver takes it later', () => {
    const fact = {
      type: 'ConfirmationFailed',
      data: { confirmation, channel: 'email', reason: 'refused', status: 550, attempts: 1, failedAt: now },
    } as const;
    given(written).when(failed).then(fact);
    given(written, fact).when(failed).thenNothing();
    expect(given(written, fact).state).toMatchObject({ status: 'failed', failure: 'refused', failureStatus: 550 });
    given(written, fact)
      .when(sent)
      .then({ type: 'ConfirmationSent', data: { confirmation, channel: 'email', attempts: 2, sentAt: later } });
  });

  it('takes no note of another channel', () => {
    given(written)
      .when({ ...sent, channel: 'webhook' })
      .thenNothing();
  });

  describe('that reached nobody', () => {
    const gaveUp = {
      type: 'ConfirmationFailed',
      data: { confirmation, channel: 'email', reason: 'refused', status: 550, attempts: 1, failedAt: now },
    } as const;
    const none = { ...written, data: { ...written.data, channel: 'none', noChannel: 'noAddress' } } as const;
    const day = (on: string) =>
      ({
        on: on as CalendarDate,
        day: { begins: at(`${on}T00:00:00+01:00`), ends: at(`${on}T23:59:59.999+01:00`) },
      }) as const;
    const letter = {
      type: 'TellByLetter',
      ...day('2026-03-03'),
      evidence: '3SABCD',
      noticeDays: 28,
      now: at('2026-03-06T12:00:00Z'),
    } as const;
    const told = {
      type: 'ConfirmationSent',
      data: {
        ...{ confirmation, channel: 'letter' as const, attempts: 1, sentAt: at('2026-03-03T22:59:59.999Z') },
        ...{ letter: { on: '2026-03-03' as CalendarDate, late: false }, addressee: write.addressee },
        evidence: { clear: '3SABCD' },
      },
    } as const;

    it('was told by a letter of the day in whose last moment it was written', () => {
      const last = { ...written, data: { ...written.data, writtenAt: letter.day.ends } } as const;
      given(last, gaveUp).when(letter).then(told);
      const after = { ...written, data: { ...written.data, writtenAt: at('2026-03-03T23:00:00Z') } } as const;
      given(after, gaveUp).when(letter).thenRejected('letter-before-confirmation');
    });

    it('has neither attempts nor an end once it is tried again: those were of the sending before', () => {
      const again = {
        type: 'ConfirmationRetried',
        data: {
          ...{ confirmation, channel: 'email' as const, addressee: write.addressee },
          ...{ address: { clear: 'other@example.org' }, retry: 1, retriedAt: later },
        },
      } as const;
      const { state } = given(written, gaveUp, again);
      expect(state).not.toHaveProperty('attempts');
      expect(state).not.toHaveProperty('endedAt');
      expect(given(written, gaveUp).state).toMatchObject({ attempts: 1, endedAt: now });
    });

    it('was told by letter, from the end of the day that it went on (CONF-05)', () => {
      given(written, gaveUp).when(letter).then(told);
      const onRecord = { evidence: '3SABCD' };
      given(written, gaveUp, told)
        .when({ ...letter, onRecord })
        .thenNothing();
      for (const other of [{ evidence: 'another' }, { lateEntryReason: 'r' }]) {
        given(written, gaveUp, told)
          .when({ ...letter, onRecord, ...other })
          .thenRejected('confirmation-told-already');
      }
      given(written, gaveUp, told)
        .when({ ...letter, ...day('2026-03-04') })
        .thenRejected('confirmation-told-already');
      const { state } = given(written, gaveUp, told);
      expect(state).toMatchObject({ status: 'sent', channel: 'letter' as const, endedAt: told.data.sentAt });
      expect(state).not.toHaveProperty('failure');
      const today = { ...told.data, sentAt: later, letter: { on: '2026-03-02' as CalendarDate, late: false } };
      given(none)
        .when({ ...letter, ...day('2026-03-02'), now: later })
        .then({ ...told, data: { ...today, attempts: 0 } });
    });

    it('was told by a letter that neither lies ahead nor was sent before there was something to tell', () => {
      given(written, gaveUp)
        .when({ ...letter, ...day('2026-03-07') })
        .thenRejected({ code: 'instant-in-future', kind: 'invalid', pointer: '/letter/on' });
      given(written, gaveUp)
        .when({ ...letter, ...day('2026-03-01') })
        .thenRejected({ code: 'letter-before-confirmation', kind: 'conflict', pointer: '/letter/on' });
      const long = { ...letter, now: at('2026-05-01T12:00:00Z') };
      given(written, gaveUp)
        .when(long)
        .thenRejected({ code: 'late-entry-reason-missing', kind: 'invalid', pointer: '/letter/on' });
      given(written, gaveUp)
        .when({ ...long, lateEntryReason: 'the file was found' })
        .then({
          ...told,
          data: {
            ...told.data,
            letter: { ...told.data.letter, late: true },
            lateEntryReason: { clear: 'the file was found' },
          },
        });
    });

    it('is tried again, to the address of now, as often as a person says so', () => {
      const retry = { type: 'RetryConfirmation', by: { address: 'other@example.org' }, now: later } as const;
      const again = (times: number) =>
        ({
          type: 'ConfirmationRetried',
          data: {
            ...{
              confirmation,
              channel: 'email' as const,
              addressee: write.addressee,
              address: { clear: 'other@example.org' },
            },
            ...{ retry: times, retriedAt: later },
          },
        }) as const;
      given(written, gaveUp).when(retry).then(again(1));
      given(none).when(retry).then(again(1));
      given(written).when(retry).thenNothing();
      given(written, gaveUp, again(1)).when(retry).thenNothing();
      given(written, gaveUp, again(1), gaveUp).when(retry).then(again(2));
      given(written, gaveUp, told).when(retry).thenRejected('confirmation-told-already');
      // What came of a sending before it says nothing of this one.
      for (const one of [sent, failed]) {
        given(written, gaveUp, again(1)).when(one).thenNothing();
        given(written, gaveUp, again(1), gaveUp, again(2))
          .when({ ...one, retry: 1 })
          .thenNothing();
      }
      given(written, gaveUp, again(1))
        .when({ ...sent, retry: 1 })
        .then({ type: 'ConfirmationSent', data: { confirmation, channel: 'email', attempts: 2, sentAt: later } });
      given(written, gaveUp)
        .when({ ...retry, by: { noChannel: 'noAddress' } })
        .thenRejected({ code: 'confirmation-without-mail', kind: 'conflict', facts: { why: 'noAddress' } });
      // A receiver may never see to it: what waits for one goes by mail from then on.
      const byReceiver = { ...written, data: { ...written.data, channel: 'webhook' } } as const;
      given(byReceiver).when(retry).then(again(1));
      given(byReceiver)
        .when({ ...retry, by: { noChannel: 'mailOff' } })
        .thenRejected({ code: 'confirmation-without-mail', kind: 'conflict', facts: { why: 'mailOff' } });
      given(byReceiver, again(1))
        .when({ ...sent, channel: 'webhook' })
        .thenNothing();
      const { state } = given(none, again(1));
      expect(state).toMatchObject({ status: 'waiting', channel: 'email' as const, retries: 1 });
      expect(state).not.toHaveProperty('noChannel');
    });
  });

  describe('that was sent, and came back', () => {
    const fact = {
      type: 'ConfirmationSent',
      data: { confirmation, channel: 'email', attempts: 2, sentAt: now },
    } as const;
    const notReached = { type: 'NoteNotReached', sending: 1, now: later } as const;
    const cameBack = {
      type: 'ConfirmationFailed',
      data: { confirmation, channel: 'email', reason: 'notReached', sending: 1, attempts: 2, failedAt: later },
    } as const;

    it('told nobody: somebody has to tell him in another way (CONF-05)', () => {
      given(written, fact).when(notReached).then(cameBack);
      given(written, fact, cameBack).when(notReached).thenNothing();
      expect(toldAt(given(written, fact).state)).toBe(now);
      const { state } = given(written, fact, cameBack);
      expect(state).toMatchObject({ status: 'failed', failure: 'notReached', attempts: 2, endedAt: later });
      expect(toldAt(state)).toBeUndefined();
      // What another receiver, or a process that lay behind, notes of it changes nothing.
      for (const one of [sent, failed]) given(written, fact, cameBack).when(one).thenNothing();
    });

    it('by letter has no letter any more, and may be told by another one', () => {
      const letter = { on: '2026-03-02' as CalendarDate, late: false };
      const byLetter = { ...fact, data: { ...fact.data, channel: 'letter', letter } } as const;
      const back = { ...cameBack, data: { ...cameBack.data, channel: 'letter', sending: 2 } } as const;
      given(written, byLetter)
        .when({ ...notReached, sending: 2 })
        .then(back);
      expect(given(written, byLetter, back).state).not.toHaveProperty('letter');
      given(written, byLetter, back)
        .when({
          ...{ type: 'TellByLetter', on: letter.on, evidence: 'another', noticeDays: 28, now: later },
          day: { begins: at('2026-03-02T00:00:00+01:00'), ends: at('2026-03-02T23:59:59.999+01:00') },
        })
        .then({
          type: 'ConfirmationSent',
          data: {
            ...{ confirmation, channel: 'letter', attempts: 2, sentAt: later, letter, addressee: write.addressee },
            evidence: { clear: 'another' },
          },
        });
    });

    it('is told by no letter of before that, not even by the one that came back (NONUSE-03)', () => {
      const letter = { on: '2026-03-02' as CalendarDate, late: false };
      const byLetter = { ...fact, data: { ...fact.data, channel: 'letter', letter } } as const;
      const failedAt = at('2026-03-20T12:00:00Z');
      const back = { ...cameBack, data: { ...cameBack.data, channel: 'letter', sending: 2, failedAt } } as const;
      const byDay = (on: string, more: object = {}): ConfirmationCommand => ({
        ...{ type: 'TellByLetter', on: on as CalendarDate, evidence: 'another', noticeDays: 28 },
        day: { begins: at(`${on}T00:00:00+01:00`), ends: at(`${on}T23:59:59.999+01:00`) },
        now: at('2026-03-21T12:00:00Z'),
        ...more,
      });
      const again = {
        type: 'ConfirmationRetried',
        data: {
          ...{ confirmation, channel: 'email' as const, addressee: write.addressee },
          ...{ address: { clear: 'other@example.org' }, retry: 1, retriedAt: failedAt },
        },
      } as const;
      for (const since of [[back], [back, again]] as const) {
        for (const on of ['2026-03-02', '2026-03-19']) {
          given(written, byLetter, ...since)
            .when(byDay(on))
            .thenRejected({ code: 'letter-came-back', kind: 'conflict', pointer: '/letter/on' });
        }
        const decided = confirmationDecider.decide(byDay('2026-03-20'), given(written, byLetter, ...since).state);
        expect(decided).toMatchObject({ outcome: 'accepted', events: [{ type: 'ConfirmationSent' }] });
      }
      // Said to have come back on the very day that it went.
      const soon = { ...back, data: { ...back.data, failedAt: later } } as const;
      given(written, byLetter, soon)
        .when(byDay('2026-03-02', { onRecord: { evidence: 'another' } }))
        .thenRejected('letter-came-back');
    });

    it('says which sending: what comes back of one before the last changes nothing', () => {
      const again = {
        type: 'ConfirmationRetried',
        data: {
          ...{ confirmation, channel: 'email' as const, addressee: write.addressee },
          ...{ address: { clear: 'other@example.org' }, retry: 1, retriedAt: later },
        },
      } as const;
      const history = [written, fact, cameBack, again, fact] as const;
      expect(given(...history).state).toMatchObject({ status: 'sent', sending: 2 });
      given(...history)
        .when(notReached)
        .thenNothing();
      given(...history)
        .when({ ...notReached, sending: 2 })
        .then({ ...cameBack, data: { ...cameBack.data, sending: 2 } });
      given(...history)
        .when({ ...notReached, sending: 3 })
        .thenRejected('confirmation-not-sent');
      given(written, fact, cameBack, again)
        .when({ ...notReached, sending: 2 })
        .thenRejected('confirmation-not-sent');
    });

    it('is one that was sent: what waits is not there yet, and what failed has come to nobody', () => {
      given(written).when(notReached).thenRejected('confirmation-not-sent');
      const gaveUp = { ...cameBack, data: { ...cameBack.data, reason: 'refused' } } as const;
      given(written, gaveUp).when(notReached).thenRejected('confirmation-not-sent');
      const none = { ...written, data: { ...written.data, channel: 'none', noChannel: 'noAddress' } } as const;
      given(none).when(notReached).thenRejected('confirmation-not-sent');
      given().when(notReached).thenRejected('no-such-confirmation');
    });
  });

  describe('of what does not hold any more', () => {
    const since = at('2026-03-04T09:00:00Z');
    const lapse = { type: 'LapseConfirmation', since, now: at('2026-03-05T09:00:00Z') } as const;
    const lapsed = { type: 'ConfirmationLapsed', data: { confirmation, since, lapsedAt: lapse.now } } as const;
    const gaveUp = {
      type: 'ConfirmationFailed',
      data: { confirmation, channel: 'email', reason: 'refused', status: 550, attempts: 1, failedAt: now },
    } as const;
    const told = {
      type: 'ConfirmationSent',
      data: { confirmation, channel: 'email', attempts: 2, sentAt: later },
    } as const;

    it('is over, unless somebody was told before, and is not tried again (NONUSE-02)', () => {
      const none = { ...written, data: { ...written.data, channel: 'none', noChannel: 'noAddress' } } as const;
      for (const before of [[written], [written, gaveUp], [none]]) {
        given(...before)
          .when(lapse)
          .then(lapsed);
        given(...before, lapsed)
          .when(lapse)
          .thenNothing();
        given(...before, lapsed)
          .when({ type: 'RetryConfirmation', by: { address: 'other@example.org' }, now: lapse.now })
          .thenRejected('confirmation-lapsed');
      }
      const { state } = given(written, gaveUp, lapsed);
      expect(state).toMatchObject({ status: 'lapsed', endedAt: since });
      expect(state).not.toHaveProperty('failure');
      expect(toldAt(state)).toBeUndefined();
      given(written, told).when(lapse).thenNothing();
      given(written, lapsed).when(failed).thenNothing();
    });

    it('was told all the same where a server had it by then, or a letter went while it held', () => {
      given(written, lapsed).when(sent).then(told);
      const letter = (on: string) =>
        ({
          type: 'TellByLetter',
          ...{ on: on as CalendarDate, evidence: 'e', noticeDays: 28, now: lapse.now },
          day: { begins: at(`${on}T00:00:00+01:00`), ends: at(`${on}T23:59:59.999+01:00`) },
        }) as const;
      given(written, lapsed).when(letter('2026-03-05')).thenRejected('confirmation-lapsed');
      const decided = confirmationDecider.decide(letter('2026-03-04'), given(written, lapsed).state);
      expect(decided).toMatchObject({ outcome: 'accepted', events: [{ type: 'ConfirmationSent' }] });
    });
  });

  describe('of non-use', () => {
    const revokesAt = at('2026-03-31T12:00:00Z');
    const notice = { ...written, data: { ...written.data, kind: 'nonUse', effective: { revokesAt } } } as const;
    const { state } = given(notice);
    if (state.status === 'unwritten') throw new Error('it is written');

    it('names the moment that follows from its telling, however late it is told, and none before its own (NONUSE-03)', () => {
      expect(revokesWhenTold(state, now, 28)).toBe(revokesAt);
      // Summer time begins between.
      expect(revokesWhenTold(state, at('2026-03-20T12:00:00Z'), 28)).toBe(at('2026-04-17T11:00:00Z'));
      expect(asToldAt(state, at('2026-05-01T12:00:00Z'), 28).effective).toEqual({
        revokesAt: at('2026-05-29T12:00:00Z'),
      });
      expect(revokesWhenTold({ ...state, kind: 'authorizationRenewed' }, now, 28)).toBeUndefined();
    });

    it('keeps the moment that it named once it is told, by whatever way', () => {
      const named = at('2026-05-29T12:00:00Z');
      const data = { confirmation, channel: 'email', attempts: 2, sentAt: later, revokesAt: named } as const;
      const fact = { type: 'ConfirmationSent', data } as const;
      given(notice)
        .when({ ...sent, revokesAt: named })
        .then(fact);
      const told = given(notice, fact).state;
      expect(told).toMatchObject({ effective: { revokesAt: named } });
      expect(asToldAt(told as never, at('2026-08-01T12:00:00Z'), 28)).toBe(told);
      // By letter it runs from the end of its day.
      given(notice)
        .when({
          ...{ type: 'TellByLetter', on: '2026-05-01' as CalendarDate, evidence: 'e', noticeDays: 28 },
          day: { begins: at('2026-04-30T22:00:00Z'), ends: at('2026-05-01T21:59:59.999Z') },
          now: at('2026-05-04T12:00:00Z'),
        })
        .then({
          type: 'ConfirmationSent',
          data: {
            ...{ confirmation, channel: 'letter', attempts: 0, sentAt: at('2026-05-01T21:59:59.999Z') },
            ...{ revokesAt: at('2026-05-29T21:59:59.999Z'), evidence: { clear: 'e' }, addressee: write.addressee },
            letter: { on: '2026-05-01' as CalendarDate, late: false },
          },
        });
    });
  });

  it('has to be written first', () => {
    given().when(sent).thenRejected('no-such-confirmation');
  });
});
