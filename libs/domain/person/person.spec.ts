import { describe, expect, it } from '@jest/globals';
import type { ApplicationId, CheckId, ContactId, DocumentId, PersonId, RightsRequestId } from '#libs/kernel';
import { at, specificationOf, uuid } from '#libs/testing';
import {
  countIdentifyingAttributes,
  identifiesOne,
  personCodec,
  personDecider,
  uniquelyIdentified,
  type DocumentRecorded,
  type PersonAttributes,
  type PersonCommand,
  type PersonCorrected,
  type PersonEvent,
  type PersonRegistered,
  type RegisteredPerson,
} from './index.js';
import { personCorrectedSince } from '../common/corrections.js';

const given = specificationOf(personDecider);
const person = uuid('person', 1) as PersonId;
const other = uuid('person', 2) as PersonId;
const third = uuid('person', 3) as PersonId;
const passport = uuid('doc', 1) as DocumentId;
const application = uuid('appl') as ApplicationId;
const check = uuid('check') as CheckId;
const noon = at('2026-03-02T12:00:00Z');

const attributes: PersonAttributes = {
  familyName: 'Jansen',
  givenNames: 'Anna Maria',
  birthDate: '1985-04-12',
  birthPlace: 'Utrecht',
  email: 'a.jansen@example.org',
};
type Command<Type extends PersonCommand['type']> = Extract<PersonCommand, { readonly type: Type }>;
const register: Command<'RegisterPerson'> = { type: 'RegisterPerson', person, attributes, duplicatesOf: [] };
const registered: PersonRegistered = {
  type: 'PersonRegistered',
  data: {
    person,
    familyName: { clear: 'Jansen' },
    givenNames: { clear: 'Anna Maria' },
    birthDate: { clear: '1985-04-12' },
    birthPlace: { clear: 'Utrecht' },
    email: { clear: 'a.jansen@example.org' },
    identifyingAttributes: ['familyName', 'givenNames', 'birthDate', 'birthPlace'],
  },
};
const recordPassport: Command<'RecordDocument'> = {
  type: 'RecordDocument',
  document: passport,
  documentType: 'passport',
  number: 'NX1234567',
  issuingState: 'NLD',
  expiresOn: '2030-01-31',
  duplicatesOf: [],
};
const passportRecorded: DocumentRecorded = {
  type: 'DocumentRecorded',
  data: {
    person,
    document: passport,
    documentType: 'passport',
    number: { clear: 'NX1234567' },
    issuingState: { clear: 'NLD' },
    expiresOn: { clear: '2030-01-31' },
  },
};
const duplicating = (...of: readonly PersonId[]): PersonRegistered => ({
  ...registered,
  data: { ...registered.data, duplicatesOf: of },
});
const withSame = (...of: readonly PersonId[]): DocumentRecorded => ({
  ...passportRecorded,
  data: { ...passportRecorded.data, duplicatesOf: of },
});
const recognized = (...of: readonly PersonId[]): PersonEvent => ({
  type: 'DuplicatesRecognized',
  data: { person, of },
});
const dispelled = (...of: readonly PersonId[]): PersonEvent => ({ type: 'DuplicatesDispelled', data: { person, of } });
const linked = (to: PersonId): PersonEvent => ({ type: 'PersonLinked', data: { person, to } });
const distinguished = (from: PersonId, ...by: readonly ('givenNames' | 'document')[]): PersonEvent => ({
  type: 'PersonDistinguished',
  data: { person, from, by },
});
const correct: Command<'CorrectPerson'> = {
  type: 'CorrectPerson',
  application,
  checks: [check],
  set: { familyName: 'Janssen', address: 'Dam 1, Amsterdam' },
  shown: ['familyName', 'address'],
  reach: uuid('cont', 9) as ContactId,
  duplicatesOf: [],
  now: noon,
};
const corrected: PersonCorrected = {
  type: 'PersonCorrected',
  data: {
    person,
    application,
    checks: [check],
    familyName: { clear: 'Janssen' },
    address: { clear: 'Dam 1, Amsterdam' },
    corrected: ['familyName', 'address'],
    reach: uuid('cont', 9) as ContactId,
    correctedAt: noon,
    identifyingAttributes: ['familyName', 'givenNames', 'birthDate', 'birthPlace'],
  },
};

