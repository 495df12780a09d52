import { describe, expect, it } from '@jest/globals';
import type { PartyId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import { organizationId, partyDecider, type PartyCommand, type PartyRegistered } from './index.js';

const given = specificationOf(partyDecider);
const party = uuid('party') as PartyId;
const monday = at('2026-03-02T09:00:00Z');
const tuesday = at('2026-03-03T09:00:00Z');

const details = { name: 'Scholengroep De Linde', address: 'Lindelaan 1, Utrecht' };
const register: Extract<PartyCommand, { type: 'RegisterParty' }> = {
  type: 'RegisterParty',
  party,
  kind: 'privateLegalPerson',
  register: 'kvk',
  number: '69599084',
  details,
  naturalPersonsBusiness: false,
  sameAsRecorded: false,
};
const registered: PartyRegistered = {
  type: 'PartyRegistered',
  data: { party, kind: 'privateLegalPerson', register: 'kvk', number: '69599084', publicDetails: details },
};
const reported = { type: 'SpecialCircumstancesReported', data: { party, reportedAt: monday } } as const;
const cleared = { type: 'SpecialCircumstancesCleared', data: { party, clearedAt: monday } } as const;
const report = { type: 'ReportSpecialCircumstances', now: monday } as const;
const clearing = { type: 'ClearSpecialCircumstances', now: monday } as const;

describe('a party', () => {
  it('is registered with what the public register shows of it', () => {
    given().when(register).then(registered);
  });

  it('that is one human’s business has its details sealed (interfaces.md §9)', () => {
    given()
      .when({ ...register, kind: 'practitioner', naturalPersonsBusiness: true })
      .then({
        type: 'PartyRegistered',
        data: { party, kind: 'practitioner', register: 'kvk', number: '69599084', details: { clear: details } },
      });
  });

  it('that is registered again with the same data is so already', () => {
    given(registered)
      .when({ ...register, sameAsRecorded: true })
      .thenNothing();
  });

  it('that is registered again with other data is a conflict: there is one per number', () => {
    given(registered)
      .when({ ...register, details: { name: 'Another' } })
      .thenRejected({ code: 'party-exists', kind: 'conflict' });
  });

  it('has special circumstances reported and cleared, each once until the other (IV3-report)', () => {
    given(registered).when(report).then(reported);
    given(registered, reported)
      .when({ ...report, now: tuesday })
      .thenNothing();
    given(registered, reported).when(clearing).then(cleared);
    given(registered, reported, cleared)
      .when({ ...clearing, now: tuesday })
      .thenNothing();
    given(registered).when(clearing).thenNothing();
    given(registered, reported, cleared).when(report).then(reported);
    expect(given(registered, reported).state).toMatchObject({ specialCircumstances: true });
    expect(given(registered, reported, cleared).state).toMatchObject({ specialCircumstances: false });
  });

  it('that was never recorded has no circumstances', () => {
    given().when(report).thenRejected({ code: 'no-such-party', kind: 'not-found' });
    given().when(clearing).thenRejected('no-such-party');
  });

  it('is known to decisions at use by register and number', () => {
    expect(organizationId({ register: 'kvk', number: '69599084' })).toBe('kvk:69599084');
  });
});
