import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import { present } from '#libs/application';
import type { CheckRecorded, PartyEvent } from '#libs/domain';

export type PartyRow = {
  readonly id: string;
  readonly position: bigint;
  readonly kind: string;
  readonly register: string;
  readonly number: string;
  /** Of organizations that are not one human's business; the others' names are sealed. */
  readonly name: string | null;
  readonly specialCircumstances: boolean;
  /** What makes it so: it was reported; looks that found something and that nobody has cleared. */
  readonly reported: boolean;
  readonly findings: readonly string[];
};

type Known = PartyEvent | CheckRecorded;
type Mark = Pick<PartyRow, 'reported' | 'findings'>;

const marked = ({ reported, findings }: Mark): Mark & Pick<PartyRow, 'specialCircumstances'> => ({
  reported,
  findings,
  specialCircumstances: reported || findings.length > 0,
});

/** Every party, newest first. */
export const partiesProjection: Projection<PartyRow> = {
  name: 'parties',
  version: 2,
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
      reported: 'boolean',
      findings: 'text[]',
    },
    indexes: [
      ['number', 'position'],
      ['register', 'position'],
      ['kind', 'register', 'position'],
      ['kind', 'position'],
    ],
  },
  handles: [
    'PartyRegistered',
    'SpecialCircumstancesReported',
    'SpecialCircumstancesCleared',
    'PartyCorrected',
    'CheckRecorded',
  ],
  keys(recorded) {
    const { type, data } = recorded as unknown as Known;
    if (type !== 'CheckRecorded') return [data.party];
    const { facts } = data;
    return facts.type === 'specialCircumstancesCheck' && facts.outcome === 'found' ? [facts.about.party] : [];
  },
  fold(row, recorded: Recorded<DomainEvent>) {
    const event = recorded as unknown as Known;
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
          ...marked({ reported: false, findings: [] }),
        };
      }
      case 'SpecialCircumstancesReported':
        return { ...present(row, recorded), ...marked({ ...present(row, recorded), reported: true }) };
      case 'SpecialCircumstancesCleared': {
        const { findings } = present(row, recorded);
        const { findings: cleared = findings } = event.data;
        const left = findings.filter((one) => !(cleared as readonly string[]).includes(one));
        return { ...present(row, recorded), ...marked({ reported: false, findings: left }) };
      }
      case 'CheckRecorded': {
        const { reported, findings } = present(row, recorded);
        const mark = marked({ reported, findings: [...findings, event.data.check] });
        return { ...present(row, recorded), ...mark };
      }
      case 'PartyCorrected': {
        const { publicDetails } = event.data;
        return { ...present(row, recorded), ...(publicDetails === undefined ? {} : { name: publicDetails.name }) };
      }
      case 'PartyContactRecorded':
      case 'PartyContactsErased':
        return present(row, recorded);
    }
  },
};
