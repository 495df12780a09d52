import { ApiProperty } from '@nestjs/swagger';
import type { DomainEvent, Personal, Recorded } from '#libs/kernel';
import { openMember, type Sealer } from '#libs/eventing';
import type { DocumentRecorded, PersonRegistered, RegisteredPerson } from '#libs/domain';

export class DocumentView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() documentType!: string;
  @ApiProperty() number!: string;
  @ApiProperty({ format: 'date' }) expiresOn!: string;
  @ApiProperty({ required: false }) issuer?: string;
}

/** A person as the supplier's own clerks see him: what is sealed on record is opened here, and nowhere else. */
export class PersonView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ required: false }) familyName?: string;
  @ApiProperty({ required: false }) givenNames?: string;
  @ApiProperty({ required: false, format: 'date' }) birthDate?: string;
  @ApiProperty({ required: false }) birthPlace?: string;
  @ApiProperty({ required: false }) address?: string;
  @ApiProperty({ required: false }) email?: string;
  @ApiProperty({ required: false }) telephone?: string;
  @ApiProperty({ type: DocumentView, isArray: true }) documents!: DocumentView[];
  @ApiProperty({
    enum: ['none', 'unresolved', 'linked'],
    description: 'Whether another person has the same attributes',
  })
  duplicate!: string;
  @ApiProperty({ required: false, format: 'uuid', description: 'That other person' }) duplicateOf?: string;
}

export class PersonAnswer extends PersonView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export const personExample = {
  id: '3c2d4e5f-1111-4222-8333-944455566677',
  familyName: 'Voorbeeld',
  givenNames: 'Test',
  birthDate: '1985-04-12',
  birthPlace: 'Utrecht',
  documents: [],
  duplicate: 'none',
};

const PERSON_MEMBERS = [
  'familyName',
  'givenNames',
  'birthDate',
  'birthPlace',
  'address',
  'email',
  'telephone',
] as const;

/** Opens what is sealed in a person's own history. */
export async function personView(
  sealer: Sealer,
  person: RegisteredPerson,
  history: readonly Recorded<DomainEvent>[],
): Promise<PersonView> {
  const open = async <Name extends string>(
    event: Recorded<DomainEvent>,
    members: readonly Name[],
  ): Promise<Partial<Record<Name, string>>> => {
    const data = event.data as { readonly [member: string]: Personal<string> | undefined };
    const opened = await Promise.all(
      members.map(async (member) => {
        const value = data[member];
        return value === undefined ? [] : [[member, await openMember(sealer, event, member, value)] as const];
      }),
    );
    return Object.fromEntries(opened.flat()) as Partial<Record<Name, string>>;
  };
  const registered = history.find(({ type }) => type === ('PersonRegistered' satisfies PersonRegistered['type']))!;
  const documents = await Promise.all(
    history
      .filter(({ type }) => type === ('DocumentRecorded' satisfies DocumentRecorded['type']))
      .map(async (event) => {
        const { document, documentType } = event.data as DocumentRecorded['data'];
        return {
          id: document,
          documentType,
          ...(await open(event, ['number', 'expiresOn', 'issuer'])),
        } as DocumentView;
      }),
  );
  return {
    id: person.id,
    ...(await open(registered, PERSON_MEMBERS)),
    documents,
    duplicate: person.duplicate.status,
    ...(person.duplicate.status === 'none' ? {} : { duplicateOf: person.duplicate.of }),
  } as PersonView;
}
