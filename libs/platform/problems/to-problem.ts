import type { Rejection } from '#libs/kernel';
import {
  AppendOutcomeUnknown,
  AppendRefused,
  EventIdTaken,
  FeedBroken,
  KeyDestroyed,
  RevisionConflict,
  StoreUnavailable,
} from '#libs/eventing';
import type { Language, ProblemCatalogue } from './catalogue.js';
import { MAX_FAULTS, ProblemException, conflict, unavailable, type Fault } from './problem.exception.js';
import type { PlatformCode } from './messages.js';
import { faultOf } from './rejections.js';

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly object[];
  readonly instance: string;
}

export interface ProblemContext {
  readonly catalogue: ProblemCatalogue;
  readonly publicBaseUrl: string;
  readonly language: Language;
  readonly traceId: string;
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Whatever was thrown → the answer it stands for. `undefined`: nobody foresaw it; a bug or broken I/O (500). */
export function foreseen(error: unknown): ProblemException | undefined {
  if (error instanceof ProblemException) return error;
  if (error instanceof StoreUnavailable) return unavailable('unavailable', error.retryAfterSeconds, error);
  if (error instanceof AppendOutcomeUnknown) return unavailable('outcome-unknown', 1, error);
  if (error instanceof FeedBroken) return unavailable('unavailable', 5, error);
  if (error instanceof RevisionConflict || error instanceof EventIdTaken) return conflict();
  if (error instanceof AppendRefused) return new ProblemException(413, 'body-too-large', { cause: error });
  if (error instanceof KeyDestroyed) return new ProblemException(410, 'erased', { cause: error });
  return ofFramework(error);
}

/** Answers of Nest (`getStatus`) and Fastify (`statusCode`) themselves. Their messages are not passed on. */
function ofFramework(error: unknown): ProblemException | undefined {
  if (!(error instanceof Error)) return undefined;
  const { statusCode } = error as { statusCode?: unknown };
  const { getStatus } = error as { getStatus?: unknown };
  const status = typeof getStatus === 'function' ? Number(getStatus.call(error)) : statusCode;
  if (typeof status !== 'number' || status < 400 || status > 503) return undefined;
  const code = FRAMEWORK_CODES[status];
  if (code === undefined) return status < 500 ? new ProblemException(400, 'bad-request', { cause: error }) : undefined;
  return status === 503 ? unavailable('unavailable', 1, error) : new ProblemException(status, code, { cause: error });
}

const FRAMEWORK_CODES: Readonly<Record<number, PlatformCode>> = {
  400: 'bad-request',
  401: 'unauthenticated',
  403: 'missing-scope',
  404: 'not-found',
  405: 'method-not-allowed',
  409: 'conflict',
  412: 'precondition-failed',
  413: 'body-too-large',
  414: 'address-too-long',
  415: 'unsupported-media-type',
  503: 'unavailable',
};

/** An answer that says no has room for this much, or for as much as its request sent (interfaces.md §4). */
const LEAST_ROOM = 16 * 1024;

/**
 * Problem details of RFC 9457 in the form of interfaces.md §4, in as many bytes as the request had or 16 KiB, whichever is
 * more. What there is no room for is left out, last faults first, and said.
 */
export function problemBody(problem: ProblemException, context: ProblemContext, requestBytes = 0): ProblemBody {
  const { catalogue, language } = context;
  const title = catalogue.title(problem.code, language);
  const body = {
    type: problemType(context.publicBaseUrl, problem.code),
    title,
    status: problem.status,
    detail: (problem.detail ?? catalogue.find(problem.code)?.meaning)?.[language] ?? title,
    code: problem.code,
    instance: `urn:trace:${context.traceId}`,
  };
  const room = Math.max(LEAST_ROOM, requestBytes) - bytesOf(body);
  const { errors, used } = faultsWithin(problem.errors, context, room);
  const members = bytesOf(problem.members) <= room - used ? problem.members : {};
  const { instance, ...rest } = body;
  // Members first, so that none of them can take the place of a member of every problem.
  return { ...members, ...rest, ...(errors.length === 0 ? {} : { errors }), instance };
}

/** Bytes of `"errors":[],`. */
const FRAME = 12;

function faultsWithin(
  faults: readonly Fault[],
  context: ProblemContext,
  room: number,
): { readonly errors: readonly object[]; readonly used: number } {
  if (faults.length === 0) return { errors: [], used: 0 };
  const more = faultBody({ code: 'more-faults' }, context);
  // Room for saying that there are more is kept until it is known that there are not.
  const reserved = FRAME + bytesOf(more) + 1;
  const errors: object[] = [];
  let used = 0;
  for (const fault of faults.slice(0, MAX_FAULTS)) {
    let written = faultBody(fault, context);
    let bytes = bytesOf(written) + 1;
    if (used + bytes + reserved > room && (fault.facts ?? fault.inWords) !== undefined) {
      written = faultBody({ ...fault, facts: {}, inWords: {} }, context);
      bytes = bytesOf(written) + 1;
    }
    if (used + bytes + reserved > room) break;
    errors.push(written);
    used += bytes;
  }
  if (errors.length < faults.length) errors.push(more);
  return { errors, used: used + reserved };
}

const bytesOf = (value: object): number => Buffer.byteLength(JSON.stringify(value));

export const problemType = (publicBaseUrl: string, code: string): string =>
  `${publicBaseUrl}/problems/${encodeURIComponent(code)}`;

/** Reasons of a no as an answer tells them that is no problem itself: as `errors` of one would, all of them. */
export const toldRejections = (
  rejections: readonly Rejection[],
  catalogue: ProblemCatalogue,
  language: Language,
): readonly object[] => rejections.map((rejection) => faultBody(faultOf(rejection), { catalogue, language }));

const faultBody = (fault: Fault, { catalogue, language }: Pick<ProblemContext, 'catalogue' | 'language'>): object => ({
  // First, so that a parameter can never take the place of a member of the contract.
  ...fault.facts,
  ...Object.fromEntries(Object.entries(fault.inWords ?? {}).map(([name, words]) => [name, words[language]])),
  ...(fault.in === undefined ? {} : { in: fault.in }),
  ...(fault.pointer === undefined ? {} : { pointer: fault.pointer }),
  code: fault.code,
  detail: fault.detail?.[language] ?? catalogue.title(fault.code, language),
});
