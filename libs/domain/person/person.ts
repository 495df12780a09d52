import { accept, clear, reject, type Decider, type DocumentId, type PersonId } from '#libs/kernel';
import { conflicting, invalid, notFound, rejecting } from '../common/rejections.js';
import {
  IDENTIFYING_ATTRIBUTES,
  type DocumentType,
  type IdentifyingAttribute,
  type PersonEvent,
} from './person.events.js';

// Commands and rejections

/** What is known of a person, in clear; everything is optional but one identifying attribute. */
export interface PersonAttributes {
  readonly familyName?: string;
  readonly givenNames?: string;
  readonly birthDate?: string;
  readonly birthPlace?: string;
  readonly address?: string;
  readonly email?: string;
  readonly telephone?: string;
}

export type PersonCommand =
  | {
      readonly type: 'RegisterPerson';
      readonly person: PersonId;
      readonly attributes: PersonAttributes;
      /** From the reservation of the identifying attributes (interfaces.md §3). */
      readonly duplicateOf?: PersonId;
    }
  | {
      readonly type: 'RecordDocument';
      readonly document: DocumentId;
      readonly documentType: DocumentType;
      readonly number: string;
      readonly expiresOn: string;
      readonly issuer?: string;
      /** From the reservation of type and number. */
      readonly duplicateOf?: PersonId;
    }
  | { readonly type: 'LinkPerson'; readonly to: PersonId };

export const personRejections = {
  'no-such-person': notFound(
    'There is no such person',
    'Deze persoon bestaat niet',
    'No person with this id was ever recorded.',
  ),
  'person-exists': conflicting(
    'The person was recorded already',
    'De persoon is al vastgelegd',
    'The id belongs to another person.',
  ),
  'identifying-attribute-missing': invalid(
    'An identifying attribute is missing',
    'Er ontbreekt een identificerend kenmerk',
    'A person is recorded with at least one of family name, given names, birth date and birth place.',
    'MEANS-IDC-ii',
  ),
  'no-such-duplicate': conflicting(
    'The persons do not share their attributes',
    'De personen delen hun kenmerken niet',
    'Only a person whose identifying attributes are another’s can be linked, and only to that other one.',
    'MEANS-ID2-ii.b',
  ),
};

const rejectWith = rejecting(personRejections);

// State

export interface RegisteredPerson {
  readonly status: 'registered';
  readonly id: PersonId;
  readonly identifyingAttributes: readonly IdentifyingAttribute[];
  readonly documents: ReadonlyMap<DocumentId, DocumentType>;
  readonly duplicate: { readonly status: 'none' } | { readonly status: 'unresolved' | 'linked'; readonly of: PersonId };
}
export type Person = { readonly status: 'none' } | RegisteredPerson;

// Decider

export const personDecider: Decider<Person, PersonCommand, PersonEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    switch (command.type) {
      case 'RegisterPerson': {
        if (state.status !== 'none') return reject(rejectWith('person-exists'));
        const { attributes, person, duplicateOf } = command;
        const identifyingAttributes = IDENTIFYING_ATTRIBUTES.filter((name) => attributes[name] !== undefined);
        if (identifyingAttributes.length === 0)
          return reject(rejectWith('identifying-attribute-missing', { pointer: '' }));
        const personal = Object.fromEntries(
          Object.entries(attributes)
            .filter(([, value]) => value !== undefined)
            .map(([name, value]) => [name, clear(value as string)]),
        );
        return accept({
          type: 'PersonRegistered',
          data: { person, ...personal, identifyingAttributes, ...(duplicateOf === undefined ? {} : { duplicateOf }) },
        });
      }
      case 'RecordDocument': {
        if (state.status === 'none') return reject(rejectWith('no-such-person'));
        const { document, documentType, number, expiresOn, issuer, duplicateOf } = command;
        if (state.documents.has(document)) return accept();
        return accept({
          type: 'DocumentRecorded',
          data: {
            person: state.id,
            document,
            documentType,
            number: clear(number),
            expiresOn: clear(expiresOn),
            ...(issuer === undefined ? {} : { issuer: clear(issuer) }),
            ...(duplicateOf === undefined ? {} : { duplicateOf }),
          },
        });
      }
      case 'LinkPerson':
        if (state.status === 'none') return reject(rejectWith('no-such-person'));
        if (state.duplicate.status === 'none' || state.duplicate.of !== command.to)
          return reject(rejectWith('no-such-duplicate'));
        if (state.duplicate.status === 'linked') return accept();
        return accept({ type: 'PersonLinked', data: { person: state.id, to: command.to } });
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'PersonRegistered': {
        const { person, identifyingAttributes, duplicateOf } = event.data;
        return {
          status: 'registered',
          id: person,
          identifyingAttributes,
          documents: new Map(),
          duplicate: duplicateOf === undefined ? { status: 'none' } : { status: 'unresolved', of: duplicateOf },
        };
      }
      case 'DocumentRecorded':
        if (state.status === 'none') return state;
        return {
          ...state,
          documents: new Map(state.documents).set(event.data.document, event.data.documentType),
          // A link that a clerk has made stands; another person's document is a new question.
          ...(event.data.duplicateOf === undefined || isLinkedTo(state, event.data.duplicateOf)
            ? {}
            : { duplicate: { status: 'unresolved', of: event.data.duplicateOf } as const }),
        };
      case 'PersonLinked':
        if (state.status === 'none') return state;
        return { ...state, duplicate: { status: 'linked', of: event.data.to } };
    }
  },
};

const isLinkedTo = ({ duplicate }: RegisteredPerson, other: PersonId): boolean =>
  duplicate.status === 'linked' && duplicate.of === other;

/**
 * Whether what is on record identifies the person uniquely (MEANS-ID2-ii.b): names with date and place of birth, or a
 * document with the name.
 */
export const uniquelyIdentified = (person: RegisteredPerson): boolean => {
  const has = (name: IdentifyingAttribute): boolean => person.identifyingAttributes.includes(name);
  return (
    (has('familyName') && has('givenNames') && has('birthDate') && has('birthPlace')) ||
    (has('familyName') && person.documents.size > 0)
  );
};

/** How many identifying attributes are on record; a document's number is one. */
export const countIdentifyingAttributes = (person: RegisteredPerson): number =>
  person.identifyingAttributes.length + person.documents.size;
