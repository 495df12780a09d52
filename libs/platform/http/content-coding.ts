import type { IncomingHttpHeaders } from 'node:http';
import { PHRASES } from '../problems/phrases.js';
import { ProblemException } from '../problems/problem.exception.js';

/** Whether a body comes as it is. `identity` is no coding; neither are empty elements of the list (RFC 9110 §5.6.1). */
export const comesUncoded = ({ 'content-encoding': named = '' }: IncomingHttpHeaders): boolean =>
  named.split(',').every((coding) => ['', 'identity'].includes(coding.trim().toLowerCase()));

/**
 * 415 of a body that is said to be compressed. Nothing here undoes that: read as it comes, JSON would be malformed and a
 * file of another kind, and who does not compress what he says he does would be believed.
 */
export const coded = (): ProblemException =>
  new ProblemException(415, 'unsupported-media-type', {
    detail: PHRASES.uncoded(),
    // What would have been taken (RFC 9110 §15.5.16).
    headers: { 'Accept-Encoding': 'identity' },
  });
