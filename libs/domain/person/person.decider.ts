import { accept, clear, reject, type Clear, type Decider, type PersonId } from '#libs/kernel';
import { MAX_CONTACTS } from '../common/contact.js';
import { judgeCorrection } from '../common/corrections.js';
import { rejecting } from '../common/rejections.js';
import {
  IDENTIFYING_ATTRIBUTES,
  PERSON_ATTRIBUTES,
  REACHING_ATTRIBUTES,
  type PersonAttribute,
  type PersonEvent,
} from './person.events.js';
import { MAX_DOCUMENTS, personRejections, type PersonAttributes, type PersonCommand } from './person.commands.js';
import { evolvePerson, type Person } from './person.state.js';

const rejectWith = rejecting(personRejections);

export const personDecider: Decider<Person, PersonCommand, PersonEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    if (command.type === 'RegisterPerson') {
      if (state.status !== 'none') return reject(rejectWith('person-exists'));
      const { attributes, person, application, duplicatesOf } = command;
      const identifyingAttributes = IDENTIFYING_ATTRIBUTES.filter((name) => attributes[name] !== undefined);
      if (identifyingAttributes.length === 0)
        return reject(rejectWith('identifying-attribute-missing', { pointer: '' }));
      return accept({
        type: 'PersonRegistered',
        data: {
          person,
          ...personal(attributes),
          ...(application === undefined ? {} : { application }),
          identifyingAttributes,
          ...named(duplicatesOf),
        },
      });
    }
    if (state.status === 'none') return reject(rejectWith('no-such-person'));
    switch (command.type) {
      case 'RecordDocument': {
        const { document, documentType, number, issuingState, expiresOn, issuer, duplicatesOf } = command;
        if (state.documents.has(document)) return accept();
        if (state.documents.size >= MAX_DOCUMENTS)
          return reject(rejectWith('person-full', { facts: { most: MAX_DOCUMENTS } }));
        return accept({
          type: 'DocumentRecorded',
          data: {
            person: state.id,
            document,
            documentType,
            number: clear(number),
            issuingState: clear(issuingState),
            expiresOn: clear(expiresOn),
            ...(issuer === undefined ? {} : { issuer: clear(issuer) }),
            ...named(duplicatesOf),
          },
        });
      }
      case 'RecognizeDuplicates': {
        const of = command.of.filter((one) => !state.duplicates.has(one));
        return of.length === 0 ? accept() : accept({ type: 'DuplicatesRecognized', data: { person: state.id, of } });
      }
      case 'DispelDuplicates': {
        const of = command.of.filter((one) => state.duplicates.get(one)?.outcome === 'unresolved');
        return of.length === 0 ? accept() : accept({ type: 'DuplicatesDispelled', data: { person: state.id, of } });
      }
      case 'LinkPerson': {
        const answer = state.duplicates.get(command.to);
        if (answer === undefined) return reject(rejectWith('no-such-duplicate'));
        if (answer.outcome === 'linked') return accept();
        if (answer.outcome === 'none') return reject(rejectWith('duplicate-answered'));
        return accept({ type: 'PersonLinked', data: { person: state.id, to: command.to } });
      }
      case 'DistinguishPerson': {
        const { from, by, shown } = command;
        const answer = state.duplicates.get(from);
        if (answer === undefined) return reject(rejectWith('no-such-duplicate'));
        if (answer.outcome === 'linked') return reject(rejectWith('duplicate-answered'));
        if (answer.outcome === 'none')
          return by.every((one) => answer.distinguishedBy.includes(one))
            ? accept()
            : reject(rejectWith('duplicate-answered'));
        const unfounded = by.filter((one) => !shown.includes(one));
        if (unfounded.length > 0)
          return reject(...unfounded.map((one) => rejectWith('not-distinguished', { facts: { distinction: one } })));
        return accept({ type: 'PersonDistinguished', data: { person: state.id, from, by } });
      }
      case 'CorrectPerson': {
        const { application, checks, set, shown, reach, duplicatesOf, now } = command;
        const corrected = PERSON_ATTRIBUTES.filter((name) => set[name] !== undefined);
        if (corrected.length === 0) return accept();
        const unshown = judgeCorrection(corrected, shown);
        if (unshown.length > 0) return reject(...unshown);
        return accept({
          type: 'PersonCorrected',
          data: {
            person: state.id,
            application,
            checks,
            ...personal(set),
            corrected,
            ...(REACHING_ATTRIBUTES.some((name) => set[name] !== undefined) ? { reach } : {}),
            correctedAt: now,
            identifyingAttributes: IDENTIFYING_ATTRIBUTES.filter(
              (name) => set[name] !== undefined || state.identifyingAttributes.includes(name),
            ),
            ...named(duplicatesOf),
          },
        });
      }
      case 'RecordPersonContact': {
        const { contact, kind, value, suppliedBy } = command;
        if (state.contacts.has(contact)) return accept();
        if (state.contacts.size >= MAX_CONTACTS)
          return reject(rejectWith('person-full', { facts: { most: MAX_CONTACTS } }));
        return accept({
          type: 'PersonContactRecorded',
          data: { person: state.id, contact, kind, value: clear(value), suppliedBy },
        });
      }
      case 'ErasePersonContacts': {
        const contacts = [...state.reachedBy].filter((contact) => !command.kept.includes(contact));
        return state.reachedBy.size === 0
          ? accept()
          : accept({
              type: 'PersonContactsErased',
              data: { person: state.id, rightsRequest: command.rightsRequest, contacts, erasedAt: command.now },
            });
      }
    }
  },

  evolve: evolvePerson,
};

const personal = (attributes: PersonAttributes): { readonly [name in PersonAttribute]?: Clear<string> } =>
  Object.fromEntries(
    PERSON_ATTRIBUTES.flatMap((name) => {
      const value = attributes[name];
      return value === undefined ? [] : [[name, clear(value)]];
    }),
  );

const named = (duplicatesOf: readonly PersonId[]): { readonly duplicatesOf?: readonly PersonId[] } =>
  duplicatesOf.length === 0 ? {} : { duplicatesOf };
