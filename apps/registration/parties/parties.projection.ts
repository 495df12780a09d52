import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import { present } from '#libs/application';
import type { PartyEvent } from '#libs/domain';

export type PartyRow = {
  readonly id: string;
  readonly position: bigint;
  readonly kind: string;
  readonly register: string;
  readonly number: string;
  /** Of organizations that are not one human's business; the others' names are sealed. */
  readonly name: string | null;
  readonly specialCircumstances: boolean;
};

/** Every party, newest first. */
export const partiesProjection: Projection<PartyRow> = {
  name: 'parties',
  version: 1,
  table: {
    name: 'parties',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      kind: 'text',
      register: 'text',
      number: 'text',
      name: 'text',
      specialCircumstances: 'boolean',
    },
    indexes: [
      ['register', 'number'],
      ['kind', 'position'],
    ],
  },
  // A correction came with no older release, so that rows made before it stand: the version stays.
  handles: ['PartyRegistered', 'SpecialCircumstancesReported', 'SpecialCircumstancesCleared', 'PartyCorrected'],
  keys: (event) => [(event.data as PartyEvent['data']).party],
  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as Recorded<DomainEvent> & PartyEvent;
    switch (event.type) {
      case 'PartyRegistered': {
        const { party, kind, register, number, publicDetails } = event.data;
        return {
          id: party,
          position: recorded.position,
          kind,
          register,
          number,
          name: publicDetails?.name ?? null,
          specialCircumstances: false,
        };
      }
      case 'SpecialCircumstancesReported':
        return { ...present(row, recorded), specialCircumstances: true };
      case 'SpecialCircumstancesCleared':
        return { ...present(row, recorded), specialCircumstances: false };
      case 'PartyCorrected': {
        const { publicDetails } = event.data;
        return { ...present(row, recorded), ...(publicDetails === undefined ? {} : { name: publicDetails.name }) };
      }
      case 'PartyContactRecorded':
        return present(row, recorded);
    }
  },
};
