import { randomBytes, randomUUID } from 'node:crypto';
import { canonicalJson, epochOf, type Actor, type Instant, type JsonObject, type JsonValue } from '#libs/kernel';
import { spanContextOf } from '#libs/eventing';
import { actorOf, type Backbone, type RequestContext } from '../backbone.js';

/** Why something is read: an auditor's, a person's own, or names that are told to whoever passes them on. */
export const READING_PURPOSES = ['audit', 'insight', 'disclosure'] as const;
export type ReadingPurpose = (typeof READING_PURPOSES)[number];

/**
 * What the register of processing activities calls each. Another number is another description there: never take one
 * anew.
 */
const ACTIVITIES: Readonly<Record<ReadingPurpose, string>> = {
  audit: 'audit-1',
  insight: 'insight-1',
  disclosure: 'disclosure-1',
};

/** What a reading says of itself by the fields of the Logboek Dataverwerkingen; times in milliseconds since 1970. */
export interface LoggedAction {
  readonly trace_id: string;
  readonly span_id: string;
  /** The caller's own span; absent: he named none. */
  readonly parent_span_id?: string;
  /** `Error`: something of ours failed, and nothing was shown. Whoever is told no is `Ok`. */
  readonly status: 'Ok' | 'Error';
  readonly name: string;
  readonly start_time: number;
  readonly end_time: number;
  readonly resource: JsonObject;
  readonly attributes: JsonObject;
}

export interface ReadingToLeave {
  readonly id?: string;
  readonly purpose: ReadingPurpose;
  readonly schemaVersion: number;
  /** Which list or kind of object. */
  readonly what: string;
  /** Persons of whom something was shown; each once. */
  readonly subjects: readonly string[];
  /** When the work began. */
  readonly startedAt: Instant;
  readonly failed?: boolean;
  /** It is a part of an action that left a reading before: a span of its own within that. */
  readonly follows?: boolean;
  readonly data: Readonly<Record<string, JsonValue>>;
}

/**
 * Persons that one record names at most, with the ids of what was shown beside them: a record has a size. Of more the
 * others stand in records of their own, which are there before it and name it.
 */
const MOST_NAMED = 10_000;
const PART = 10_000;

/**
 * Leaves the record of a reading, durable when it resolves, and answers its id. It names everybody of whom something was
 * shown by the id that he has in the register; what leaves the house has a pseudonym in its place (`ldv` export).
 */
export async function leaveReading(
  backbone: Backbone,
  request: RequestContext,
  {
    id = randomUUID(),
    purpose,
    schemaVersion,
    what,
    subjects,
    startedAt,
    failed = false,
    follows = false,
    data,
  }: ReadingToLeave,
): Promise<string> {
  const readAt = backbone.now();
  const envelope = {
    ...{ kind: 'reading', schemaVersion, correlationId: request.correlationId },
    ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
    actor: await actorOf(backbone, request),
  };
  const action = actionOf(backbone, request, { purpose, what, startedAt, readAt, failed, follows });
  const append = (record: string, more: Readonly<Record<string, JsonValue>>): Promise<unknown> => {
    const text = { id: record, ...envelope, data: { what, ...more, readAt, action: { ...action } } };
    return backbone.records.append({ id: record, kind: 'reading', bytes: canonicalJson(text) });
  };
  const shown = Array.isArray(data['shown']) ? data['shown'].length : 0;
  const own = shown + subjects.length <= MOST_NAMED ? subjects : [];
  for (let from = own.length; from < subjects.length; from += PART) {
    const part = { partOf: id, question: {}, shown: [], subjects: subjects.slice(from, from + PART) };
    await append(randomUUID(), part);
  }
  await append(id, { ...data, subjects: own });
  return id;
}

function actionOf(
  { participant, processingActivities }: Backbone,
  request: RequestContext,
  {
    purpose,
    what,
    startedAt,
    readAt,
    failed,
    follows,
  }: Pick<ReadingToLeave, 'purpose' | 'what' | 'startedAt'> & {
    readonly readAt: Instant;
    readonly failed: boolean;
    readonly follows: boolean;
  },
): LoggedAction {
  const own = request.traceparent === undefined ? undefined : spanContextOf(request.traceparent);
  const parent = follows ? own?.spanId : request.parentSpanId;
  return {
    trace_id: own?.traceId ?? randomBytes(16).toString('hex'),
    span_id: (follows ? undefined : own?.spanId) ?? randomBytes(8).toString('hex'),
    ...(parent === undefined ? {} : { parent_span_id: parent }),
    status: failed ? 'Error' : 'Ok',
    name: `read ${what}`,
    start_time: epochOf(startedAt),
    end_time: Math.max(epochOf(readAt), epochOf(startedAt)),
    resource: { 'service.name': 'waarborg', 'service.namespace': participant.oin },
    attributes: {
      'dpl.core.processing_activity_id': processingActivities(ACTIVITIES[purpose]),
      'dpl.core.foreign_operation.processor': request.client,
    },
  };
}

/** A record of kind `reading` as it is stored, whichever form it has: older ones lack members, and an answer at use is none. */
export interface StoredReading {
  readonly id: string;
  readonly schemaVersion: number;
  readonly correlationId: string;
  readonly traceparent?: string;
  readonly actor: Actor;
  readonly data: {
    readonly what?: string;
    readonly reason?: string | { readonly sealed: string };
    readonly question?: JsonValue;
    readonly shown?: readonly string[];
    readonly readAt?: Instant;
    readonly viewer?: { readonly person: string; readonly authentication: string };
    readonly subjects?: readonly string[];
    readonly partOf?: string;
    /** Of an export that was made: what its file is known by. */
    readonly export?: JsonValue;
    readonly action?: LoggedAction;
    /** Of an answer about another moment: an Authorization Decision Log record. */
    readonly event_name?: string;
  };
}

export const storedReading = ({ bytes }: { readonly bytes: string }): StoredReading =>
  JSON.parse(bytes) as StoredReading;

export function purposeOf({ schemaVersion, data }: StoredReading): ReadingPurpose {
  if (data.viewer !== undefined) return 'insight';
  return schemaVersion === 4 ? 'disclosure' : 'audit';
}

export const whatOf = ({ data }: StoredReading): string => data.what ?? data.event_name ?? 'unknown';
