import { canonicalJson, isUuid, parseInstant, type Actor, type JsonObject, type JsonValue } from '#libs/kernel';
import type { RecordToAppend, StoreIdentity } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import { isEhLevel } from '#libs/scheme';
import type { Path } from '../decision-index/decision-index.js';
import type { AccessRequest } from './access-request.js';
import type { AccessJudgment } from './judge-access.js';
import type { UsePolicy } from './use-policy.js';

/** What a request is known by; part of the record. */
export interface RequestIds {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceparent: string;
  readonly correlationId: string;
  /** The caller's `X-Request-ID`, in the form in which it may be kept (`keptRequestId`). */
  readonly requestId?: string;
}

/** What a record says besides what was judged. */
export interface RecordParts {
  readonly id: string;
  /** A `reading` is an auditor's question: never use (USE-04). */
  readonly kind: 'decision' | 'reading';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Place in the event log up to which the index had seen everything. */
  readonly position: bigint;
  readonly identity: StoreIdentity;
  readonly policy: UsePolicy;
  readonly ids: RequestIds;
  readonly actor: Actor;
  /** As it is given, but for the hash of the request. */
  readonly answer: JsonObject;
}

export interface DecisionToRecord extends RecordParts {
  readonly request: AccessRequest;
  readonly judgment: AccessJudgment;
}

/**
 * The record of one decision: an Authorization Decision Log record of level 3 in the record log's own envelope
 * (interfaces.md §7, §9). Positions are bare places of the store that `adl.core.configuration` names.
 */
export function decisionRecord({ request, judgment, ...parts }: DecisionToRecord): RecordToAppend {
  return recordOf(parts, {
    event: 'adl.access_evaluation',
    isUse: judgment.decision,
    traceparent: request.traceparent,
    request: recordedRequest(request, judgment),
    information: { position: String(parts.position), ...information(judgment) },
  });
}

/** What a record of the Authorization Decision Log has to be told. */
export interface ToldRecord {
  readonly event: string;
  /** Whether it says yes to somebody who acts. */
  readonly isUse: boolean;
  /** As the question names it. */
  readonly traceparent: string | undefined;
  readonly request: JsonObject;
  readonly information: JsonObject;
}

export function recordOf(parts: RecordParts, told: ToldRecord): RecordToAppend {
  const { id, kind, ids, actor } = parts;
  const record = {
    id,
    kind,
    schemaVersion: 1,
    correlationId: ids.correlationId,
    traceparent: ids.traceparent,
    actor,
    data: adlRecord(parts, told),
  };
  return { id, kind, bytes: canonicalJson(record) };
}

function adlRecord(
  { kind, answer, at, identity, policy, ids }: RecordParts,
  { event, isUse, traceparent, request, information: rests }: ToldRecord,
): JsonValue {
  const asked = fromCaller(traceparent);
  return {
    trace_id: asked?.traceId ?? ids.traceId,
    span_id: ids.spanId,
    ...optional('parent_span_id', asked?.spanId ?? ids.parentSpanId),
    event_name: event,
    timestamp: at,
    status: 'Ok',
    attributes: {
      'waarborg.use': kind === 'decision' && isUse,
      ...optional('waarborg.request_id', ids.requestId),
    },
    body: {
      'adl.core.request': request,
      'adl.core.response': answer,
      'adl.core.policies': { ruleSet: policy.rules.version, governance: policy.version },
      'adl.core.information': rests,
      'adl.core.configuration': {
        store: identity.store,
        epoch: identity.epoch,
        maxIntermediaries: policy.maxIntermediaries,
      },
    },
  };
}

