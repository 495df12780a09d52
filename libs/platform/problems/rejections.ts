import type { JsonValue, Rejection, RejectionKind } from '#libs/kernel';
import { ProblemException, invalidRequest, type Fault } from './problem.exception.js';

/** When several kinds come together, the first of these decides the status. */
const PRECEDENCE: readonly RejectionKind[] = ['not-found', 'invalid', 'conflict', 'refused'];

/**
 * A domain "no" as an answer (interfaces.md §4): 404, 400 or 409. `code` is the first rejection's, `errors` holds all of
 * them in the order given, parameters beside the code. An empty list is a bug.
 */
export function problemOfRejections(
  rejections: readonly Rejection[],
  members: Readonly<Record<string, JsonValue>> = {},
): ProblemException {
  const kind = PRECEDENCE.find((candidate) => rejections.some((rejection) => rejection.kind === candidate));
  if (kind === undefined) throw new Error('a rejected decision has no rejections');
  const errors = rejections.map(faultOf);
  const first = rejections.find((rejection) => rejection.kind === kind)!;
  if (kind === 'not-found') return new ProblemException(404, first.code, { errors });
  if (kind === 'invalid') return invalidRequest(errors.map((error) => ({ pointer: '', ...error })));
  return new ProblemException(409, first.code, { errors, members });
}

export function faultOf(rejection: Rejection): Fault {
  return {
    code: rejection.code,
    ...(rejection.pointer === undefined ? {} : { pointer: rejection.pointer }),
    ...(rejection.facts === undefined ? {} : { facts: rejection.facts }),
    ...(rejection.detail === undefined ? {} : { detail: rejection.detail }),
  };
}