const known = (...names: (keyof PersonAttributes)[]): PersonRegistered => ({
  type: 'PersonRegistered',
  data: { person, identifyingAttributes: names.filter((name) => name !== 'email') as never },
});
const stateOf = (...events: readonly PersonEvent[]): RegisteredPerson => given(...events).state as RegisteredPerson;
const outcomes = (...events: readonly PersonEvent[]): readonly (readonly [PersonId, string])[] =>
  [...stateOf(...events).duplicates].map(([of, { outcome }]) => [of, outcome]);

describe('a person', () => {
  it('is registered with what is known, every word of it sealed, and the names of what identifies', () => {
    given().when(register).then(registered);
    const declared = Object.keys(personCodec.PersonRegistered.personal ?? {});
    const written = Object.keys(registered.data).filter(
      (name) => name !== 'person' && name !== 'identifyingAttributes',
    );
    expect(declared).toEqual(expect.arrayContaining(written));
  });

  it('is registered with the application that his data came in with, where one is named (PROOF-04)', () => {
    given()
      .when({ ...register, application })
      .then({ ...registered, data: { ...registered.data, application } });
    expect(stateOf({ ...registered, data: { ...registered.data, application } }).application).toBe(application);
  });

  it('is registered with a reference to everybody who is recognized in him (MEANS-ID2-ii.b)', () => {
    given()
      .when({ ...register, duplicatesOf: [other, third] })
      .then(duplicating(other, third));
    expect(outcomes(duplicating(other, third))).toStrictEqual([
      [other, 'unresolved'],
      [third, 'unresolved'],
    ]);
    expect(stateOf(duplicating(other, third)).duplicate).toStrictEqual({ status: 'unresolved', of: other });
  });

  it('of the first release had one duplicate, and is read as having a list of one', () => {
    const upcast = personCodec.PersonRegistered.upcasters![1]!;
    const { identifyingAttributes } = registered.data;
    expect(upcast({ person, identifyingAttributes, duplicateOf: other })).toStrictEqual({
      person,
      identifyingAttributes,
      duplicatesOf: [other],
    });
    expect(upcast({ person, identifyingAttributes })).toStrictEqual({ person, identifyingAttributes });
    expect(personCodec.DocumentRecorded.upcasters![1]!({ duplicateOf: other })).toStrictEqual({
      duplicatesOf: [other],
    });
  });

  it('needs something that identifies: an address for mail does not (MEANS-IDC-ii)', () => {
    given()
      .when({ ...register, attributes: { email: 'a.jansen@example.org' } })
      .thenRejected({ code: 'identifying-attribute-missing', kind: 'invalid', pointer: '' });
  });

  it('is registered once', () => {
    given(registered).when(register).thenRejected({ code: 'person-exists', kind: 'conflict' });
  });

  it('has documents, each recorded once', () => {
    given(registered).when(recordPassport).then(passportRecorded);
    given(registered)
      .when({ ...recordPassport, issuer: 'Utrecht' })
      .then({ ...passportRecorded, data: { ...passportRecorded.data, issuer: { clear: 'Utrecht' } } });
    given(registered, passportRecorded).when(recordPassport).thenNothing();
  });

  it('has contacts, each recorded once, with who supplied it', () => {
    const contact = uuid('cont') as ContactId;
    const record = {
      type: 'RecordPersonContact',
      contact,
      kind: 'email',
      value: 'a@example.org',
      suppliedBy: { check },
    } as const;
    const recorded: PersonEvent = {
      type: 'PersonContactRecorded',
      data: { person, contact, kind: 'email', value: { clear: 'a@example.org' }, suppliedBy: { check } },
    };
    given(registered).when(record).then(recorded);
    given(registered, recorded).when(record).thenNothing();
    expect(stateOf(registered, recorded).contacts).toStrictEqual(
      new Map([[contact, { kind: 'email', suppliedBy: { check } }]]),
    );
  });

  it('has all that it is reached by erased at once, and what comes after that is new (RIGHTS-06)', () => {
    const contact = uuid('cont') as ContactId;
    const recorded: PersonEvent = {
      type: 'PersonContactRecorded',
      data: { person, contact, kind: 'email', value: { clear: 'a@example.org' }, suppliedBy: { check } },
    };
    const rightsRequest = uuid('right') as RightsRequestId;
    const erase = { type: 'ErasePersonContacts', rightsRequest, kept: [], now: noon } as const;
    const erased = (...contacts: readonly string[]): PersonEvent => ({
      type: 'PersonContactsErased',
      data: { person, rightsRequest, contacts: contacts as readonly ContactId[], erasedAt: noon },
    });
    given(known('familyName')).when(erase).thenNothing();
    const all = erased(uuid('cont', 9), contact);
    given(known('familyName'), corrected, recorded).when(erase).then(all);
    given(known('familyName'), corrected, recorded, all).when(erase).thenNothing();
    expect(stateOf(known('familyName'), recorded, erased(contact)).contacts.size).toBe(0);
    given(known('familyName'), recorded, all, recorded).when(erase).then(erased(contact));
  });

  it('keeps a contact that a check rests on (ARCH-15, RIGHTS-06)', () => {
    const [used, other] = [uuid('cont', 3), uuid('cont', 4)] as ContactId[] as [ContactId, ContactId];
    const recorded = (id: ContactId): PersonEvent => ({
      type: 'PersonContactRecorded',
      data: { person, contact: id, kind: 'email', value: { clear: 'a@example.org' }, suppliedBy: { check } },
    });
    const rightsRequest = uuid('right') as RightsRequestId;
    const erase = { type: 'ErasePersonContacts', rightsRequest, kept: [used], now: noon } as const;
    const erased = (...contacts: readonly ContactId[]): PersonEvent => ({
      type: 'PersonContactsErased',
      data: { person, rightsRequest, contacts, erasedAt: noon },
    });
    given(known('familyName'), recorded(used), recorded(other)).when(erase).then(erased(other));
    given(known('familyName'), recorded(used)).when(erase).then(erased());
    const { contacts, reachedBy } = stateOf(known('familyName'), recorded(used), recorded(other), erased(other));
    expect([[...contacts.keys()], [...reachedBy]]).toStrictEqual([[used], [used]]);
  });

  it('has a hundred contacts and a hundred documents at most; what is on record is answered all the same', () => {
    const nr = (of: string) => (number: number) => uuid(of, 100 + number);
    const documents = Array.from({ length: 100 }, (_, number) => nr('doc')(number) as DocumentId);
    const contacts = Array.from({ length: 100 }, (_, number) => nr('cont')(number) as ContactId);
    const document = (id: DocumentId): PersonEvent => ({
      ...passportRecorded,
      data: { ...passportRecorded.data, document: id },
    });
    const supplied = { kind: 'email', suppliedBy: { submitter: true } } as const;
    const contact = (id: ContactId): PersonEvent => ({
      type: 'PersonContactRecorded',
      data: { person, contact: id, ...supplied, value: { clear: 'a@example.org' } },
    });
    const record = (id: ContactId) =>
      ({ type: 'RecordPersonContact', contact: id, ...supplied, value: 'a@example.org' }) as const;
    const full = { code: 'person-full', kind: 'conflict', facts: { most: 100 } } as const;
    const withDocuments = [registered, ...documents.slice(1).map(document)];
    const withContacts = [registered, ...contacts.slice(1).map(contact)];
    given(...withDocuments)
      .when({ ...recordPassport, document: documents[0]! })
      .then(document(documents[0]!));
    given(...withDocuments, document(documents[0]!))
      .when(recordPassport)
      .thenRejected(full);
    given(...withDocuments, document(documents[0]!))
      .when({ ...recordPassport, document: documents[7]! })
      .thenNothing();
    given(...withContacts)
      .when(record(contacts[0]!))
      .then(contact(contacts[0]!));
    given(...withContacts, contact(contacts[0]!))
      .when(record(uuid('cont', 1) as ContactId))
      .thenRejected(full);
    given(...withContacts, contact(contacts[0]!))
      .when(record(contacts[7]!))
      .thenNothing();
    // One kind takes no place of the other.
    given(...withDocuments, document(documents[0]!))
      .when(record(contacts[0]!))
      .then(contact(contacts[0]!));
  });

  it('that was never recorded has no documents, no contacts, no links and nothing to correct', () => {
    given().when(recordPassport).thenRejected({ code: 'no-such-person', kind: 'not-found' });
    given().when({ type: 'LinkPerson', to: other }).thenRejected('no-such-person');
    given()
      .when({ type: 'RecognizeDuplicates', of: [other] })
      .thenRejected('no-such-person');
    given().when(correct).thenRejected('no-such-person');
  });

  it('is uniquely identified by names with date and place of birth, or by a valid document with the name', () => {
    const none: ReadonlySet<string> = new Set();
    const valid: ReadonlySet<string> = new Set([passport]);
    expect(uniquelyIdentified(stateOf(registered), none)).toBe(true);
    expect(uniquelyIdentified(stateOf(known('familyName', 'givenNames', 'birthDate')), none)).toBe(false);
    expect(uniquelyIdentified(stateOf(known('givenNames', 'birthDate', 'birthPlace')), none)).toBe(false);
    expect(uniquelyIdentified(stateOf(known('familyName')), valid)).toBe(false);
    expect(uniquelyIdentified(stateOf(known('familyName'), passportRecorded), valid)).toBe(true);
    expect(uniquelyIdentified(stateOf(known('givenNames'), passportRecorded), valid)).toBe(false);
  });

  it('is not identified by a document that has expired (PROOF-03)', () => {
    const others: ReadonlySet<string> = new Set([uuid('doc', 2)]);
    expect(uniquelyIdentified(stateOf(known('familyName'), passportRecorded), others)).toBe(false);
    expect(countIdentifyingAttributes(stateOf(registered, passportRecorded), others)).toBe(4);
  });

  it('is not uniquely identified while a duplicate waits for an answer (PROOF-05)', () => {
    const valid: ReadonlySet<string> = new Set([passport]);
    for (const [events, unique] of [
      [[duplicating(other)], false],
      [[duplicating(other), linked(other)], true],
      [[duplicating(other), distinguished(other, 'givenNames')], true],
      [[duplicating(other, third), linked(other)], false],
    ] as const) {
      expect(uniquelyIdentified(stateOf(...events), valid)).toBe(unique);
      expect(identifiesOne(stateOf(...events), valid)).toBe(true);
    }
  });

  it('has as many identifying attributes as are on record, a valid document counting for one', () => {
    expect(countIdentifyingAttributes(stateOf(known('familyName', 'email')), new Set())).toBe(1);
    expect(countIdentifyingAttributes(stateOf(registered, passportRecorded), new Set([passport]))).toBe(5);
  });

  it('keeps nothing personal in its state', () => {
    expect(stateOf(duplicating(other), passportRecorded, corrected)).toStrictEqual({
      status: 'registered',
      id: person,
      identifyingAttributes: ['familyName', 'givenNames', 'birthDate', 'birthPlace'],
      documents: new Map([[passport, 'passport']]),
      contacts: new Map(),
      duplicates: new Map(),
      duplicate: { status: 'none' },
      reachedBy: new Set([person, uuid('cont', 9)]),
      correctedAt: { familyName: noon, address: noon },
    });
  });
});

