import { canonicalJson, isUuid, parseInstant, type Actor, type Instant, type JsonObject } from '#libs/kernel';
import type { RecordToAppend, StoreIdentity } from '#libs/eventing';
import type {
  AccessJudgment,
  AccessRequest,
  Backbone,
  IndexedLink,
  IndexedMeans,
  Path,
  UsePolicy,
} from '#libs/application';
import { restrictionOf } from '#libs/domain';
import { isEhLevel } from '#libs/scheme';

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
  /** The moment that an auditor asked about; absent: now. */
  readonly asOf?: Instant;
}

/**
 * The record of one decision: an Authorization Decision Log record of level 3 in the record log's own envelope
 * (interfaces.md §7, §9). Positions are bare places of the store that `adl.core.configuration` names.
 */
export function decisionRecord({ request, judgment, asOf, ...parts }: DecisionToRecord): RecordToAppend {
  const rests = information(judgment, parts.position);
  return recordOf(parts, {
    event: 'adl.access_evaluation',
    isUse: judgment.decision,
    traceparent: request.traceparent,
    request: recordedRequest(request, judgment),
    information: asOf === undefined ? rests : { asOf, ...rests },
  });
}

/** What a record of the Authorization Decision Log has to be told. */
export interface ToldRecord {
  readonly event: string;
  /** Whether it says yes to somebody who acts. */
  readonly isUse: boolean;
  /** As the question names it. */
  readonly traceparent: string | undefined;
  readonly request: object;
  readonly information: object;
}

/** Members stand in the order in which the text has them, here and below: what is in order is written as it is. */
export function recordOf(parts: RecordParts, told: ToldRecord): RecordToAppend {
  const { id, kind, ids, actor } = parts;
  const record = {
    actor,
    correlationId: ids.correlationId,
    data: adlRecord(parts, told),
    id,
    kind,
    schemaVersion: 1,
    traceparent: ids.traceparent,
  };
  return { id, kind, bytes: canonicalJson(record) };
}

function adlRecord(
  { kind, answer, at, identity, policy, ids }: RecordParts,
  { event, isUse, traceparent, request, information: rests }: ToldRecord,
): object {
  const asked = fromCaller(traceparent);
  return {
    attributes: { 'waarborg.request_id': ids.requestId, 'waarborg.use': kind === 'decision' && isUse },
    body: {
      'adl.core.configuration': {
        epoch: identity.epoch,
        maxIntermediaries: policy.maxIntermediaries,
        store: identity.store,
      },
      'adl.core.information': rests,
      'adl.core.policies': { governance: policy.version, ruleSet: policy.rules.version },
      'adl.core.request': request,
      'adl.core.response': answer,
    },
    event_name: event,
    parent_span_id: asked?.spanId ?? ids.parentSpanId,
    span_id: ids.spanId,
    status: 'Ok',
    timestamp: at,
    trace_id: asked?.traceId ?? ids.traceId,
  };
}

/**
 * Everything the answer rests on, by id and place, so that it can be given again. `position`: of the index, where this is
 * said of the answer alone.
 */
export function information({ grounds, path, stepUp }: AccessJudgment, position?: bigint): object {
  const { means, party, service, login, paths } = grounds;
  return {
    login,
    means: means && recordedMeans(means),
    party: party && { id: party.party, position: String(party.position) },
    path: recordedPath(path),
    paths,
    position: position?.toString(),
    service,
    stepUp: stepUp?.by && { means: recordedMeans(stepUp.by.means), path: recordedPath(stepUp.by.path) },
  };
}

const recordedMeans = (means: IndexedMeans): object => ({
  certificateEndsAt: means.certificateEndsAt,
  id: means.means,
  position: String(means.position),
  product: means.product,
  ...restrictionOf(means),
  status: means.status,
  stork: means.stork,
});

const recordedPath = (path: Path | readonly []): object =>
  (path as readonly IndexedLink[]).map(({ authorization, position, link }) => ({
    authorization,
    m: link.m,
    position: String(position),
    status: link.status,
    submitterLevel: link.submitterLevel ?? null,
  }));

/**
 * What is kept of a question: words of the interface, what the register itself knows, and numbers in the one form that
 * the contract has for them. Anything else may be about a person (his name in the place of an id) and is not kept.
 */
const SERVICE = /^urn:etoegang:DV:\d{20}:services:\d{1,9}$/;
/** Of the other registers a number may be somebody's own. */
const ORGANIZATION = /^kvk:\d{8}$/;
const ESTABLISHMENT = /^\d{12}$/;
const NOT_KEPT = '(not of the expected form)';

export function recordedRequest(request: AccessRequest, { grounds }: AccessJudgment): object {
  const { subject, action, resource, time, via, establishment } = request;
  const organization = (id: string): boolean => ORGANIZATION.test(id) || grounds.party?.organization === id;
  const login = grounds.login?.authenticationService;
  return {
    action: {
      name: kept(action.name, is('represent')),
      properties: {
        level: keptIfSent(request.level, isEhLevel),
        service: keptIfSent(request.service, (id) => SERVICE.test(id) || grounds.service === id),
        singleSignOn: request.singleSignOn,
      },
    },
    context: {
      authenticationService: keptIfSent(request.authenticationService, (name) => name === login),
      supported_obligations: request.supportsStepUp ? undefined : [],
      time: keptIfSent(time, (text) => parseInstant(text) !== undefined),
      traceparent: fromCaller(request.traceparent)?.text,
      via: keptIfSent(via, (id) => isUuid(id) || organization(id) || grounds.via === id),
    },
    resource: {
      id: kept(resource.id, organization),
      properties: { establishment: keptIfSent(establishment, (number) => ESTABLISHMENT.test(number)) },
      type: kept(resource.type, is('organization')),
    },
    subject: { id: kept(subject.id, isUuid), type: kept(subject.type, is('means')) },
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
