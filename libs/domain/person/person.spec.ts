import { describe, expect, it } from '@jest/globals';
import type { DocumentId, PersonId } from '#libs/kernel';
import { specificationOf, uuid } from '#libs/testing';
import {
  countIdentifyingAttributes,
  personCodec,
  personDecider,
  uniquelyIdentified,
  type DocumentRecorded,
  type PersonAttributes,
  type PersonCommand,
  type PersonEvent,
  type PersonRegistered,
  type RegisteredPerson,
} from './index.js';

const given = specificationOf(personDecider);
const person = uuid('person', 1) as PersonId;
const other = uuid('person', 2) as PersonId;
const passport = uuid('doc', 1) as DocumentId;

const attributes: PersonAttributes = {
  familyName: 'Jansen',
  givenNames: 'Anna Maria',
  birthDate: '1985-04-12',
  birthPlace: 'Utrecht',
  email: 'a.jansen@example.org',
};
const register: Extract<PersonCommand, { type: 'RegisterPerson' }> = { type: 'RegisterPerson', person, attributes };
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
const recordPassport: Extract<PersonCommand, { type: 'RecordDocument' }> = {
  type: 'RecordDocument',
  document: passport,
  documentType: 'passport',
  number: 'NX1234567',
  expiresOn: '2030-01-31',
};
const passportRecorded: DocumentRecorded = {
  type: 'DocumentRecorded',
  data: {
    person,
    document: passport,
    documentType: 'passport',
    number: { clear: 'NX1234567' },
    expiresOn: { clear: '2030-01-31' },
  },
};
const withDuplicate: PersonRegistered = { ...registered, data: { ...registered.data, duplicateOf: other } };
const linked = { type: 'PersonLinked', data: { person, to: other } } as const;

const known = (...names: (keyof PersonAttributes)[]): PersonRegistered => ({
  type: 'PersonRegistered',
  data: { person, identifyingAttributes: names.filter((name) => name !== 'email') as never },
});
const stateOf = (...events: readonly PersonEvent[]): RegisteredPerson => given(...events).state as RegisteredPerson;

describe('a person', () => {
  it('is registered with what is known, every word of it sealed, and the names of what identifies', () => {
    given().when(register).then(registered);
    const declared = Object.keys(personCodec.PersonRegistered.personal ?? {});
    const written = Object.keys(registered.data).filter(
      (name) => name !== 'person' && name !== 'identifyingAttributes',
    );
    expect(declared).toEqual(expect.arrayContaining(written));
  });

  it('is registered with a reference to the one who holds the same attributes (MEANS-ID2-ii.b)', () => {
    given()
      .when({ ...register, duplicateOf: other })
      .then(withDuplicate);
    expect(stateOf(withDuplicate).duplicate).toStrictEqual({ status: 'unresolved', of: other });
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

  it('that was never recorded has no documents and no links', () => {
    given().when(recordPassport).thenRejected({ code: 'no-such-person', kind: 'not-found' });
    given().when({ type: 'LinkPerson', to: other }).thenRejected('no-such-person');
  });

  it('is linked to the one who holds the same attributes, and to nobody else', () => {
    given(withDuplicate).when({ type: 'LinkPerson', to: other }).then(linked);
    given(withDuplicate, linked).when({ type: 'LinkPerson', to: other }).thenNothing();
    given(withDuplicate)
      .when({ type: 'LinkPerson', to: uuid('person', 3) as PersonId })
      .thenRejected({ code: 'no-such-duplicate', kind: 'conflict' });
    given(registered).when({ type: 'LinkPerson', to: other }).thenRejected('no-such-duplicate');
    expect(stateOf(withDuplicate, linked).duplicate).toStrictEqual({ status: 'linked', of: other });
  });

  it('has a document that another holds already: a question until a clerk has linked them (MEANS-ID2-ii.b)', () => {
    const taken: DocumentRecorded = { ...passportRecorded, data: { ...passportRecorded.data, duplicateOf: other } };
    given(registered)
      .when({ ...recordPassport, duplicateOf: other })
      .then(taken);
    expect(stateOf(registered, taken).duplicate).toStrictEqual({ status: 'unresolved', of: other });
    // Once linked to that other one, his documents are no question any more.
    expect(stateOf(withDuplicate, linked, taken).duplicate).toStrictEqual({ status: 'linked', of: other });
    const third = uuid('person', 3) as PersonId;
    const ofThird: DocumentRecorded = { ...taken, data: { ...taken.data, duplicateOf: third } };
    expect(stateOf(withDuplicate, linked, ofThird).duplicate).toStrictEqual({ status: 'unresolved', of: third });
  });

  it('is uniquely identified by names with date and place of birth, or by a document with the name', () => {
    expect(uniquelyIdentified(stateOf(registered))).toBe(true);
    expect(uniquelyIdentified(stateOf(known('familyName', 'givenNames', 'birthDate')))).toBe(false);
    expect(uniquelyIdentified(stateOf(known('givenNames', 'birthDate', 'birthPlace')))).toBe(false);
    expect(uniquelyIdentified(stateOf(known('familyName')))).toBe(false);
    expect(uniquelyIdentified(stateOf(known('familyName'), passportRecorded))).toBe(true);
    expect(uniquelyIdentified(stateOf(known('givenNames'), passportRecorded))).toBe(false);
  });

  it('has as many identifying attributes as are on record, a document counting for one', () => {
    expect(countIdentifyingAttributes(stateOf(known('familyName', 'email')))).toBe(1);
    expect(countIdentifyingAttributes(stateOf(registered, passportRecorded))).toBe(5);
  });

  it('keeps nothing personal in its state', () => {
    expect(stateOf(withDuplicate, passportRecorded)).toStrictEqual({
      status: 'registered',
      id: person,
      identifyingAttributes: ['familyName', 'givenNames', 'birthDate', 'birthPlace'],
      documents: new Map([[passport, 'passport']]),
      duplicate: { status: 'unresolved', of: other },
    });
  });
});
