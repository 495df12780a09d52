import { describe, it } from '@jest/globals';
import type { LegalHoldId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import { legalHoldDecider, type LegalHoldCommand, type LegalHoldLifted, type LegalHoldPlaced } from './index.js';

const given = specificationOf(legalHoldDecider);
const legalHold = uuid('hold') as LegalHoldId;
const now = at('2026-03-02T12:00:00Z');
const on = { kind: 'authorization', id: uuid('auth') } as const;

const set: LegalHoldCommand = { type: 'SetLegalHold', legalHold, on, reason: 'zaak C/16/1234', now };
const lift: LegalHoldCommand = { type: 'LiftLegalHold', reason: 'onherroepelijk', now };
const wasSet: LegalHoldPlaced = {
  type: 'LegalHoldPlaced',
  data: { legalHold, on, reason: { clear: 'zaak C/16/1234' }, setAt: now },
};
const wasLifted: LegalHoldLifted = {
  type: 'LegalHoldLifted',
  data: { legalHold, reason: { clear: 'onherroepelijk' }, liftedAt: now },
};

describe('a legal hold', () => {
  it('is set on an object with its reason, and lifted with one', () => {
    given().when(set).then(wasSet);
    given(wasSet).when(lift).then(wasLifted);
  });

  it('is set once and lifted once', () => {
    given(wasSet).when(set).thenRejected('legal-hold-exists');
    given(wasSet, wasLifted).when(lift).thenRejected('legal-hold-lifted');
    given().when(lift).thenRejected('no-such-legal-hold');
  });

  it('lapses where it came too late, and is not lifted then; one that was lifted does not lapse', () => {
    const lapse: LegalHoldCommand = { type: 'LapseLegalHold', now };
    given(wasSet)
      .when(lapse)
      .then({ type: 'LegalHoldLapsed', data: { legalHold, lapsedAt: now } });
    given(wasSet, { type: 'LegalHoldLapsed', data: { legalHold, lapsedAt: now } })
      .when(lift)
      .thenRejected('nothing-to-hold');
    given(wasSet, { type: 'LegalHoldLapsed', data: { legalHold, lapsedAt: now } })
      .when(lapse)
      .thenNothing();
    given(wasSet, wasLifted).when(lapse).thenNothing();
  });
});
