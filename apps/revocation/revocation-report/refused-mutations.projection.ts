import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import type { Projection, RecordAsEvent } from '#libs/eventing';
import type { RefusedMutation } from '#libs/application';
import { hasTime, isDecidedLate } from '#libs/domain';

/**
 * What was refused where it would have been decided as it was entered: suspensions that were no request, their ends, changes
 * and renewals (PT2, REV-09). One row for what an intake asks of an object, however often that is tried: the first answer
 * counts.
 */
export type RefusedMutationRow = {
  readonly id: string;
  /** Of the record, in the order of the record log. */
  readonly position: bigint;
  readonly application: string;
  readonly about: string;
  readonly mutation: string;
  readonly object: string;
  readonly level: string;
  readonly channel: string;
  readonly receivedAt: Instant;
  readonly dueAt: Instant | null;
  readonly refusedAt: Instant;
  readonly breached: boolean;
};

/** What an intake asks of an object. */
export const keyOfAsked = (asked: {
  readonly application: string;
  readonly about: string;
  readonly mutation: string;
}): string => `${asked.application} ${asked.about} ${asked.mutation}`;

export const refusedMutationsProjection: Projection<RefusedMutationRow> = {
  name: 'refused-mutations',
  version: 2,
  log: 'records',
  table: {
    name: 'refused_mutations',
    key: 'id',
    newestFirst: 'position',
    columns: {
      id: 'text',
      position: 'bigint',
      application: 'text',
      about: 'text',
      mutation: 'text',
      object: 'text',
      level: 'text',
      channel: 'text',
      receivedAt: 'text',
      dueAt: 'text',
      refusedAt: 'text',
      breached: 'boolean',
    },
    indexes: [['receivedAt', 'position']],
  },
  handles: ['refusal'],
  keys(record) {
    const refused = refusedIn(record);
    return refused === undefined ? [] : [keyOfAsked(refused.mutation)];
  },
  fold(row, record, key) {
    const { mutation, refusedAt } = refusedIn(record)!;
    return (
      row ?? {
        id: key,
        position: record.position,
        ...mutation,
        ...(hasTime(mutation) ? {} : { dueAt: null }),
        refusedAt,
        breached: hasTime(mutation) && isDecidedLate(mutation, refusedAt),
      }
    );
  },
};

/** Canonical text: within a string its marks would be escaped, so that this is found where it is meant, or not at all. */
const SAYS_SO = '"mutation":{';
/** Records that this release can read. A later one stops it: what may be a breach is not passed over. */
const VERSION = 1;

interface Refused {
  readonly mutation: RefusedMutation;
  readonly refusedAt: Instant;
}
const read = new WeakMap<object, Refused | undefined>();

function refusedIn({ data }: Recorded<DomainEvent>): Refused | undefined {
  if (!read.has(data)) read.set(data, readRefused((data as RecordAsEvent).bytes));
  return read.get(data);
}

function readRefused(bytes: string): Refused | undefined {
  if (!bytes.includes(SAYS_SO)) return undefined;
  const record = JSON.parse(bytes) as { readonly schemaVersion: number; readonly data: Partial<Refused> };
  if (record.schemaVersion !== VERSION) throw new Error(`records of version ${record.schemaVersion} are not known`);
  const { mutation, refusedAt } = record.data;
  return mutation === undefined ? undefined : { mutation, refusedAt: refusedAt! };
}
