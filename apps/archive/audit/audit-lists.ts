import { categoryOf, objectIdOf, type Instant, type StreamId } from '#libs/kernel';
import type { Projection, Row } from '#libs/eventing';
import { authorizationsProjection, meansProjection, personsIn, whereStanding, type Backbone } from '#libs/application';
import { containing, equal, equalIn, LEVELS_NEED, searchPage, within, type List } from '#libs/composition';
import type { PageAnswer } from '#libs/platform';
import { checksProjection } from '../checks/checks.projection.js';
import {
  SearchAuditedAuthorizationsRequest,
  SearchAuditedDocumentsRequest,
  SearchAuditedEventsRequest,
  SearchAuditedLevelsRequest,
  SearchAuditedMeansRequest,
  SearchAuditedPersonsRequest,
  SearchAuditedReadingsRequest,
  SearchAuditedRecordsRequest,
  SearchChecksRequest,
  type AuditQuestion,
} from './audit.requests.js';
import type {
  AuditedAuthorization,
  AuditedCheck,
  AuditedDocument,
  AuditedEvent,
  AuditedLevel,
  AuditedMeans,
  AuditedPerson,
  AuditedReading,
  AuditedRecord,
} from './audit.views.js';
import { auditedEvents, auditedRecords } from './audited-logs.js';
import { auditedReadings } from './audited-readings.js';
import {
  auditedAuthorizations,
  auditedCheck,
  auditedDocuments,
  auditedLevels,
  auditedMeans,
  auditedPersons,
} from './audited-objects.js';
import { auditedDocumentsProjection } from './documents.projection.js';
import { auditedPersonsProjection } from './persons.projection.js';

/** A list that an auditor reads: its pages, and by what id each item stands in the reading. */
export interface AuditList<Question extends AuditQuestion = AuditQuestion, Item = unknown> {
  readonly page: (body: Question) => Promise<PageAnswer<Item>>;
  readonly idOf: (item: Item) => string;
  /** Persons of whom items show something; absent: whoever is named in them. */
  readonly personsOf?: (items: readonly Item[]) => readonly string[];
}

const byId = ({ id }: { readonly id: string }): string => id;

export type AuditLists = {
  readonly checks: AuditList<SearchChecksRequest, AuditedCheck>;
  readonly authorizations: AuditList<SearchAuditedAuthorizationsRequest, AuditedAuthorization>;
  readonly means: AuditList<SearchAuditedMeansRequest, AuditedMeans>;
  readonly persons: AuditList<SearchAuditedPersonsRequest, AuditedPerson>;
  readonly levels: AuditList<SearchAuditedLevelsRequest, AuditedLevel>;
  readonly documents: AuditList<SearchAuditedDocumentsRequest, AuditedDocument>;
  readonly events: AuditList<SearchAuditedEventsRequest, AuditedEvent>;
  readonly records: AuditList<SearchAuditedRecordsRequest, AuditedRecord>;
  readonly readings: AuditList<SearchAuditedReadingsRequest, AuditedReading>;
};

export const AUDIT_LISTS = [
  ...(['authorizations', 'checks', 'documents', 'events', 'levels', 'means', 'persons', 'readings'] as const),
  'records',
] as const satisfies readonly (keyof AuditLists)[];

/** What each is asked with. */
export const AUDIT_REQUESTS: { readonly [Name in keyof AuditLists]: new () => AuditQuestion } = {
  checks: SearchChecksRequest,
  authorizations: SearchAuditedAuthorizationsRequest,
  means: SearchAuditedMeansRequest,
  persons: SearchAuditedPersonsRequest,
  levels: SearchAuditedLevelsRequest,
  documents: SearchAuditedDocumentsRequest,
  events: SearchAuditedEventsRequest,
  records: SearchAuditedRecordsRequest,
  readings: SearchAuditedReadingsRequest,
};

