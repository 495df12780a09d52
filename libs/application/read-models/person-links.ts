import type { DomainEvent, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { PersonEvent } from '#libs/domain';

/** A link that a clerk made: which record says of which other one that both are the same human (MEANS-ID2-ii.b). */
export type PersonLinkRow = {
  /** Both records: a link is made once. */
  readonly id: string;
  readonly position: bigint;
  readonly linkedFrom: string;
  readonly linkedTo: string;
};

type Linked = Extract<PersonEvent, { readonly type: 'PersonLinked' }>;
const idOf = ({ person, to }: Linked['data']): string => `${person} ${to}`;

/** Links stand in the stream of one of the two records; from the other they are found here. */
export const personLinksProjection: Projection<PersonLinkRow> = {
  name: 'person-links',
  version: 1,
  table: {
    name: 'person_links',
    key: 'id',
    newestFirst: 'position',
    columns: { id: 'text', position: 'bigint', linkedFrom: 'text', linkedTo: 'text' },
    indexes: [['linkedTo', 'position']],
  },
  handles: ['PersonLinked'],

  keys: (event) => [idOf(event.data as Linked['data'])],

  fold(_row, recorded: Recorded<DomainEvent>) {
    const data = recorded.data as Linked['data'];
    return { id: idOf(data), position: recorded.position, linkedFrom: data.person, linkedTo: data.to };
  },
};
