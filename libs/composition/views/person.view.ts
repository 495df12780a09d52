import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { DomainEvent, PersonId, Personal, Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember, type Sealer } from '#libs/eventing';
import { openPerson } from '#libs/application';
import {
  DISTINCTIONS,
  DOCUMENT_TYPES,
  type DocumentRecorded,
  type DuplicateOutcome,
  type RegisteredPerson,
} from '#libs/domain';
import { named, referenceTo } from '#libs/platform';
import { contactViews, ContactView } from '../contacts.js';
import type { PartialPersonView } from './partial.view.js';

const DUPLICATE_STATUSES = named(
  'DuplicateStatus',
  ['none', 'unresolved', 'linked'] as const,
  'Whether two records are of one human',
);

export class DocumentView {
  @ApiProperty({ format: 'uuid', description: 'Id of the document' }) id!: string;
  @ApiProperty({ enum: DOCUMENT_TYPES }) documentType!: string;
  @ApiPropertyOptional({ description: 'Absent: the document is erased' }) number?: string;
  @ApiPropertyOptional({ description: 'ISO 3166-1 alpha-3; absent: unknown' }) issuingState?: string;
  @ApiPropertyOptional({ format: 'date', description: 'Absent: the document is erased' }) expiresOn?: string;
  @ApiPropertyOptional({ description: 'Authority that issued it' }) issuer?: string;
}

export class DuplicateView {
  @ApiProperty({ format: 'uuid', description: 'The other person' }) person!: string;
  @ApiProperty({ enum: DUPLICATE_STATUSES }) outcome!: string;
  @ApiPropertyOptional({ enum: DISTINCTIONS, isArray: true, description: 'What tells them apart, with `none`' })
  distinguishedBy?: string[];
}

/** A person as the supplier's own clerks and an auditor see him: what is sealed on record is opened here, and nowhere else. */
export class PersonView {
  @ApiProperty({ format: 'uuid', description: 'Id of the person' }) id!: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The application with which he came in' }) application?: string;
  @ApiPropertyOptional({ description: 'Family name' }) familyName?: string;
  @ApiPropertyOptional({ description: 'Given names' }) givenNames?: string;
  @ApiPropertyOptional({ format: 'date', description: 'Date of birth' }) birthDate?: string;
  @ApiPropertyOptional({ description: 'Place of birth' }) birthPlace?: string;
  @ApiPropertyOptional({ description: 'Postal address, on one line' }) address?: string;
  @ApiPropertyOptional({ description: 'E-mail address' }) email?: string;
  @ApiPropertyOptional({ description: 'Telephone number' }) telephone?: string;
  @ApiProperty({ type: DocumentView, isArray: true, description: 'Identity documents' }) documents!: DocumentView[];
  @ApiProperty({ type: ContactView, isArray: true, description: 'Where he is reached' }) contacts!: ContactView[];
  @ApiProperty({
    enum: DUPLICATE_STATUSES,
    description: 'All duplicates together: unresolved while one is, else linked where one is',
  })
  duplicate!: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'The first of `duplicates` that makes it so' })
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
  @ApiProperty({ type: 'array', items: referenceTo('SeenPerson'), description: 'Those who are recognized' })
  items!: (PersonView | PartialPersonView)[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
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

export const documentedPersonExample = {
  ...personExample,
  documents: [
    {
      id: '9a8b7c6d-1111-4222-8333-944455566677',
      documentType: 'passport',
      number: 'SPECI2014',
      issuingState: 'NLD',
      expiresOn: '2031-03-09',
    },
  ],
};

export const reachedPersonExample = {
  ...personExample,
  contacts: [
    {
      id: '2c3d4e5f-1111-4222-8333-944455566677',
      kind: 'email',
      value: 'voorbeeld@example.org',
      suppliedBy: 'submitter',
    },
  ],
};

/** Somebody like him was on record: a clerk has to say whether both are one human. */
export const recognizedPersonExample = {
  ...personExample,
  duplicate: 'unresolved',
  duplicateOf: '4e5f6a7b-1111-4222-8333-944455566677',
  duplicates: [{ person: '4e5f6a7b-1111-4222-8333-944455566677', outcome: 'unresolved' }],
};

export const toldApartPersonExample = {
  ...personExample,
  duplicates: [{ person: '4e5f6a7b-1111-4222-8333-944455566677', outcome: 'none', distinguishedBy: ['birthPlace'] }],
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
  const opened = await unlessErased(async () => (await openPerson(sealer, person, history)).attributes, undefined);
  return {
    id: person.id,
    ...(person.application === undefined ? {} : { application: person.application }),
    ...opened,
    documents: await Promise.all(
      history
        .filter(({ type }) => type === ('DocumentRecorded' satisfies DocumentRecorded['type']))
        .map(async (event) => {
          const { document, documentType } = event.data as DocumentRecorded['data'];
          const opened = await open(event, ['number', 'issuingState', 'expiresOn', 'issuer']).catch(ifErased);
          return { id: document, documentType, ...opened } as DocumentView;
        }),
    ),
    // Where he is reached has a key of its own, which may go later than his.
    contacts:
      opened === undefined ? [] : await unlessErased(() => contactViews(sealer, 'PersonContactRecorded', history), []),
    duplicate: person.duplicate.status,
    ...(person.duplicate.status === 'none' ? {} : { duplicateOf: person.duplicate.of }),
    duplicates: shownDuplicates(person).map(([other, answer]) => ({
      person: other,
      outcome: answer.outcome,
      ...(answer.outcome === 'none' ? { distinguishedBy: [...answer.distinguishedBy] } : {}),
    })),
  };
}

/** A document as its event has it, opened; what was erased is left out, and `onErased` told. */
export async function documentView(
  sealer: Sealer,
  event: Recorded<DomainEvent>,
  onErased: () => void,
): Promise<DocumentView> {
  const data = event.data as DocumentRecorded['data'];
  const opened = await Promise.all(
    (['number', 'issuingState', 'expiresOn', 'issuer'] as const).map(async (member) => {
      const value = data[member];
      if (value === undefined) return [];
      try {
        return [[member, await openMember(sealer, event, member, value)] as const];
      } catch (error) {
        if (!(error instanceof KeyDestroyed)) throw error;
        onErased();
        return [];
      }
    }),
  );
  return { id: data.document, documentType: data.documentType, ...Object.fromEntries(opened.flat()) } as DocumentView;
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
