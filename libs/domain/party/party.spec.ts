import { describe, expect, it } from '@jest/globals';
import type { ApplicationId, CheckId, ContactId, PartyId, PersonId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import { partyCorrectedSince } from '../common/corrections.js';
import {
  organizationId,
  PARTY_KINDS,
  PARTY_REGISTERS,
  partyDecider,
  passesElevenTest,
  type PartyCommand,
  type PartyCorrected,
  type PartyEvent,
  type PartyRegistered,
  type RegisteredParty,
} from './index.js';

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
const look = uuid('check', 1) as CheckId;
const finding = uuid('check', 2) as CheckId;
const cleared = {
  type: 'SpecialCircumstancesCleared',
  data: { party, clearedAt: monday, checks: [look], findings: [finding] },
} as const;
const report = { type: 'ReportSpecialCircumstances', now: monday } as const;
const clearing = {
  type: 'ClearSpecialCircumstances',
  checks: [look],
  findings: [finding],
  isShown: true,
  now: monday,
} as const;

const person = uuid('person') as PersonId;
const contact = uuid('cont') as ContactId;
const recordContact = {
  type: 'RecordPartyContact',
  contact,
  kind: 'telephone',
  value: '+31 30 0000000',
  suppliedBy: { submitter: true },
} as const;
const contactRecorded: PartyEvent = {
  type: 'PartyContactRecorded',
  data: {
    party,
    contact,
    kind: 'telephone',
    value: { clear: '+31 30 0000000' },
    suppliedBy: { submitter: true },
  },
};
const application = uuid('appl') as ApplicationId;
const check = uuid('check') as CheckId;
const renamed = { ...details, name: 'Scholengroep De Lindes' };
const correct: Extract<PartyCommand, { type: 'CorrectParty' }> = {
  type: 'CorrectParty',
  application,
  checks: [check],
  details: renamed,
  corrected: ['name'],
  shown: ['name'],
  now: tuesday,
};
const corrected: PartyCorrected = {
  type: 'PartyCorrected',
  data: { party, application, checks: [check], correctedAt: tuesday, corrected: ['name'], publicDetails: renamed },
};

describe('a party', () => {
  it('is registered with what the public register shows of it', () => {
    given().when(register).then(registered);
  });

  it('that is one human’s business has its details sealed (interfaces.md §9)', () => {
    given()
      .when({ ...register, kind: 'undertaking', naturalPersonsBusiness: true })
      .then({
        type: 'PartyRegistered',
        data: { party, kind: 'undertaking', register: 'kvk', number: '69599084', details: { clear: details } },
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
      .thenRejected({ code: 'party-exists', kind: 'conflict', facts: { party } });
  });

  it('has special circumstances reported and cleared, each once until the other (IV3-report)', () => {
    given(registered).when(report).then(reported);
    given(registered, reported)
      .when({ ...report, now: tuesday })
      .thenNothing();
    given(registered, reported).when(clearing).then(cleared);
    given(registered, reported, cleared)
      .when({ ...clearing, findings: [], now: tuesday })
      .thenNothing();
    given(registered)
      .when({ ...clearing, findings: [], isShown: false })
      .thenNothing();
    given(registered, reported, cleared).when(report).then(reported);
    expect(given(registered, reported).state).toMatchObject({ specialCircumstances: true });
    expect(given(registered, reported, cleared).state).toMatchObject({ specialCircumstances: false });
  });

  it('is cleared by what shows it, whether it was reported or found (PROOF-12)', () => {
    const unshown = { ...clearing, isShown: false };
    given(registered, reported).when(unshown).thenRejected({ code: 'circumstances-not-cleared', kind: 'refused' });
    given(registered).when(unshown).thenRejected('circumstances-not-cleared');
    given(registered).when(clearing).then(cleared);
  });

  it('that was never recorded has no circumstances, no contacts and nothing to correct', () => {
    given().when(report).thenRejected({ code: 'no-such-party', kind: 'not-found' });
    given().when(clearing).thenRejected('no-such-party');
    given().when(correct).thenRejected('no-such-party');
    given().when(recordContact).thenRejected('no-such-party');
  });

  it('has a hundred contacts at most; one on record is answered all the same', () => {
    const ids = Array.from({ length: 100 }, (_, number) => uuid('cont', 100 + number) as ContactId);
    const recorded = ids.map((id): PartyEvent => ({
      ...contactRecorded,
      data: { ...contactRecorded.data, contact: id } as never,
    }));
    given(registered, ...recorded.slice(1))
      .when({ ...recordContact, contact: ids[0]! })
      .then(recorded[0]!);
    given(registered, ...recorded)
      .when(recordContact)
      .thenRejected({ code: 'party-full', kind: 'conflict', facts: { most: 100 } });
    given(registered, ...recorded)
      .when({ ...recordContact, contact: ids[7]! })
      .thenNothing();
  });

  it('has contacts, each recorded once, sealed whoever’s business it is', () => {
    given(registered).when(recordContact).then(contactRecorded);
    given(registered, contactRecorded).when(recordContact).thenNothing();
    expect((given(registered, contactRecorded).state as RegisteredParty).contacts).toStrictEqual(
      new Map([[contact, { kind: 'telephone', suppliedBy: { submitter: true } }]]),
    );
  });

  it('is known to decisions at use by register and number', () => {
    expect(organizationId({ register: 'kvk', number: '69599084' })).toBe('kvk:69599084');
  });
});

describe('a correction of a party', () => {
  const practice: PartyRegistered = {
    type: 'PartyRegistered',
    data: { party, kind: 'practitioner', register: 'professional', number: 'BIG-1234', details: { clear: details } },
  };

  it('is a fact of its own, with what showed it and all details as they are now', () => {
    given(registered).when(correct).then(corrected);
    expect(given(registered, corrected).state).toMatchObject({
      publicDetails: renamed,
      correctedAt: { name: tuesday },
    });
  });

  it('of nothing is none', () => {
    given(registered)
      .when({ ...correct, details, corrected: [] })
      .thenNothing();
  });

  it('is shown by its checks, each member that is not on record so already (RIGHTS-06)', () => {
    const unshown = (name: string) =>
      ({ code: 'correction-not-shown', kind: 'refused', pointer: `/set/${name}` }) as const;
    given(registered)
      .when({ ...correct, shown: ['address', 'person'] })
      .thenRejected(unshown('name'));
    given(practice)
      .when({ ...correct, shown: [], person })
      .thenRejected(unshown('name'), unshown('person'));
    given(practice)
      .when({ ...correct, person })
      .thenRejected(unshown('person'));
    given({ ...practice, data: { ...practice.data, person } })
      .when({ ...correct, details, corrected: [], shown: [], person })
      .thenNothing();
  });

  it('leaves sealed what was sealed', () => {
    const { publicDetails: _open, ...others } = corrected.data;
    given(practice)
      .when(correct)
      .then({ type: 'PartyCorrected', data: { ...others, details: { clear: renamed } } });
  });

  it('names the person of a practitioner, and of nobody else (AMB-76)', () => {
    const naming = { ...correct, details, corrected: [], shown: ['person'] as const, person };
    const named: PartyCorrected = {
      type: 'PartyCorrected',
      data: { party, application, checks: [check], correctedAt: tuesday, corrected: [], person },
    };
    given(practice).when(naming).then(named);
    given(practice, named).when(naming).thenNothing();
    expect(given(practice, named).state).toMatchObject({ person, details: { clear: details }, correctedAt: {} });
    given(registered)
      .when(naming)
      .thenRejected({ code: 'person-not-for-kind', kind: 'invalid', pointer: '/set/person' });
  });

  it('makes checks that compared the attribute count for nothing new (PROOF-13)', () => {
    const state = given(registered, corrected).state as RegisteredParty;
    const since = (type: string, moment = monday): boolean =>
      partyCorrectedSince(state, { type, performedAt: moment, recordedAt: moment });
    expect([since('tradeRegisterLookup'), since('a kind that nobody thought of')]).toEqual([true, true]);
    // The register of representatives was asked with the data of the party (PARTY-07).
    expect(since('representationCheck')).toBe(true);
    expect([since('specialCircumstancesCheck'), since('tradeRegisterLookup', at('2026-03-04T09:00:00Z'))]).toEqual([
      false,
      false,
    ]);
  });
});

describe('kind and register of a party (PARTY-01)', () => {
  const together: { readonly [kind: string]: readonly string[] } = {
    undertaking: ['kvk', 'rsin'],
    privateLegalPerson: ['kvk', 'rsin'],
    publicLegalPerson: ['kvk', 'rsin'],
    practitioner: ['professional'],
    restGroupEntity: ['trr'],
  };
  const numbers = { kvk: '69599084', rsin: '858311537', professional: 'BIG-1234', trr: 'TRR-1234' } as const;

  it.each(PARTY_KINDS.flatMap((kind) => PARTY_REGISTERS.map((inRegister) => [kind, inRegister] as const)))(
    'a %s under %s',
    (kind, inRegister) => {
      const answer = given().when({ ...register, kind, register: inRegister, number: numbers[inRegister] });
      if (together[kind]!.includes(inRegister)) {
        answer.then({
          type: 'PartyRegistered',
          data: { party, kind, register: inRegister, number: numbers[inRegister], publicDetails: details },
        });
      } else {
        answer.thenRejected('register-not-for-kind');
      }
    },
  );

  const forms = { kvk: /^must be a trade register number: 8 digits/, rsin: /^must be an RSIN: 9 digits.*eleven-test$/ };

  it.each([
    ['kvk', '6959908'],
    ['kvk', '695990840'],
    ['kvk', '6959908A'],
    ['kvk', '00000000'],
    ['rsin', '85831153'],
    ['rsin', '858311538'],
    ['rsin', '000000000'],
    ['rsin', '8583115370'],
  ] as const)('%s gives no number %s, and its form is told', (inRegister, number) => {
    given()
      .when({ ...register, register: inRegister, number })
      .thenRejected({
        ...{ code: 'invalid-value', kind: 'invalid', pointer: '/number', facts: { register: inRegister } },
        detail: { en: expect.stringMatching(forms[inRegister]), nl: expect.any(String) } as never,
      });
  });

  it('everything that is wrong is said at once', () => {
    given()
      .when({ ...register, kind: 'restGroupEntity', number: '1', person })
      .thenRejected('register-not-for-kind', 'invalid-value', 'person-not-for-kind');
  });

  it('a practitioner’s party names the person who practises (AMB-76)', () => {
    given()
      .when({ ...register, kind: 'practitioner', register: 'professional', person, naturalPersonsBusiness: true })
      .then({
        type: 'PartyRegistered',
        data: {
          party,
          kind: 'practitioner',
          register: 'professional',
          number: '69599084',
          person,
          details: { clear: details },
        },
      });
  });

  it('the eleven-test finds one changed digit, and two that changed places', () => {
    const number = '858311537';
    expect(passesElevenTest(number)).toBe(true);
    for (let place = 0; place < 9; place += 1) {
      for (const digit of '0123456789') {
        const changed = `${number.slice(0, place)}${digit}${number.slice(place + 1)}`;
        expect(passesElevenTest(changed)).toBe(changed === number);
      }
      const swapped = `${number.slice(0, place)}${number[place + 1] ?? ''}${number[place]}${number.slice(place + 2)}`;
      expect(passesElevenTest(swapped)).toBe(swapped === number);
    }
  });
});
