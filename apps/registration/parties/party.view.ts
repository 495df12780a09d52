import { ApiProperty } from '@nestjs/swagger';
import type { DomainEvent, Recorded } from '#libs/kernel';
import { openMember, type Sealer } from '#libs/eventing';
import { contactViews, ContactView } from '#libs/composition';
import {
  organizationId,
  PARTY_KINDS,
  PARTY_REGISTERS,
  type PartyDetails,
  type PartyEvent,
  type RegisteredParty,
} from '#libs/domain';

export class PartyView {
  @ApiProperty({ format: 'uuid', description: 'Id of the party' }) id!: string;
  @ApiProperty({ description: 'Name under which decisions at use know it', example: 'kvk:69599068' })
  organization!: string;
  @ApiProperty({ enum: PARTY_KINDS }) kind!: string;
  @ApiProperty({ enum: PARTY_REGISTERS }) register!: string;
  @ApiProperty({ description: 'Number in that register' }) number!: string;
  @ApiProperty({ required: false, description: 'Trade or statutory name' }) name?: string;
  @ApiProperty({ required: false, description: 'Postal address, on one line' }) address?: string;
  @ApiProperty({ required: false, description: 'E-mail address' }) email?: string;
  @ApiProperty({ required: false, description: 'Telephone number' }) telephone?: string;
  @ApiProperty({ required: false, format: 'uuid', description: 'Of a practitioner: the person who practises' })
  person?: string;
  @ApiProperty({ type: ContactView, isArray: true, required: false, description: 'Not shown in lists' })
  contacts?: ContactView[];
  @ApiProperty({ description: 'Special circumstances were reported or found, and not cleared' })
  specialCircumstances!: boolean;
}

export class PartyAnswer extends PartyView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export class PartyPage {
  @ApiProperty({ type: PartyView, isArray: true, description: 'Newest first' }) items!: PartyView[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}

export const partyExample = {
  id: '8a7b6c5d-1111-4222-8333-944455566677',
  organization: 'kvk:69599068',
  kind: 'privateLegalPerson',
  register: 'kvk',
  number: '69599068',
  name: 'Test Stichting Bolderbast',
  specialCircumstances: false,
};

export const reachedPartyExample = {
  ...partyExample,
  contacts: [
    { id: '2c3d4e5f-1111-4222-8333-944455566677', kind: 'email', value: 'post@example.org', suppliedBy: 'submitter' },
  ],
};

export const circumstancesPartyExample = { ...partyExample, specialCircumstances: true };

/** A party with its details, opened where they are sealed. */
export async function partyView(
  sealer: Sealer,
  party: RegisteredParty,
  history: readonly Recorded<DomainEvent>[],
  specialCircumstances: boolean,
): Promise<PartyView> {
  const { id, kind, register, number, person } = party;
  return {
    id,
    organization: organizationId(party),
    kind,
    register,
    number,
    ...(await openDetails(sealer, party, history)),
    ...(person === undefined ? {} : { person }),
    contacts: await contactViews(sealer, 'PartyContactRecorded', history),
    specialCircumstances,
  };
}

const OF_DETAILS: readonly string[] = ['PartyRegistered', 'PartyCorrected'] satisfies PartyEvent['type'][];

/** The party's details as they stand after every correction, opened where they are sealed. */
export async function openDetails(
  sealer: Sealer,
  { publicDetails, details }: RegisteredParty,
  history: readonly Recorded<DomainEvent>[],
): Promise<Partial<PartyDetails>> {
  if (publicDetails !== undefined || details === undefined) return publicDetails ?? {};
  // A sealed member opens at the event it was written with: the last that has it.
  const written = history.findLast(({ type, data }) => OF_DETAILS.includes(type) && 'details' in data)!;
  return openMember(sealer, written, 'details', details);
}
