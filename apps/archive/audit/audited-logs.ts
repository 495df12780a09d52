import {
  STREAM_CATEGORIES,
  streamId,
  type Actor,
  type Decider,
  type DomainEvent,
  type EventMetadata,
} from '#libs/kernel';
import type { StoredEvent, StoredRecord } from '#libs/eventing';
import { fewAtOnce, type Backbone } from '#libs/application';
import { checkAfter } from '#libs/composition';
import type { PageAnswer } from '#libs/platform';
import type { SearchAuditedEventsRequest, SearchAuditedRecordsRequest } from './audit.requests.js';
import type { AuditedEvent, AuditedRecord } from './audit.views.js';
import { auditedDocumentsProjection } from './documents.projection.js';
import { knownPage, loggedPage, type LogSearch } from './logged-page.js';

/** What events and records say of themselves, in their text. */
type Said = Pick<EventMetadata, 'actor' | 'correlationId' | 'causationId' | 'ruleSet'>;

const saidIn = ({ bytes }: { readonly bytes: string }): Said => {
  const { actor, correlationId, causationId, ruleSet } = JSON.parse(bytes) as Said;
  return {
    ...{ actor, correlationId },
    ...(causationId === undefined ? {} : { causationId }),
    ...(ruleSet === undefined ? {} : { ruleSet }),
  };
};

const isBy = (actor: string, { bytes }: { readonly bytes: string }): boolean => {
  // Few have it at all: the others need not be read.
  if (!bytes.includes(JSON.stringify(actor))) return false;
  return Object.values((JSON.parse(bytes) as { readonly actor: Actor }).actor).includes(actor);
};

const auditedEvent = (event: StoredEvent): AuditedEvent => ({
  ...{ id: event.id, type: event.type, stream: event.stream, revision: event.revision },
  ...{ position: String(event.position), recordedAt: event.recordedAt },
  ...saidIn(event),
  bytes: event.bytes,
});

const auditedRecord = (record: StoredRecord): AuditedRecord => {
  const { actor, correlationId } = saidIn(record);
  return {
    ...{ id: record.id, kind: record.kind, position: String(record.position), recordedAt: record.recordedAt },
    ...{ actor, correlationId, bytes: record.bytes },
  };
};

/** Reads a stream of any kind, and makes nothing of it. */
const HISTORY: Decider<undefined, never, DomainEvent> = {
  initialState: undefined,
  decide: () => {
    throw new Error('nothing is decided on a history');
  },
  evolve: (state) => state,
};

/** A document has no stream of its own: what happened to it stands in that of its person. */
async function positionsInOwner({ commands, readModels }: Backbone, id: string): Promise<readonly bigint[]> {
  await readModels.upToDate(auditedDocumentsProjection);
  const person = (await readModels.store.load(auditedDocumentsProjection, [id])).get(id)?.person;
  if (person === undefined) return [];
  const { history } = await commands.load(HISTORY, streamId('person', person));
  return history
    .filter(({ data }) => (data as { readonly document?: string }).document === id)
    .map(({ position }) => position);
}

/** Events of the streams that have this id, newest first; of a document those of its person that are about it. */
async function eventsOf(backbone: Backbone, id: string): Promise<readonly StoredEvent[]> {
  const { commands, feed } = backbone;
  const streams = STREAM_CATEGORIES.flatMap((category) =>
    category === 'installation' ? [] : [streamId(category, id)],
  );
  const positions = (await commands.loadAll(HISTORY, streams)).flatMap(({ history }) =>
    history.map(({ position }) => position),
  );
  positions.push(...(await positionsInOwner(backbone, id)));
  const stored = await fewAtOnce(positions, (position) => feed.at(position));
  return stored
    .flatMap((event) => event ?? [])
    .sort((one, other) => (one.position < other.position ? 1 : one.position > other.position ? -1 : 0));
}

/** Events as they are stored: of one object whatever it is, else of the whole log, as far as a page may look. */
export async function auditedEvents(
  backbone: Backbone,
  { limit, cursor, after, reason: _reason, ...filter }: SearchAuditedEventsRequest,
): Promise<PageAnswer<AuditedEvent>> {
  await checkAfter(backbone, after, 'body');
  const { object, type, actor, recordedFrom: from, recordedBefore: before } = filter;
  const search: LogSearch<StoredEvent> = {
    ...{ name: 'audit-events', filter, page: { limit, cursor }, from, before },
    meets: (event) => (type === undefined || event.type === type) && (actor === undefined || isBy(actor, event)),
  };
  return object === undefined
    ? loggedPage(backbone.feed, search, auditedEvent)
    : knownPage(await eventsOf(backbone, object), search, auditedEvent);
}

/** Decisions, refusals and readings as they are stored. */
export async function auditedRecords(
  backbone: Backbone,
  { limit, cursor, after, reason: _reason, ...filter }: SearchAuditedRecordsRequest,
): Promise<PageAnswer<AuditedRecord>> {
  await checkAfter(backbone, after, 'body');
  const { object, type, actor, recordedFrom: from, recordedBefore: before } = filter;
  return loggedPage<StoredRecord, AuditedRecord>(
    backbone.records,
    {
      ...{ name: 'audit-records', filter, page: { limit, cursor }, from, before },
      meets: (record) =>
        (type === undefined || record.kind === type) &&
        (object === undefined || record.bytes.includes(JSON.stringify(object))) &&
        (actor === undefined || isBy(actor, record)),
    },
    auditedRecord,
  );
}
