import { PHRASES } from '../problems/phrases.js';
import { ProblemException } from '../problems/problem.exception.js';

const CHARSET = /;\s*charset\s*=\s*("[^"]*"|[^\s;]*)/gi;

/** Whether a media type names no encoding, or UTF-8: JSON between systems has no other (RFC 8259 §8.1). */
export const isUtf8 = (mediaType: string): boolean =>
  [...mediaType.matchAll(CHARSET)].every(([, named]) => /^"?utf-8"?$/i.test(named!));

/** 415 of a body that is said to be in another encoding: read as UTF-8 it may say something else, or be no text at all. */
export const notUtf8 = (): ProblemException =>
  new ProblemException(415, 'unsupported-media-type', { detail: PHRASES.utf8() });
