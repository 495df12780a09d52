import { walkJsonText, type JsonValue, type PathHere, type Words } from '#libs/kernel';
import { PHRASES } from '../problems/phrases.js';
import { ProblemException, invalidRequest, MAX_FAULTS, type Fault } from '../problems/problem.exception.js';
import { isKeptExactly } from './json-number.js';
import { pointerTo } from './pointer.js';

/** Objects and arrays inside each other. No structure of the contract comes near it; a recursion on it is harmless. */
export const MAX_DEPTH = 64;
/** Values of all kinds in a body, the body itself and every object and list among them (interfaces.md §4). */
export const MAX_VALUES = 20_000;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * Reads a body as JSON that means the same to every reader (RFC 7493): UTF-8, no member twice, no number or character
 * that can't be kept, no `__proto__`, bounded depth and number of values. Empty → `undefined`. Throws a 400 with the
 * faults found.
 */
export function parseJsonBody(bytes: Uint8Array): JsonValue | undefined {
  if (bytes.length === 0) return undefined;
  // Before anything is made of it: a mebibyte of `{},` would cost more to read than to refuse.
  const survey = surveyOf(bytes);
  let text: string;
  let value: JsonValue;
  try {
    text = UTF8.decode(bytes);
    value = JSON.parse(text) as JsonValue;
  } catch {
    // The parser's message quotes the body.
    throw malformed();
  }
  // What most clients send hides nothing: as many names in the text as members in the value, so none twice.
  if (survey.isPlain && !text.includes('__proto__') && survey.names === membersOf(value)) return value;
  const faults = hiddenFaults(text);
  if (faults.length > 0) throw invalidRequest(faults);
  return value;
}

const malformed = (detail?: Words): ProblemException =>
  new ProblemException(400, 'malformed-json', {
    errors: [{ pointer: '', code: 'malformed-json', ...(detail === undefined ? {} : { detail }) }],
  });

const tooManyValues = (): ProblemException =>
  new ProblemException(400, 'too-many-values', {
    errors: [{ pointer: '', code: 'too-many-values', detail: PHRASES.tooManyValues(MAX_VALUES) }],
  });

interface Survey {
  /** Names of members, where the text is well-formed. */
  readonly names: number;
  /** No escapes, and no number that needs a second look. */
  readonly isPlain: boolean;
}

/**
 * One look at every byte, before the text is known to be well-formed. Throws when it is nested too deep or holds too many
 * values: every value but the body itself stands behind a comma or is the first inside its object or list.
 */
function surveyOf(bytes: Uint8Array): Survey {
  let names = 0;
  let values = 1;
  let depth = 0;
  let digits = 0;
  let isPlain = true;
  let inString = false;
  // The last byte that is no blank was an opening brace or bracket.
  let opened = false;
  for (let place = 0; place < bytes.length; place++) {
    const byte = bytes[place]!;
    if (inString) {
      if (byte === QUOTE) inString = false;
      else if (byte === BACKSLASH) {
        isPlain = false;
        place++;
      }
      continue;
    }
    if (byte >= ZERO && byte <= NINE) {
      if (++digits > 15) isPlain = false;
      if (opened) {
        opened = false;
        values++;
      }
      continue;
    }
    if (byte <= BLANK) {
      digits = 0;
      continue;
    }
    switch (byte) {
      case POINT:
        continue;
      case COMMA:
        values++;
        break;
      case COLON:
        names++;
        break;
      case QUOTE:
        inString = true;
        if (opened) values++;
        break;
      case BRACE:
      case BRACKET:
        if (++depth > MAX_DEPTH) throw malformed(PHRASES.tooDeep(MAX_DEPTH));
        if (opened) values++;
        opened = true;
        digits = 0;
        continue;
      case BRACE_END:
      case BRACKET_END:
        depth--;
        break;
      case SMALL_E:
      case CAPITAL_E:
        if (digits > 0) isPlain = false;
        if (opened) values++;
        break;
      default:
        if (opened) values++;
    }
    opened = false;
    digits = 0;
    if (values > MAX_VALUES) throw tooManyValues();
  }
  if (values > MAX_VALUES) throw tooManyValues();
  return { names, isPlain };
}

const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const CAPITAL_E = 0x45;
const BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const BRACKET_END = 0x5d;
const SMALL_E = 0x65;
const BRACE = 0x7b;
const BRACE_END = 0x7d;

/** Members of all objects in a value of bounded depth. */
function membersOf(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) members += membersOf(item);
    return members;
  }
  for (const name in value) members += 1 + membersOf((value as { readonly [name: string]: JsonValue })[name]!);
  return members;
}

/** What `JSON.parse` lets pass: one pass over the tokens, which ends when there are more faults than are told. */
function hiddenFaults(text: string): Fault[] {
  const faults: Fault[] = [];
  const fault = (path: PathHere, code: string, detail: Words): void => {
    faults.push({ pointer: pointerTo(path()), code, detail });
  };
  walkJsonText(text, {
    twice: (path) => fault(path, 'duplicate-member', PHRASES.twice()),
    name: (path, name) => {
      if (name === '__proto__') fault(path, 'unknown-member', PHRASES.unknown());
    },
    string: (path, content) => {
      if (!content.isWellFormed() || content.includes('\0')) fault(path, 'malformed-json', PHRASES.unkeptCharacter());
    },
    number: (path, token) => {
      if (!isKeptExactly(token)) fault(path, 'malformed-json', PHRASES.unkeptNumber());
    },
    done: () => faults.length > MAX_FAULTS,
  });
  return faults;
}