/** Everything the answer rests on, by id and place, so that it can be given again. */
export function information({ grounds, path }: AccessJudgment): JsonObject {
  const { means, party, service, login, paths } = grounds;
  return {
    ...(means === undefined
      ? {}
      : {
          means: {
            id: means.means,
            position: String(means.position),
            product: means.product,
            status: means.status,
            stork: means.stork,
          },
        }),
    ...(party === undefined ? {} : { party: { id: party.party, position: String(party.position) } }),
    ...optional('service', service),
    ...(login === undefined ? {} : { login: { ...login } }),
    paths,
    path: (path as Path | readonly []).map(({ authorization, position: changed, link }) => ({
      authorization,
      position: String(changed),
      m: link.m,
      submitterLevel: link.submitterLevel ?? null,
      status: link.status,
    })),
  };
}

/**
 * What is kept of a question: words of the interface, what the register itself knows, and numbers in the one form that
 * the contract has for them. Anything else may be about a person (his name in the place of an id) and is not kept.
 */
const SERVICE = /^urn:etoegang:DV:\d{20}:services:\d{1,9}$/;
/** Of the other registers a number may be somebody's own. */
const ORGANIZATION = /^kvk:\d{8}$/;
const ESTABLISHMENT = /^\d{12}$/;
const NOT_KEPT = '(not of the expected form)';

export function recordedRequest(request: AccessRequest, { grounds }: AccessJudgment): JsonObject {
  const { subject, action, resource, time, via, establishment } = request;
  const organization = (id: string): boolean => ORGANIZATION.test(id) || grounds.party?.organization === id;
  const login = grounds.login?.authenticationService;
  return {
    subject: { type: kept(subject.type, is('means')), id: kept(subject.id, isUuid) },
    action: {
      name: kept(action.name, is('represent')),
      properties: {
        ...optional(
          'service',
          keptIfSent(request.service, (id) => SERVICE.test(id) || grounds.service === id),
        ),
        ...optional('level', keptIfSent(request.level, isEhLevel)),
        singleSignOn: request.singleSignOn,
      },
    },
    resource: {
      type: kept(resource.type, is('organization')),
      id: kept(resource.id, organization),
      properties: {
        ...optional(
          'establishment',
          keptIfSent(establishment, (number) => ESTABLISHMENT.test(number)),
        ),
      },
    },
    context: {
      ...optional(
        'time',
        keptIfSent(time, (text) => parseInstant(text) !== undefined),
      ),
      ...optional('traceparent', fromCaller(request.traceparent)?.text),
      ...optional(
        'authenticationService',
        keptIfSent(request.authenticationService, (name) => name === login),
      ),
      ...optional(
        'via',
        keptIfSent(via, (id) => isUuid(id) || organization(id) || grounds.via === id),
      ),
      ...(request.supportsStepUp ? {} : { supported_obligations: [] }),
    },
  };
}

type Test = (text: string) => boolean;

const is =
  (word: string): Test =>
  (text) =>
    text === word;

const kept = (value: unknown, test: Test): string => (typeof value === 'string' && test(value) ? value : NOT_KEPT);

const keptIfSent = (value: unknown, test: Test): string | undefined =>
  value === undefined ? undefined : kept(value, test);

const optional = <Name extends string, Value extends JsonValue>(name: Name, value: Value | undefined): JsonObject =>
  value === undefined ? {} : { [name]: value };

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The trace that the question itself names (NL GOV profile); it wins over the one of the connection. */
function fromCaller(traceparent: string | undefined) {
  const match = TRACEPARENT.exec(traceparent ?? '');
  return match === null ? undefined : { text: match[0], traceId: match[1]!, spanId: match[2]! };
}

/** What is an id by its form: UUID, ULID, a trace's or span's hexadecimal digits, W3C `traceparent`. */
const IDS: readonly RegExp[] = [
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/,
  /^([0-9a-f]{16}|[0-9a-f]{32})$/i,
  TRACEPARENT,
];

/**
 * An id of the caller's own in the form in which it may be kept: as it is where its form says that it is one (ADR 0075);
 * else, as it may be a name or an address, as a keyed hash, by which it is found again.
 */
export const keptRequestId = async (requestId: string, secrets: Backbone['secrets']): Promise<string> =>
  IDS.some((form) => form.test(requestId)) ? requestId : (await secrets.lookupHashes('request-id', requestId))[0]!;
