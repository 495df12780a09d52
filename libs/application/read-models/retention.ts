import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection } from '#libs/eventing';
import type { RecordsDestroyed } from '#libs/domain';
import { tiesIn, TYING_EVENTS, type KeptKind, type Tie } from '../retention/ties.js';

export type RetentionRow = {
  /** `kind/id`. */
  readonly id: string;
  readonly position: bigint;
  readonly kind: KeptKind;
  /** Moment of its last fact. */
  readonly lastFactAt: Instant;
  /** It has begun and has no end yet. */
  readonly stands: boolean;
  /** Its end, of what has one; it may lie ahead. */
  readonly endsAt: Instant | null;
  readonly restsOn: readonly string[];
  readonly goesWith: readonly string[];
  readonly about: readonly string[];
};

/**
 * What rests on what, and when that ends: by it the end of each object's retention is found (ARCH-10). What was destroyed is
 * not in it any more.
 */
export const retentionProjection: Projection<RetentionRow> = {
  name: 'retention',
  version: 3,
  table: {
    name: 'retention',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      kind: 'text',
      lastFactAt: 'text',
      stands: 'boolean',
      endsAt: 'text',
      restsOn: 'text[]',
      goesWith: 'text[]',
      about: 'text[]',
    },
    indexes: [['restsOn'], ['goesWith']],
    selective: ['restsOn', 'goesWith'],
  },
  handles: [...TYING_EVENTS, 'RecordsDestroyed'],

  keys(event) {
    if (event.type === 'RecordsDestroyed')
      return (event.data as RecordsDestroyed['data']).objects.map(({ kind, id }) => `${kind}/${id}`);
    return tiesIn(event as unknown as Recorded<DomainEvent>).map(({ of }) => of);
  },

  fold(row, event, id) {
    if (event.type === 'RecordsDestroyed') return undefined;
    const ties = tiesIn(event as unknown as Recorded<DomainEvent>).filter(({ of }) => of === id);
    return ties.reduce<RetentionRow | undefined>((known, tie) => tied(known, tie, event.position), row);
  },
};

function tied(
  row: RetentionRow | undefined,
  { of, at, restsOn, goesWith, about, ends }: Tie,
  position: bigint,
): RetentionRow {
  const known = row ?? {
    ...{ id: of, position, kind: of.split('/', 1)[0] as KeptKind, lastFactAt: at, stands: false, endsAt: null },
    ...{ restsOn: [], goesWith: [], about: [] },
  };
  const lastFactAt = at > known.lastFactAt ? at : known.lastFactAt;
  return {
    ...known,
    lastFactAt,
    restsOn: distinct(known.restsOn, restsOn),
    goesWith: distinct(known.goesWith, goesWith),
    about: distinct(known.about, about),
    ...(ends === undefined ? {} : ends === 'stands' ? { stands: true, endsAt: null } : { stands: false, endsAt: ends }),
  };
}

const distinct = (known: readonly string[], more: readonly string[]): readonly string[] =>
  more.every((one) => known.includes(one)) ? known : [...new Set([...known, ...more])];
