import { isUuid, type Instant, type JsonObject } from '#libs/kernel';
import { instantFromEpoch } from '#libs/kernel';
import type { StoredRecord } from '#libs/eventing';
import { readAccessRequest, type AccessRequest } from '../evaluate-access/access-request.js';

/** One answer at use as its record has it. */
export interface RecordedAnswer {
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

export interface RecordedDecision {
  readonly kind: string;
  readonly place: string;
  readonly recordedAt: Instant;
  readonly at: Instant;
  /** Place in the event log up to which the index had seen everything. */
  readonly position: bigint;
  readonly isUse: boolean;
  readonly answers: readonly RecordedAnswer[];
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
  const several = answered.evaluations;
  const answers =
    several === undefined
      ? answerOf(asked, answered, { ruleSet, ...rests })
      : several.flatMap((answer, place) =>
          answerOf(asked.evaluations?.[place] ?? {}, answer, { ruleSet, ...rests.evaluations?.[place] }),
        );
  return {
    ...{ kind, place: String(position), recordedAt },
    at: instantFromEpoch(data.timestamp),
    position: BigInt(rests.position),
    isUse: data.attributes['waarborg.use'],
    answers,
  };
}

/** A question that could not be read was not judged, and has nothing to explain. */
function answerOf(
  asked: JsonObject,
  { decision, context }: Answered,
  { means, path = [], asOf, ruleSet }: Rests & { readonly ruleSet: string },
): readonly RecordedAnswer[] {
  const read = readAccessRequest(asked);
  if ('faults' in read) return [];
  return [
    {
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
    },
  ];
}
