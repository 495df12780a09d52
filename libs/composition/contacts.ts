import { ApiProperty } from '@nestjs/swagger';
import type { DomainEvent, Recorded, Words } from '#libs/kernel';
import { KeyDestroyed, openMember, type Sealer } from '#libs/eventing';
import { sinceErased, SUBMITTER } from '#libs/application';
import { CONTACT_KINDS, type ContactKind, type PartyContactRecorded, type PersonContactRecorded } from '#libs/domain';
import {
  EMAIL_WORDS,
  IsChoice,
  IsForm,
  isEmailAddress,
  isTelephone,
  IsText,
  PHRASES,
  TELEPHONE_WORDS,
  type Fault,
  Refers,
} from '#libs/platform';

/** A contact of a person or a party: the same request and the same view at both doors (interfaces.md §6). */
export class RecordContactRequest {
  @IsChoice(CONTACT_KINDS, { description: 'Kind of contact' }) kind!: ContactKind;
  @IsText(500, { description: 'An address on one line, an e-mail address or a telephone number' }) value!: string;
  @IsForm(
    new RegExp(`^(?:${SUBMITTER}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$`),
    {
      en: `\`${SUBMITTER}\`, or the id of the check that supplied it`,
      nl: `\`${SUBMITTER}\`, of het id van de controle die het leverde`,
    },
    { example: SUBMITTER, description: '`submitter`, or the id of the check that supplied it (ARCH-15)' },
  )
  @Refers('supplier')
  suppliedBy!: string;

  static between({ kind, value }: RecordContactRequest): readonly Fault[] {
    if (typeof value !== 'string') return [];
    const notOfKind = (form: Words): readonly Fault[] => [
      { pointer: '/value', code: 'invalid-value', detail: PHRASES.form(form) },
    ];
    if (kind === 'email' && !isEmailAddress(value)) return notOfKind(EMAIL_WORDS);
    return kind === 'telephone' && !isTelephone(value) ? notOfKind(TELEPHONE_WORDS) : [];
  }
}

const NOTHING_SET = { en: 'names at least one attribute', nl: 'noemt ten minste één kenmerk' };

export class ContactView {
  @ApiProperty({ format: 'uuid', description: 'Id of the contact' }) id!: string;
  @ApiProperty({ enum: CONTACT_KINDS }) kind!: string;
  @ApiProperty({ description: 'The address or number' }) value!: string;
  @ApiProperty({ description: '`submitter`, or the id of the check that supplied it' }) suppliedBy!: string;
}

/** A correction that sets nothing corrects nothing. */
export const setsSomething = (set: unknown): readonly Fault[] =>
  typeof set === 'object' && set !== null && Object.values(set).every((value) => value === undefined)
    ? [{ pointer: '/set', code: 'required', detail: NOTHING_SET }]
    : [];

/** The contacts in an object's own history, opened; those that were erased are not among them. */
export async function contactViews(
  sealer: Sealer,
  type: (PersonContactRecorded | PartyContactRecorded)['type'],
  history: readonly Recorded<DomainEvent>[],
): Promise<ContactView[]> {
  const recorded = sinceErased(history).filter((event) => event.type === type);
  const views = await Promise.all(
    recorded.map(async (event): Promise<ContactView[]> => {
      const { contact, kind, value, suppliedBy } = event.data as PersonContactRecorded['data'];
      const opened = await unlessErased(openMember(sealer, event, 'value', value));
      if (opened === undefined) return [];
      return [{ id: contact, kind, value: opened, suppliedBy: 'check' in suppliedBy ? suppliedBy.check : SUBMITTER }];
    }),
  );
  return views.flat();
}

/** A key that is gone although nothing says so: an older backup of the register is in use. */
async function unlessErased<T>(opening: Promise<T>): Promise<T | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof KeyDestroyed) return undefined;
    throw error;
  }
}
