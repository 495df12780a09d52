import type { ApplicationId, ContactId, DocumentId, Instant, PersonId } from '#libs/kernel';
import { leftAsProof, type Contact } from '../common/contact.js';
import {
  IDENTIFYING_ATTRIBUTES,
  REACHING_ATTRIBUTES,
  type Distinction,
  type DocumentType,
  type IdentifyingAttribute,
  type PersonAttribute,
  type PersonEvent,
  type ReachingAttribute,
} from './person.events.js';

/** What came of the question whether a record that was recognized in this one is the same human. */
export type DuplicateOutcome =
  | { readonly outcome: 'unresolved' }
  | { readonly outcome: 'linked' }
  | { readonly outcome: 'none'; readonly distinguishedBy: readonly Distinction[] };
type Duplicates = ReadonlyMap<PersonId, DuplicateOutcome>;

export interface RegisteredPerson {
  readonly status: 'registered';
  readonly id: PersonId;
  /** The application with which he came in. */
  readonly application?: ApplicationId;
  readonly identifyingAttributes: readonly IdentifyingAttribute[];
  readonly documents: ReadonlyMap<DocumentId, DocumentType>;
  readonly contacts: ReadonlyMap<ContactId, Contact>;
  /** Under whose keys that stands by which he is reached, contacts among them. */
  readonly reachedBy: ReadonlySet<ContactId>;
  /** Every record that was recognized in this one, with what came of it. */
  readonly duplicates: Duplicates;
  /** All of them together: unresolved while one is; `of` is the first that makes it so. */
  readonly duplicate: { readonly status: 'none' } | { readonly status: 'unresolved' | 'linked'; readonly of: PersonId };
  /** When an attribute was last corrected; what never was is not in it (PROOF-13). */
  readonly correctedAt: { readonly [name in PersonAttribute]?: Instant };
}
export type Person = { readonly status: 'none' } | RegisteredPerson;

export function evolvePerson(state: Person, event: PersonEvent): Person {
  if (event.type === 'PersonRegistered') {
    const { person, application, identifyingAttributes, duplicatesOf = [] } = event.data;
    return {
      status: 'registered',
      id: person,
      ...(application === undefined ? {} : { application }),
      identifyingAttributes,
      documents: new Map(),
      contacts: new Map(),
      // By what he was registered with he is reached under his own id.
      reachedBy: new Set(isReaching(event.data) ? [person as unknown as ContactId] : []),
      ...having(asking(new Map(), duplicatesOf)),
      correctedAt: {},
    };
  }
  if (state.status === 'none') return state;
  const { duplicates } = state;
  switch (event.type) {
    case 'DocumentRecorded': {
      const { document, documentType, duplicatesOf = [] } = event.data;
      return {
        ...state,
        documents: new Map(state.documents).set(document, documentType),
        // A link that a clerk has made stands; who was told apart and has the same document is asked about again.
        ...having(asking(without(duplicates, isDistinguished, duplicatesOf), duplicatesOf)),
      };
    }
    case 'DuplicatesRecognized':
      return { ...state, ...having(asking(duplicates, event.data.of)) };
    case 'DuplicatesDispelled':
      return { ...state, ...having(without(duplicates, isUnresolved, event.data.of)) };
    case 'PersonLinked':
      return { ...state, ...having(new Map(duplicates).set(event.data.to, { outcome: 'linked' })) };
    case 'PersonDistinguished': {
      const { from, by } = event.data;
      return { ...state, ...having(new Map(duplicates).set(from, { outcome: 'none', distinguishedBy: by })) };
    }
    case 'PersonCorrected': {
      const { corrected, correctedAt, identifyingAttributes, duplicatesOf = [] } = event.data;
      const reach = event.data.reach ?? (state.id as unknown as ContactId);
      // An answer falls with the attribute that gave it, and a question with what was shared; who is still recognized is
      // asked about again.
      const isIdentifying = corrected.some((name) => isAmong(name, IDENTIFYING_ATTRIBUTES));
      const fallen = (answer: DuplicateOutcome): boolean =>
        isUnresolved(answer) ||
        (isDistinguished(answer) && answer.distinguishedBy.some((one) => isAmong(one, corrected)));
      return {
        ...state,
        identifyingAttributes,
        ...(isReaching(event.data) ? { reachedBy: new Set(state.reachedBy).add(reach) } : {}),
        correctedAt: { ...state.correctedAt, ...Object.fromEntries(corrected.map((name) => [name, correctedAt])) },
        ...(isIdentifying ? having(asking(without(duplicates, fallen), duplicatesOf)) : {}),
      };
    }
    case 'PersonContactRecorded': {
      const { contact, kind, suppliedBy } = event.data;
      return {
        ...state,
        contacts: new Map(state.contacts).set(contact, { kind, suppliedBy }),
        reachedBy: new Set(state.reachedBy).add(contact),
      };
    }
    case 'PersonContactsErased': {
      const isKept = (contact: ContactId): boolean => !event.data.contacts.includes(contact);
      return {
        ...state,
        contacts: leftAsProof(state.contacts, event.data.contacts),
        reachedBy: new Set([...state.reachedBy].filter(isKept)),
      };
    }
  }
}

/** As he himself sees it: of all that were recognized in his record none but his own, not even that there were any (VIS-05). */
export const amongOwnRecords = (person: RegisteredPerson, own: ReadonlySet<string>): RegisteredPerson => ({
  ...person,
  ...having(new Map([...person.duplicates].filter(([other]) => own.has(other)))),
});

const isReaching = (data: { readonly [name in ReachingAttribute]?: unknown }): boolean =>
  REACHING_ATTRIBUTES.some((name) => data[name] !== undefined);

const isAmong = (name: string, names: readonly string[]): boolean => names.includes(name);
const isUnresolved = ({ outcome }: DuplicateOutcome): boolean => outcome === 'unresolved';
const isDistinguished = (answer: DuplicateOutcome): answer is Extract<DuplicateOutcome, { readonly outcome: 'none' }> =>
  answer.outcome === 'none';

/** With a question about each of these that there is no answer about. */
const asking = (duplicates: Duplicates, of: readonly PersonId[]): Duplicates =>
  new Map([...duplicates, ...of.filter((one) => !duplicates.has(one)).map((one) => [one, UNRESOLVED] as const)]);
const UNRESOLVED: DuplicateOutcome = { outcome: 'unresolved' };

/** Without those of `of` (absent: of all) whose answer is such. */
const without = (
  duplicates: Duplicates,
  such: (answer: DuplicateOutcome) => boolean,
  of?: readonly PersonId[],
): Duplicates =>
  new Map([...duplicates].filter(([person, answer]) => !((of === undefined || of.includes(person)) && such(answer))));

function having(duplicates: Duplicates): Pick<RegisteredPerson, 'duplicates' | 'duplicate'> {
  const first = (outcome: DuplicateOutcome['outcome']): PersonId | undefined =>
    [...duplicates].find(([, answer]) => answer.outcome === outcome)?.[0];
  for (const status of ['unresolved', 'linked'] as const) {
    const of = first(status);
    if (of !== undefined) return { duplicates, duplicate: { status, of } };
  }
  return { duplicates, duplicate: { status: 'none' } };
}