describe('a duplicate of a person (MEANS-ID2-ii.b)', () => {
  it('is linked when a clerk says that both are one human, once', () => {
    given(duplicating(other)).when({ type: 'LinkPerson', to: other }).then(linked(other));
    given(duplicating(other), linked(other)).when({ type: 'LinkPerson', to: other }).thenNothing();
    expect(stateOf(duplicating(other), linked(other)).duplicate).toStrictEqual({ status: 'linked', of: other });
  });

  it('is told apart by what differs in the records, once', () => {
    const apart = { type: 'DistinguishPerson', from: other, by: ['givenNames'], shown: ['givenNames'] } as const;
    given(duplicating(other)).when(apart).then(distinguished(other, 'givenNames'));
    given(duplicating(other), distinguished(other, 'givenNames')).when(apart).thenNothing();
    expect(stateOf(duplicating(other), distinguished(other, 'givenNames')).duplicate).toStrictEqual({ status: 'none' });
  });

  it('is not told apart by what the records share or lack', () => {
    given(duplicating(other))
      .when({ type: 'DistinguishPerson', from: other, by: ['givenNames', 'document'], shown: ['givenNames'] })
      .thenRejected({ code: 'not-distinguished', kind: 'refused', facts: { distinction: 'document' } });
  });

  it('is answered one way only', () => {
    given(duplicating(other), linked(other))
      .when({ type: 'DistinguishPerson', from: other, by: ['givenNames'], shown: ['givenNames'] })
      .thenRejected({ code: 'duplicate-answered', kind: 'conflict' });
    given(duplicating(other), distinguished(other, 'givenNames'))
      .when({ type: 'LinkPerson', to: other })
      .thenRejected('duplicate-answered');
    given(duplicating(other), distinguished(other, 'givenNames'))
      .when({ type: 'DistinguishPerson', from: other, by: ['document'], shown: ['document'] })
      .thenRejected('duplicate-answered');
  });

  it('is one who was recognized, and nobody else', () => {
    given(registered)
      .when({ type: 'LinkPerson', to: other })
      .thenRejected({ code: 'no-such-duplicate', kind: 'conflict' });
    given(duplicating(other)).when({ type: 'LinkPerson', to: third }).thenRejected('no-such-duplicate');
    given(duplicating(other))
      .when({ type: 'DistinguishPerson', from: third, by: ['document'], shown: ['document'] })
      .thenRejected('no-such-duplicate');
  });

  it('may be of several records: unresolved until each is answered', () => {
    const two = duplicating(other, third);
    expect(stateOf(two, linked(other)).duplicate).toStrictEqual({ status: 'unresolved', of: third });
    expect(stateOf(two, distinguished(third, 'document'), linked(other)).duplicate).toStrictEqual({
      status: 'linked',
      of: other,
    });
    expect(stateOf(two, distinguished(third, 'document'), distinguished(other, 'document')).duplicate).toStrictEqual({
      status: 'none',
    });
  });

  it('is recognized later as well, each once', () => {
    given(registered)
      .when({ type: 'RecognizeDuplicates', of: [other, third] })
      .then(recognized(other, third));
    given(duplicating(other))
      .when({ type: 'RecognizeDuplicates', of: [other, third] })
      .then(recognized(third));
    given(duplicating(other), linked(other))
      .when({ type: 'RecognizeDuplicates', of: [other] })
      .thenNothing();
    expect(outcomes(duplicating(other), linked(other), recognized(other, third))).toStrictEqual([
      [other, 'linked'],
      [third, 'unresolved'],
    ]);
  });

  it('goes when what was shared is corrected on the other side, but an answer stays', () => {
    given(duplicating(other))
      .when({ type: 'DispelDuplicates', of: [other] })
      .then(dispelled(other));
    given(duplicating(other), linked(other))
      .when({ type: 'DispelDuplicates', of: [other] })
      .thenNothing();
    expect(outcomes(duplicating(other), dispelled(other))).toStrictEqual([]);
  });

  it('has a document that another has already: a question, also where they were told apart before', () => {
    given(registered)
      .when({ ...recordPassport, duplicatesOf: [other] })
      .then(withSame(other));
    expect(outcomes(registered, withSame(other))).toStrictEqual([[other, 'unresolved']]);
    expect(outcomes(duplicating(other), linked(other), withSame(other))).toStrictEqual([[other, 'linked']]);
    expect(outcomes(duplicating(other), linked(other), withSame(third))).toStrictEqual([
      [other, 'linked'],
      [third, 'unresolved'],
    ]);
    expect(outcomes(duplicating(other), distinguished(other, 'document'), withSame(other))).toStrictEqual([
      [other, 'unresolved'],
    ]);
  });
});

