import type { CheckRecorded } from '#libs/domain';
import type { Projection } from '#libs/eventing';

/** A contact by which somebody was asked in a check on record. */
export type UsedContactRow = {
  /** The contact. */
  readonly id: string;
  readonly position: bigint;
  /** The first check that names it. */
  readonly check: string;
};

const contactIn = (data: object): string | undefined => {
  const { facts } = data as CheckRecorded['data'];
  return 'contact' in facts ? (facts.contact as string) : undefined;
};

/** Contacts that are proof themselves: the attribute that a separate channel used is archived with its check (ARCH-15). */
export const usedContactsProjection: Projection<UsedContactRow> = {
  name: 'used-contacts',
  version: 1,
  table: {
    name: 'used_contacts',
    key: 'id',
    newestFirst: 'position',
    columns: { id: 'text', position: 'bigint', check: 'text' },
  },
  handles: ['CheckRecorded'],
  keys({ data }) {
    const contact = contactIn(data);
    return contact === undefined ? [] : [contact];
  },
  fold: (row, { data, position }, id) => row ?? { id, position, check: (data as CheckRecorded['data']).check },
};
