import type { Instant, JsonValue } from '#libs/kernel';
import { KeyDestroyed, type StoredRecord } from '#libs/eventing';
import {
  fewAtOnce,
  personsIn,
  purposeOf,
  reasonIn,
  storedReading,
  whatOf,
  type Backbone,
  type ReadingPurpose,
  type StoredReading,
} from '#libs/application';
import { checkAfter, type PageMembers } from '#libs/composition';
import type { PageAnswer } from '#libs/platform';
import type { SearchAuditedReadingsRequest } from './audit.requests.js';
import type { AuditedReading } from './audit.views.js';
import { loggedPage } from './logged-page.js';

type ReadingFilter = Omit<SearchAuditedReadingsRequest, 'reason' | 'limit' | 'cursor' | 'after'>;

/** A record as it was read back. */
type ReadRecord = Pick<StoredRecord, 'id' | 'recordedAt' | 'bytes'> & { readonly position: string };

/** Ids that an item shows of each kind; all of them stand in the record itself. */
const MOST_SHOWN = 100;

/** Persons of whom a reading has shown something; older records name them among what was shown or asked for only. */
const isAbout = ({ data }: StoredReading, person: string): boolean =>
  data.subjects !== undefined
    ? data.subjects.includes(person)
    : (data.shown ?? []).includes(person) || personsIn(data.question).includes(person);

const names = (value: JsonValue | undefined, id: string): boolean => {
  if (typeof value === 'string') return value === id;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((inner) => names(inner as JsonValue, id));
};

/** Whether a reading meets everything that is asked for. */
function meets(
  { reader, client, object, person, activity, purpose, what }: ReadingFilter,
  { bytes, kind }: StoredRecord,
): boolean {
  if (kind !== 'reading') return false;
  // Most name none of it: they need not be read.
  const sought = [reader, client, object, person].filter((text) => text !== undefined);
  if (!sought.every((text) => bytes.includes(JSON.stringify(text)))) return false;
  const reading = storedReading({ bytes });
  const { actor, data, id } = reading;
  return (
    (reader === undefined || ('clerk' in actor && actor.clerk === reader) || data.viewer?.person === reader) &&
    (client === undefined || ('client' in actor && actor.client === client)) &&
    (object === undefined || id === object || names(data as unknown as JsonValue, object)) &&
    (person === undefined || isAbout(reading, person)) &&
    (activity === undefined || activityOf(reading) === activity) &&
    (purpose === undefined || purposeOf(reading) === purpose) &&
    (what === undefined || whatOf(reading) === what)
  );
}

const activityOf = ({ data }: StoredReading): string | undefined =>
  data.action?.attributes['dpl.core.processing_activity_id'] as string | undefined;

/** Readings of all kinds, newest first, as far as a page may look back. */
export async function auditedReadings(
  backbone: Backbone,
  { limit, cursor, after, reason: _reason, ...filter }: SearchAuditedReadingsRequest,
): Promise<PageAnswer<AuditedReading>> {
  const { items, ...page } = await readingsPage(backbone, { limit, cursor, after }, filter);
  return { ...page, items: await fewAtOnce(items, (record) => auditedReading(backbone, record)) };
}

/** The same as they are stored. */
export async function readingsPage(
  backbone: Backbone,
  { limit, cursor, after }: PageMembers,
  filter: ReadingFilter,
): Promise<PageAnswer<ReadRecord>> {
  await checkAfter(backbone, after, 'body');
  const { recordedFrom: from, recordedBefore: before } = filter;
  return loggedPage<StoredRecord, ReadRecord>(
    backbone.records,
    {
      ...{ name: 'audit-readings', filter, page: { limit, cursor }, from, before },
      meets: (record) => meets(filter, record),
    },
    ({ id, position, recordedAt, bytes }) => ({ id, position: String(position), recordedAt, bytes }),
  );
}

async function auditedReading(backbone: Backbone, record: ReadRecord): Promise<AuditedReading> {
  const reading = storedReading(record);
  const { actor, correlationId, data } = reading;
  const { viewer, partOf, action, question, shown = [], subjects } = data;
  const reason = await openedReason(backbone, reading);
  const activity = activityOf(reading);
  return {
    ...{ id: record.id, position: record.position, recordedAt: record.recordedAt, actor, correlationId },
    ...{ purpose: purposeOf(reading) satisfies ReadingPurpose, what: whatOf(reading) },
    ...(reason === undefined ? {} : { reason }),
    erased: reason === undefined && data.reason !== undefined,
    ...(viewer === undefined ? {} : { viewer }),
    ...(isObject(question) ? { question } : {}),
    ...{ shown: shown.slice(0, MOST_SHOWN), shownCount: shown.length },
    ...(subjects === undefined ? {} : { subjects: subjects.slice(0, MOST_SHOWN), subjectCount: subjects.length }),
    ...(partOf === undefined ? {} : { partOf }),
    ...(activity === undefined ? {} : { activity }),
    ...(action === undefined
      ? {}
      : {
          ...{ traceId: action.trace_id, spanId: action.span_id, status: action.status },
          startedAt: new Date(action.start_time).toISOString() as Instant,
          endedAt: new Date(action.end_time).toISOString() as Instant,
        }),
  };
}

const isObject = (value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Why it was read; `undefined` where nobody said so, or the reading's key is gone. */
async function openedReason({ sealer }: Backbone, { id, data }: StoredReading): Promise<string | undefined> {
  const { reason } = data;
  // In the first it stood in clear.
  if (typeof reason !== 'object') return reason;
  try {
    return JSON.parse(await sealer.open(reasonIn(id), reason.sealed)) as string;
  } catch (error) {
    if (error instanceof KeyDestroyed) return undefined;
    throw error;
  }
}
