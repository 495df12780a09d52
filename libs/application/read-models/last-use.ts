import { epochOf, instantFromEpoch, type DomainEvent, type Instant, type Recorded } from '#libs/kernel';
import type { Projection, RecordAsEvent } from '#libs/eventing';
import { amsterdamDay } from '#libs/scheme';

/** When an authorization was used last, to the day: the first use of its last day of use, by Amsterdam's calendar. */
export type LastUseRow = {
  readonly id: string;
  /** Of the record, in the order of the record log. */
  readonly position: bigint;
  readonly lastUsedAt: Instant;
};

/** A day has one row's worth of news: whatever comes later on it says nothing more. */
const isOfLaterDay = (row: LastUseRow | undefined, at: Instant): boolean =>
  row === undefined || (at > row.lastUsedAt && amsterdamDay(epochOf(at)) > amsterdamDay(epochOf(row.lastUsedAt)));

const table = {
  key: 'id',
  newestFirst: 'position',
  columns: { id: 'text', position: 'bigint', lastUsedAt: 'text' },
} as const;

/**
 * Uses, from the records of decisions: every authorization on the path of a yes about the present; of several in one call
 * those of each that was a yes (USE-02). What is no use by its record (a no, a search, an auditor's reading) passes by.
 */
export const lastUseProjection: Projection<LastUseRow> = {
  name: 'last-use',
  version: 1,
  log: 'records',
  table: { name: 'last_use', ...table },
  handles: ['decision'],
  keys: (record) => useIn(record)?.authorizations ?? [],
  fold(row, record, key) {
    const { at } = useIn(record)!;
    return isOfLaterDay(row, at) ? { id: key, position: record.position, lastUsedAt: at } : row;
  },
};

interface Use {
  readonly at: Instant;
  readonly authorizations: readonly string[];
}

/** Canonical text: within a string its marks would be escaped, so that this is found where it is meant, or not at all. */
const IS_USE = '"waarborg.use":true';
/** Records that this release can read. A later one stops it: what may be a use is not passed over. */
const VERSION = 1;

const read = new WeakMap<object, Use | undefined>();

function useIn({ data, recordedAt }: Recorded<DomainEvent>): Use | undefined {
  if (!read.has(data)) read.set(data, readUse((data as RecordAsEvent).bytes, recordedAt));
  return read.get(data);
}

/** Nothing was used after it was recorded: a clock that ran ahead would keep it alive for as long as it did. */
const notAfter = (at: Instant, recordedAt: Instant): Instant => (at < recordedAt ? at : recordedAt);

interface DecisionRecord {
  readonly schemaVersion: number;
  readonly data: {
    readonly timestamp: number;
    readonly attributes: { readonly 'waarborg.use': boolean };
    readonly body: {
      readonly 'adl.core.response': { readonly evaluations?: readonly { readonly decision: boolean }[] };
      readonly 'adl.core.information': Rests & { readonly evaluations?: readonly Rests[] };
    };
  };
}
interface Rests {
  readonly path?: readonly { readonly authorization: string }[];
}

function readUse(bytes: string, recordedAt: Instant): Use | undefined {
  if (!bytes.includes(IS_USE)) return undefined;
  const { schemaVersion, data } = JSON.parse(bytes) as DecisionRecord;
  if (schemaVersion !== VERSION) throw new Error(`records of version ${schemaVersion} are not known`);
  if (!data.attributes['waarborg.use']) return undefined;
  const { 'adl.core.response': answer, 'adl.core.information': rests } = data.body;
  const used = rests.evaluations?.filter((_, place) => answer.evaluations?.[place]?.decision === true) ?? [rests];
  return {
    at: notAfter(instantFromEpoch(data.timestamp), recordedAt),
    authorizations: used.flatMap(({ path = [] }) => path.map(({ authorization }) => authorization)),
  };
}