/** Every list there is for an auditor. Whoever answers from one leaves a reading first. */
export function auditLists(backbone: Backbone): AuditLists {
  const pageOf = <R extends Row, Item>(
    what: string,
    projection: Projection<R>,
    { limit, cursor, after, reason: _reason, ...filter }: AuditQuestion,
    list: Pick<List, 'where' | 'besides'>,
    itemsOf: (rows: readonly R[], at: Instant) => readonly Item[] | Promise<readonly Item[]>,
  ): Promise<PageAnswer<Item>> => {
    const page = { limit, cursor, after };
    return searchPage(backbone, projection, { ...list, name: `audit-${what}`, filter, page }, itemsOf);
  };
  return {
    checks: {
      idOf: byId,
      page: (body) => {
        const where = [
          ...equalIn(body, ['id', 'application', 'type', 'late']),
          ...containing('authorizations', body.authorization),
          ...containing('means', body.means),
          ...containing('persons', body.person),
          ...containing('parties', body.party),
          ...within('performedAt', body.performedFrom, body.performedBefore),
          ...recorded(body),
        ];
        return pageOf('checks', checksProjection, body, { where }, (rows) => rows.map(auditedCheck));
      },
    },
    authorizations: {
      idOf: byId,
      page: (body) =>
        pageOf('authorizations', authorizationsProjection, body, { where: authorizationsWhere(body) }, (rows, at) =>
          auditedAuthorizations(backbone, rows, at),
        ),
    },
    means: {
      idOf: byId,
      page: (body) => {
        const where = [
          ...equalIn(body, ['id', 'party', 'application', 'status']),
          ...equal('holder', body.person),
          ...recorded(body),
        ];
        return pageOf('means', meansProjection, body, { where }, (rows) => auditedMeans(backbone, rows));
      },
    },
    persons: {
      idOf: byId,
      personsOf: (items) => items.map(byId),
      page: (body) => {
        const where = [
          ...equalIn(body, ['id']),
          ...containing('documents', body.document),
          ...containing('means', body.means),
          ...recorded(body),
        ];
        return pageOf('persons', auditedPersonsProjection, body, { where }, (rows) => auditedPersons(backbone, rows));
      },
    },
    levels: {
      idOf: ({ authorization }) => authorization,
      page: (body) => {
        const list = { where: authorizationsWhere(body), besides: LEVELS_NEED };
        return pageOf('levels', authorizationsProjection, body, list, (rows, at) => auditedLevels(backbone, rows, at));
      },
    },
    documents: {
      idOf: byId,
      page: (body) => {
        const where = [
          ...equalIn(body, ['id', 'person']),
          ...equal('documentType', body.type),
          ...containing('actors', body.actor),
          ...recorded(body),
        ];
        return pageOf('documents', auditedDocumentsProjection, body, { where }, (rows) =>
          auditedDocuments(backbone, rows),
        );
      },
    },
    events: { idOf: byId, personsOf: personsInTexts, page: (body) => auditedEvents(backbone, body) },
    records: { idOf: byId, personsOf: personsInTexts, page: (body) => auditedRecords(backbone, body) },
    readings: { idOf: byId, page: (body) => auditedReadings(backbone, body) },
  };
}

/** Persons of whom these items of a list show something, each once. */
export const personsShown = <Item>({ personsOf = personsIn }: AuditList<never, Item>, items: readonly Item[]) => [
  ...new Set(personsOf(items)),
];

/** What is shown as it is stored names them in its text; an event of a person by its stream. */
const personsInTexts = (items: readonly { readonly bytes: string; readonly stream?: string }[]): readonly string[] =>
  items.flatMap(({ bytes, stream }) => [
    ...(stream !== undefined && categoryOf(stream as StreamId) === 'person' ? [objectIdOf(stream as StreamId)] : []),
    ...personsIn(JSON.parse(bytes)),
  ]);

const recorded = ({ recordedFrom, recordedBefore }: AuditQuestion) =>
  within('recordedAt', recordedFrom, recordedBefore);

const authorizationsWhere = (body: SearchAuditedAuthorizationsRequest) => (at: Instant) => [
  ...equalIn(body, ['id', 'means', 'application']),
  ...containing('parties', body.party),
  ...containing('persons', body.person),
  ...recorded(body),
  ...(body.status === undefined ? [] : whereStanding(body.status, at)),
];
