import { randomBytes } from 'node:crypto';
import type { RecordToSequence, StoredEvent, StoredRecord } from '#libs/eventing';
import { recordEntry, SALT_BYTES, sha256 } from '#libs/transparency-log';

/** The RFC 8785 text of an event in the log; what was stored is canonical already and goes in as it stands. */
export const recordOfEvent = ({
  bytes,
  position,
  recordedAt,
  revision,
}: Omit<StoredEvent, 'id' | 'type' | 'stream'>): string =>
  `{"event":${bytes},"position":"${position}","recordedAt":"${recordedAt}","revision":${revision}}`;

/** The same of a record of the record log. */
export const recordOfRecord = ({ bytes, position, recordedAt }: Omit<StoredRecord, 'id' | 'kind'>): string =>
  `{"position":"${position}","record":${bytes},"recordedAt":"${recordedAt}"}`;

interface Told {
  readonly id: string;
  readonly content: string;
  readonly record: string;
}

function sequenced(all: readonly Told[]): RecordToSequence[] {
  const salts = randomBytes(SALT_BYTES * all.length);
  return all.map(({ id, content, record }, at) => {
    const salt = salts.subarray(at * SALT_BYTES, (at + 1) * SALT_BYTES);
    const entry = recordEntry(salt, Buffer.from(record));
    return { id, content: sha256(Buffer.from(content)), salt, record, entry };
  });
}

/** Each with a salt of its own, and the entry that is made of it. */
export const eventsToSequence = (events: readonly StoredEvent[]): RecordToSequence[] =>
  sequenced(
    events.map((event) => ({
      id: event.id,
      content: `event ${event.revision} ${event.bytes}`,
      record: recordOfEvent(event),
    })),
  );

export const recordsToSequence = (records: readonly StoredRecord[]): RecordToSequence[] =>
  sequenced(
    records.map((record) => ({
      id: record.id,
      content: `record ${record.kind} ${record.bytes}`,
      record: recordOfRecord(record),
    })),
  );