describe('a correction of a person', () => {
  it('is a fact of its own, with what showed it', () => {
    given(registered).when(correct).then(corrected);
  });

  it('of nothing is none', () => {
    given(registered)
      .when({ ...correct, set: {} })
      .thenNothing();
  });

  it('adds an identifying attribute that was not on record', () => {
    expect(
      stateOf(known('familyName'), {
        ...corrected,
        data: { ...corrected.data, identifyingAttributes: ['familyName', 'birthDate'] },
      }).identifyingAttributes,
    ).toStrictEqual(['familyName', 'birthDate']);
    given(known('familyName'))
      .when({ ...correct, set: { birthDate: '1985-04-12' }, shown: ['birthDate'] })
      .then({
        type: 'PersonCorrected',
        data: {
          person,
          application,
          checks: [check],
          birthDate: { clear: '1985-04-12' },
          corrected: ['birthDate'],
          correctedAt: noon,
          identifyingAttributes: ['familyName', 'birthDate'],
        },
      });
  });

  it('is shown by its checks, each attribute that is not on record so already (RIGHTS-06)', () => {
    given(registered)
      .when({ ...correct, shown: ['email', 'address'] })
      .thenRejected({ code: 'correction-not-shown', kind: 'refused', pointer: '/set/familyName' });
    given(registered)
      .when({ ...correct, shown: [] })
      .thenRejected(
        { code: 'correction-not-shown', kind: 'refused', pointer: '/set/familyName' },
        { code: 'correction-not-shown', kind: 'refused', pointer: '/set/address' },
      );
    given(registered)
      .when({ ...correct, set: {}, shown: [] })
      .thenNothing();
  });

  it('answers the questions that rested on the mistake, and asks those that follow from the correction', () => {
    const now = (...of: readonly PersonId[]): PersonEvent => ({
      ...corrected,
      data: { ...corrected.data, duplicatesOf: of },
    });
    expect(outcomes(duplicating(other), corrected)).toStrictEqual([]);
    expect(outcomes(duplicating(other), now(third))).toStrictEqual([[third, 'unresolved']]);
    expect(outcomes(duplicating(other), linked(other), corrected)).toStrictEqual([[other, 'linked']]);
    // Told apart by what is not corrected stays told apart.
    expect(outcomes(duplicating(other), distinguished(other, 'document'), now(other))).toStrictEqual([[other, 'none']]);
    const givenNames: PersonEvent = {
      ...corrected,
      data: { ...corrected.data, corrected: ['givenNames'], duplicatesOf: [other] },
    };
    expect(outcomes(duplicating(other), distinguished(other, 'givenNames'), givenNames)).toStrictEqual([
      [other, 'unresolved'],
    ]);
  });

  it('of what identifies nobody leaves every question as it is', () => {
    const address: PersonEvent = { ...corrected, data: { ...corrected.data, corrected: ['address'] } };
    expect(outcomes(duplicating(other), address)).toStrictEqual([[other, 'unresolved']]);
  });

  it('makes checks that compared the attribute count for nothing new (PROOF-13)', () => {
    const state = stateOf(registered, corrected);
    const before = at('2026-03-02T11:59:59.999Z');
    const after = at('2026-03-02T12:00:00.001Z');
    const since = (type: string, performedAt = before, recordedAt = performedAt): boolean =>
      personCorrectedSince(state, { type, performedAt, recordedAt });
    expect(since('representationCheck')).toBe(true);
    expect(since('identityAttributesRecorded')).toBe(true);
    expect(since('bankTransaction')).toBe(true);
    expect(since('a kind that nobody thought of')).toBe(true);
    expect(since('constructor')).toBe(true);
    // A document's number and an address for mail are not what was corrected.
    expect(since('idDocumentStatus')).toBe(false);
    expect(since('emailConfirmation')).toBe(false);
    expect(since('representationCheck', after)).toBe(false);
    expect(since('representationCheck', noon)).toBe(true);
    // Made before and recorded after, or said to be later than it was recorded: the earlier moment counts.
    expect(since('representationCheck', before, after)).toBe(true);
    expect(since('representationCheck', after, before)).toBe(true);
    expect(
      personCorrectedSince(stateOf(registered), {
        type: 'representationCheck',
        performedAt: before,
        recordedAt: before,
      }),
    ).toBe(false);
  });
});
