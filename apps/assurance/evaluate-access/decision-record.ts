import { canonicalJson, isUuid, type Actor, type JsonObject, type JsonValue } from '#libs/kernel';
import type { RecordToAppend, StoreIdentity } from '#libs/eventing';
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
  /** The caller's `X-Request-ID`, as far as a header can be kept. */
  readonly requestId?: string;
}

export interface DecisionToRecord {
  readonly id: string;
  /** A `reading` is an auditor's question: never use (USE-04). */
  readonly kind: 'decision' | 'reading';
  readonly request: AccessRequest;
  readonly answer: JsonObject;
  readonly judgment: AccessJudgment;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Place in the event log up to which the index had seen everything. */
  readonly position: bigint;
  readonly identity: StoreIdentity;
  readonly policy: UsePolicy;
  readonly ids: RequestIds;
  readonly actor: Actor;
}

/**
 * The record of one decision: an Authorization Decision Log record of level 3 in the record log's own envelope
 * (interfaces.md §7, §9). Positions are bare places of the store that `adl.core.configuration` names.
 */
export function decisionRecord(decision: DecisionToRecord): RecordToAppend {
  const { id, kind, ids, actor } = decision;
  const record = {
    id,
    kind,
    schemaVersion: 1,
    correlationId: ids.correlationId,
    traceparent: ids.traceparent,
    actor,
    data: adlRecord(decision),
  };
  return { id, kind, bytes: canonicalJson(record) };
}

function adlRecord({
  kind,
  request,
  answer,
  judgment,
  at,
  position,
  identity,
  policy,
  ids,
}: DecisionToRecord): JsonValue {
  const asked = fromCaller(request.traceparent);
  return {
    trace_id: asked?.traceId ?? ids.traceId,
    span_id: ids.spanId,
    ...optional('parent_span_id', asked?.spanId ?? ids.parentSpanId),
    event_name: 'adl.access_evaluation',
    timestamp: at,
    status: 'Ok',
    attributes: {
      'waarborg.use': kind === 'decision' && judgment.decision,
      ...optional('waarborg.request_id', ids.requestId),
    },
    body: {
      'adl.core.request': recordedRequest(request),
      'adl.core.response': answer,
      'adl.core.policies': { ruleSet: policy.rules.version, governance: policy.version },
      'adl.core.information': information(judgment, position),
      'adl.core.configuration': {
        store: identity.store,
        epoch: identity.epoch,
        maxIntermediaries: policy.maxIntermediaries,
      },
    },
  };
}

/** Everything the answer rests on, by id and place, so that it can be given again. */
function information({ grounds, path }: AccessJudgment, position: bigint): JsonObject {
  const { means, party, service, login, paths } = grounds;
  return {
    position: String(position),
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

/** Ids as callers of this interface have them; anything else that was sent may be about a person and is not kept. */
const ORGANIZATION = /^[a-z]{2,16}:[A-Za-z0-9-]{1,64}$/;
const NAME = /^[\x21-\x7e]{1,256}$/;
const LEVEL = /^[A-Za-z0-9+]{1,8}$/;
const DIGITS = /^\d{1,20}$/;
const TIME = /^[0-9TZ:.+-]{1,40}$/;
const NOT_KEPT = '(not of the expected form)';

function recordedRequest(request: AccessRequest): JsonObject {
  const { subject, action, resource, time, via, establishment, authenticationService } = request;
  return {
    subject: { type: kept(subject.type, NAME), id: isUuid(subject.id) ? subject.id : NOT_KEPT },
    action: {
      name: kept(action.name, NAME),
      properties: {
        ...optional('service', keptIfSent(request.service, NAME)),
        ...optional('level', keptIfSent(request.level, LEVEL)),
        singleSignOn: request.singleSignOn,
      },
    },
    resource: {
      type: kept(resource.type, NAME),
      id: kept(resource.id, ORGANIZATION),
      properties: { ...optional('establishment', keptIfSent(establishment, DIGITS)) },
    },
    context: {
      ...optional('time', keptIfSent(time, TIME)),
      ...optional('traceparent', fromCaller(request.traceparent)?.text),
      ...optional('authenticationService', keptIfSent(authenticationService, NAME)),
      ...optional('via', via !== undefined && via !== null && isUuid(via) ? via : keptIfSent(via, ORGANIZATION)),
    },
  };
}

const kept = (value: unknown, form: RegExp): string =>
  typeof value === 'string' && form.test(value) ? value : NOT_KEPT;

const keptIfSent = (value: unknown, form: RegExp): string | undefined =>
  value === undefined ? undefined : kept(value, form);

const optional = <Name extends string, Value extends JsonValue>(name: Name, value: Value | undefined): JsonObject =>
  value === undefined ? {} : { [name]: value };

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The trace that the question itself names (NL GOV profile); it wins over the one of the connection. */
function fromCaller(traceparent: string | undefined) {
  const match = TRACEPARENT.exec(traceparent ?? '');
  return match === null ? undefined : { text: match[0], traceId: match[1]!, spanId: match[2]! };
}
