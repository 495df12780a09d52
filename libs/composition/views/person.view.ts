import { ApiProperty } from '@nestjs/swagger';
import type { DomainEvent, PersonId, Personal, Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember, type Sealer } from '#libs/eventing';
import { openPerson } from '#libs/application';
import type { DocumentRecorded, DuplicateOutcome, RegisteredPerson } from '#libs/domain';
import { contactViews, ContactView } from '../contacts.js';

export class DocumentView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() documentType!: string;
  @ApiProperty({ required: false, description: 'Absent: the document is erased' }) number?: string;
  @ApiProperty({ required: false, description: 'ISO 3166-1 alpha-3; absent: unknown' }) issuingState?: string;
  @ApiProperty({ required: false, format: 'date', description: 'Absent: the document is erased' }) expiresOn?: string;
  @ApiProperty({ required: false }) issuer?: string;
}

export class DuplicateView {
  @ApiProperty({ format: 'uuid' }) person!: string;
  @ApiProperty({ enum: ['unresolved', 'linked', 'none'] }) outcome!: string;
  @ApiProperty({ required: false, isArray: true, type: String, description: 'What tells them apart, with `none`' })
  distinguishedBy?: string[];
}

/** A person as the supplier's own clerks and an auditor see him: what is sealed on record is opened here, and nowhere else. */
export class PersonView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ required: false, format: 'uuid', description: 'The application with which he came in' })
  application?: string;
  @ApiProperty({ required: false }) familyName?: string;
  @ApiProperty({ required: false }) givenNames?: string;
  @ApiProperty({ required: false, format: 'date' }) birthDate?: string;
  @ApiProperty({ required: false }) birthPlace?: string;
  @ApiProperty({ required: false }) address?: string;
  @ApiProperty({ required: false }) email?: string;
  @ApiProperty({ required: false }) telephone?: string;
  @ApiProperty({ type: DocumentView, isArray: true }) documents!: DocumentView[];
  @ApiProperty({ type: ContactView, isArray: true }) contacts!: ContactView[];
  @ApiProperty({
    enum: ['none', 'unresolved', 'linked'],
    description: 'All duplicates together: unresolved while one is, else linked where one is',
  })
  duplicate!: string;
  @ApiProperty({ required: false, format: 'uuid', description: 'The first of `duplicates` that makes it so' })
  duplicateOf?: string;
  @ApiProperty({
    type: DuplicateView,
    isArray: true,
    description: 'Who was recognized in this person: at most 100, unresolved ones before others and the latest of each',
  })
  duplicates!: DuplicateView[];
}

export class PersonAnswer extends PersonView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export class PersonPage {
  @ApiProperty({ type: PersonView, isArray: true }) items!: PersonView[];
  @ApiProperty({ type: 'string', nullable: true }) next!: string | null;
}

export const personExample = {
  id: '3c2d4e5f-1111-4222-8333-944455566677',
  familyName: 'Voorbeeld',
  givenNames: 'Test',
  birthDate: '1985-04-12',
  birthPlace: 'Utrecht',
  documents: [],
  contacts: [],
  duplicate: 'none',
  duplicates: [],
};

/**
 * Opens what is sealed in a person's own history. What was erased is left out when `onErased` is there to be told; without
 * it the whole is refused with `KeyDestroyed`.
 */
export async function personView(
  sealer: Sealer,
  person: RegisteredPerson,
  history: readonly Recorded<DomainEvent>[],
  onErased?: () => void,
): Promise<PersonView> {
  const unlessErased = async <T>(opening: () => Promise<T>, instead: T): Promise<T> => {
    try {
      return await opening();
    } catch (error) {
      if (onErased === undefined || !(error instanceof KeyDestroyed)) throw error;
      onErased();
      return instead;
    }
  };
  const open = async <Name extends string>(
    event: Recorded<DomainEvent>,
    members: readonly Name[],
  ): Promise<Partial<Record<Name, string>>> => {
    const data = event.data as { readonly [member: string]: Personal<string> | undefined };
    const opened = await Promise.all(
      members.map(async (member) => {
        const value = data[member];
        if (value === undefined) return [];
        return unlessErased(
          async (): Promise<readonly (readonly [string, string])[]> => [
            [member, await openMember(sealer, event, member, value)],
          ],
          [],
        );
      }),
    );
    return Object.fromEntries(opened.flat()) as Partial<Record<Name, string>>;
  };
  const attributes = await unlessErased(async () => (await openPerson(sealer, person, history)).attributes, {});
  return {
    id: person.id,
    ...(person.application === undefined ? {} : { application: person.application }),
    ...attributes,
    documents: await Promise.all(
      history
        .filter(({ type }) => type === ('DocumentRecorded' satisfies DocumentRecorded['type']))
        .map(async (event) => {
          const { document, documentType } = event.data as DocumentRecorded['data'];
          const opened = await open(event, ['number', 'issuingState', 'expiresOn', 'issuer']).catch(ifErased);
          return { id: document, documentType, ...opened } as DocumentView;
        }),
    ),
    contacts: await unlessErased(() => contactViews(sealer, 'PersonContactRecorded', history), []),
    duplicate: person.duplicate.status,
    ...(person.duplicate.status === 'none' ? {} : { duplicateOf: person.duplicate.of }),
    duplicates: shownDuplicates(person).map(([other, answer]) => ({
      person: other,
      outcome: answer.outcome,
      ...(answer.outcome === 'none' ? { distinguishedBy: [...answer.distinguishedBy] } : {}),
    })),
  };
}

/** Namesakes pile up whatever a person does: an answer does not grow with all of them. */
const MOST_DUPLICATES = 100;

/** In the order in which they were recognized. `duplicateOf` is among them. */
function shownDuplicates({
  duplicates,
  duplicate,
}: RegisteredPerson): readonly (readonly [PersonId, DuplicateOutcome])[] {
  const all = [...duplicates];
  if (all.length <= MOST_DUPLICATES) return all;
  const latest = all.toReversed().map(([other]) => other);
  const isUnresolved = (other: PersonId): boolean => duplicates.get(other)!.outcome === 'unresolved';
  const first = new Set([
    ...(duplicate.status === 'none' ? [] : [duplicate.of]),
    ...latest.filter(isUnresolved),
    ...latest,
  ]);
  const shown = new Set([...first].slice(0, MOST_DUPLICATES));
  return all.filter(([other]) => shown.has(other));
}

/** A document has a key of its own: once it is erased the person is still there, without what it said. */
function ifErased(error: unknown): Partial<Omit<DocumentView, 'id' | 'documentType'>> {
  if (error instanceof KeyDestroyed) return {};
  throw error;
}
