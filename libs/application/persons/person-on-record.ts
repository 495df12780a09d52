import { streamId, type DomainEvent, type PersonId, type Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember, type Sealer } from '#libs/eventing';
import {
  identifiersOf,
  personDecider,
  PERSON_ATTRIBUTES,
  REACHING_ATTRIBUTES,
  type DocumentIdentity,
  type Identifier,
  type PersonAttribute,
  type PersonAttributes,
  type PersonEvent,
  type PersonIdentity,
  type RegisteredPerson,
} from '#libs/domain';
import type { Backbone } from '../backbone.js';

/** A person with what identifies him, in clear. It stays in the hands of those who compare. */
export interface PersonOnRecord {
  readonly person: RegisteredPerson;
  /** Everything that is kept of him, as it stands after every correction. */
  readonly attributes: PersonAttributes;
  readonly identity: PersonIdentity;
  /** The same documents by id, to pick those that count. */
  readonly documents: ReadonlyMap<string, DocumentIdentity>;
  /** What he was recognized by before a correction and is not any more. */
  readonly former: readonly Identifier[];
  /** Revision of his stream that this was read from. */
  readonly revision: number;
}

/** Reads what identifies a person. `undefined` where nobody is on record, or his data are erased: he is recognized in nobody. */
export async function personOnRecord(backbone: Backbone, id: PersonId): Promise<PersonOnRecord | undefined> {
  const { state, history } = await backbone.commands.load(personDecider, streamId('person', id));
  if (state.status === 'none') return undefined;
  try {
    return await openPerson(backbone.sealer, state, history);
  } catch (error) {
    if (error instanceof KeyDestroyed) return undefined;
    throw error;
  }
}

type Written = Recorded<DomainEvent> & PersonEvent;

/** The same of a history at hand. Rejects with `KeyDestroyed` when his data are erased. */
export async function openPerson(
  sealer: Sealer,
  person: RegisteredPerson,
  history: readonly Recorded<DomainEvent>[],
): Promise<PersonOnRecord> {
  let attributes: PersonAttributes = {};
  const documents = new Map<string, DocumentIdentity>();
  const identity = (): PersonIdentity => {
    const { familyName, givenNames, birthDate, birthPlace } = attributes;
    const identifying = Object.entries({ familyName, givenNames, birthDate, birthPlace });
    return {
      ...Object.fromEntries(identifying.filter(([, value]) => value !== undefined)),
      documents: [...documents.values()],
    };
  };
  const passed: Identifier[] = [];
  for (const event of history as readonly Written[]) {
    if (event.type === 'PersonRegistered' || event.type === 'PersonCorrected') {
      passed.push(...identifiersOf(identity()));
      attributes = { ...attributes, ...(await openAttributes(sealer, event)) };
    }
    if (event.type === 'PersonContactsErased') attributes = withoutReach(attributes);
    if (event.type === 'DocumentRecorded') {
      const document = await openDocument(sealer, event);
      if (document !== undefined) documents.set(event.data.document, document);
    }
  }
  const current = new Set(identifiersOf(identity()).flatMap(({ own }) => own));
  return {
    person,
    attributes,
    identity: identity(),
    documents,
    former: passed.filter(({ own }) => own.some((text) => !current.has(text))),
    revision: history.at(-1)!.revision,
  };
}

const isReaching = (name: PersonAttribute): boolean => (REACHING_ATTRIBUTES as readonly string[]).includes(name);

const withoutReach = (attributes: PersonAttributes): PersonAttributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !isReaching(name as PersonAttribute)));

/** The attributes that one event of a person's says, opened. */
async function openAttributes(
  sealer: Sealer,
  event: Extract<Written, { readonly type: 'PersonRegistered' | 'PersonCorrected' }>,
): Promise<PersonAttributes> {
  const values = await Promise.all(
    PERSON_ATTRIBUTES.map(async (name): Promise<readonly (readonly [PersonAttribute, string])[]> => {
      const value = event.data[name];
      if (value === undefined) return [];
      try {
        return [[name, await openMember(sealer, event, name, value)]];
      } catch (error) {
        // Where he was reached may be erased apart from who he is.
        if (error instanceof KeyDestroyed && isReaching(name)) return [];
        throw error;
      }
    }),
  );
  return Object.fromEntries(values.flat());
}

/** An erased document identifies nobody any more. */
async function openDocument(
  sealer: Sealer,
  event: Extract<Written, { readonly type: 'DocumentRecorded' }>,
): Promise<DocumentIdentity | undefined> {
  const { documentType: type, number, issuingState } = event.data;
  try {
    return {
      type,
      number: await openMember(sealer, event, 'number', number),
      ...(issuingState === undefined
        ? {}
        : { issuingState: await openMember(sealer, event, 'issuingState', issuingState) }),
    };
  } catch (error) {
    if (error instanceof KeyDestroyed) return undefined;
    throw error;
  }
}
