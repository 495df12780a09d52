import { createHash } from 'node:crypto';
import { KeyDestroyed } from '#libs/eventing';
import { epochOf, type Instant, type JsonObject } from '#libs/kernel';
import { storedReading, whatOf, type Backbone, type LoggedAction, type StoredReading } from '#libs/application';
import { spanContextOf } from '#libs/eventing';

/** Kind of a pseudonym in `dpl.core.data_subject_id`: of a person of this register, made under his own key. */
const SUBJECT_TYPE = 'urn:waarborg:person';

/** Pseudonyms of persons, each made once; `undefined`: his key was destroyed. */
export type Pseudonyms = (person: string) => Promise<string | undefined>;

/** Keeps what it made for as long as one export is under way. */
export function pseudonymsOf({ secrets }: Backbone): Pseudonyms {
  const made = new Map<string, Promise<string | undefined>>();
  const make = async (id: string): Promise<string | undefined> => {
    try {
      return await secrets.pseudonym({ kind: 'person', id });
    } catch (error) {
      if (error instanceof KeyDestroyed) return undefined;
      throw error;
    }
  };
  return (person) => {
    const there = made.get(person) ?? make(person);
    made.set(person, there);
    return there;
  };
}

/**
 * A reading as records of the Logboek Dataverwerkingen: one for each person of whom it showed something, as children of one
 * for the whole; a single record where there is one person or none. The same reading gives the same ids.
 */
export async function ldvRecords(stored: { readonly bytes: string }, pseudonyms: Pseudonyms): Promise<JsonObject[]> {
  const reading = storedReading(stored);
  const { subjects = [], partOf } = reading.data;
  const action = actionIn(reading);
  const of = async (person: string, more: Partial<LoggedAction>): Promise<JsonObject> => {
    const pseudonym = await pseudonyms(person);
    const subject: JsonObject =
      pseudonym === undefined
        ? { 'waarborg.data_subject_erased': true }
        : { 'dpl.core.data_subject_id': pseudonym, 'dpl.core.data_subject_id_type': SUBJECT_TYPE };
    return { ...action, ...more, attributes: { ...action.attributes, ...subject } };
  };
  const [only, ...others] = subjects;
  if (partOf === undefined && only === undefined) return [{ ...action }];
  if (partOf === undefined && others.length === 0) return [await of(only!, {})];
  const records: JsonObject[] = partOf === undefined ? [{ ...action }] : [];
  for (const [index, person] of subjects.entries()) {
    records.push(await of(person, { span_id: spanOf(reading.id, index), parent_span_id: action.span_id }));
  }
  return records;
}

/** A span's id that follows from the record: whoever exports it again gives the same. */
const spanOf = (reading: string, index: number): string =>
  createHash('sha256').update(`${reading}/${index}`).digest('hex').slice(0, 16);

/** What a record says of the action; of one that was made before records said so, what is known of it. */
function actionIn(reading: StoredReading): LoggedAction {
  const { data, traceparent, actor } = reading;
  if (data.action !== undefined) return { ...data.action, attributes: withReading(data.action.attributes, reading) };
  const answer = data as unknown as AnswerLogged;
  const own = traceparent === undefined ? undefined : spanContextOf(traceparent);
  const at = answer.timestamp ?? (data.readAt === undefined ? 0 : epochOf(data.readAt as Instant));
  return {
    trace_id: answer.trace_id ?? own?.traceId ?? '0'.repeat(32),
    span_id: answer.span_id ?? own?.spanId ?? spanOf(reading.id, -1),
    ...(answer.parent_span_id === undefined ? {} : { parent_span_id: answer.parent_span_id }),
    status: 'Ok',
    name: `read ${whatOf(reading)}`,
    ...{ start_time: at, end_time: at },
    resource: { 'service.name': 'waarborg' },
    attributes: withReading('client' in actor ? { 'dpl.core.foreign_operation.processor': actor.client } : {}, reading),
  };
}

/** So that it is found again here. */
const withReading = (attributes: JsonObject, { id, data }: StoredReading): JsonObject => ({
  ...attributes,
  'waarborg.reading': data.partOf ?? id,
});

/** Members of an Authorization Decision Log record. */
interface AnswerLogged {
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly parent_span_id?: string;
  readonly timestamp?: number;
}
