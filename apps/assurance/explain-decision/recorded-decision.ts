import type { AccessRequest } from '#libs/application';
import { isUuid, type Instant, type JsonObject } from '#libs/kernel';
import { instantFromEpoch } from '#libs/kernel';
import type { StoredRecord } from '#libs/eventing';
import { readAccessRequest } from '../evaluate-access/access-request.js';

/** One answer at use as its record has it. */
export interface RecordedAnswer {
  /** Of several questions in one call which one, from 0. */
  readonly place: number;
  readonly request: AccessRequest;
  readonly asked: JsonObject;
  readonly decision: boolean;
  readonly level: string | null;
  readonly requiredLevel: string | null;
  readonly reasons: readonly string[];
  /** Ids of the authorizations that it rested on, and of the means. */
  readonly path: readonly string[];
  readonly means?: string;
  /** The moment that an auditor's question was about. */
  readonly asOf?: Instant;
  readonly ruleSet: string;
}

/** A question of a call that could not be read: it was not judged, and the answer said where it was wrong. */
export interface UnreadQuestion {
  readonly place: number;
  readonly faults: readonly { readonly pointer: string; readonly code: string }[];
}

export interface RecordedDecision {
  readonly kind: string;
  readonly place: string;
  readonly recordedAt: Instant;
  readonly at: Instant;
  /** Place in the event log up to which the index had seen everything. */
  readonly position: bigint;
  readonly isUse: boolean;
  readonly answers: readonly RecordedAnswer[];
  readonly unread: readonly UnreadQuestion[];
}

interface Rests {
  readonly means?: { readonly id: string };
  readonly path?: readonly { readonly authorization: string }[];
  readonly asOf?: Instant;
  readonly ruleSet?: string;
}
interface Answered {
  readonly decision: boolean;
  readonly context: {
    readonly level?: string | null;
    readonly requiredLevel?: string | null;
    readonly reasons?: readonly { readonly code: string }[];
    readonly error?: { readonly errors: UnreadQuestion['faults'] };
  };
}
interface AdlRecord {
  readonly schemaVersion: number;
  readonly data: {
    readonly event_name: string;
    readonly timestamp: number;
    readonly attributes: { readonly 'waarborg.use': boolean };
    readonly body: {
      readonly 'adl.core.request': JsonObject & { readonly evaluations?: readonly JsonObject[] };
      readonly 'adl.core.response': Answered & { readonly evaluations?: readonly Answered[] };
      readonly 'adl.core.policies': { readonly ruleSet: string };
      readonly 'adl.core.information': Rests & { readonly position: string; readonly evaluations?: readonly Rests[] };
    };
  };
}

/** Forms of records that hold answers to questions about one person, one organization and one service each. */
const FORMS: readonly string[] = ['adl.access_evaluation', 'adl.access_evaluations'];
const VERSION = 1;

/** What the record of a decision says; `undefined`: it is a record of something else. */
export function recordedDecision({ kind, bytes, position, recordedAt }: StoredRecord): RecordedDecision | undefined {
  if (kind === 'refusal') return undefined;
  const { schemaVersion, data } = JSON.parse(bytes) as AdlRecord;
  if (!FORMS.includes(data.event_name)) return undefined;
  if (schemaVersion !== VERSION) throw new Error(`records of version ${schemaVersion} are not known`);
  const {
    'adl.core.request': asked,
    'adl.core.response': answered,
    'adl.core.information': rests,
    'adl.core.policies': { ruleSet },
  } = data.body;
  const given = answered.evaluations ?? [answered];
  const questions = answered.evaluations === undefined ? [asked] : (asked.evaluations ?? []);
  const grounds = answered.evaluations === undefined ? [rests] : (rests.evaluations ?? []);
  const read = given.map((answer, place) =>
    answerOf(place, questions[place] ?? {}, answer, { ruleSet, ...grounds[place] }),
  );
  return {
    ...{ kind, place: String(position), recordedAt },
    at: instantFromEpoch(data.timestamp),
    position: BigInt(rests.position),
    isUse: data.attributes['waarborg.use'],
    answers: read.flatMap((one) => ('faults' in one ? [] : [one])),
    unread: read.flatMap((one) => ('faults' in one ? [one] : [])),
  };
}

/** A question that could not be read was not judged: there is nothing to explain but what was wrong with it. */
function answerOf(
  place: number,
  asked: JsonObject,
  { decision, context }: Answered,
  { means, path = [], asOf, ruleSet }: Rests & { readonly ruleSet: string },
): RecordedAnswer | UnreadQuestion {
  if (context.error !== undefined) {
    return { place, faults: context.error.errors.map(({ pointer, code }) => ({ pointer, code })) };
  }
  const read = readAccessRequest(asked);
  if ('faults' in read) return { place, faults: read.faults.map(({ pointer = '', code }) => ({ pointer, code })) };
  return {
    place,
    request: read.request,
    asked,
    decision,
    level: context.level ?? null,
    requiredLevel: context.requiredLevel ?? null,
    reasons: (context.reasons ?? []).map(({ code }) => code),
    path: path.map(({ authorization }) => authorization),
    ...(means === undefined || !isUuid(means.id) ? {} : { means: means.id }),
    ...(asOf === undefined ? {} : { asOf }),
    ruleSet,
  };
}
