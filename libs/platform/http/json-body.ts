import type { JsonValue } from '#libs/kernel';
import { ProblemException, invalidRequest, type Fault } from '../problems/problem.exception.js';

/** Objects and arrays inside each other. No structure of the contract comes near it; a recursion on it is harmless. */
export const MAX_DEPTH = 64;
/** Items of one list, members of one object. A mebibyte of `{},` would otherwise cost a second to refuse item by item. */
export const MAX_ITEMS = 1_000;
const MAX_FAULTS = 100;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * Reads a body as JSON that means the same to every reader (RFC 7493): UTF-8, no member twice, no number or character
 * that can't be kept, no `__proto__`, bounded depth and lists. Empty → `undefined`. Throws a 400 with every fault found.
 */
export function parseJsonBody(bytes: Uint8Array): JsonValue | undefined {
  if (bytes.length === 0) return undefined;
  let text: string;
  let value: JsonValue;
  try {
    text = UTF8.decode(bytes);
    value = JSON.parse(text) as JsonValue;
  } catch {
    // The parser's message quotes the body.
    throw new ProblemException(400, 'malformed-json', { errors: [{ pointer: '', code: 'malformed-json' }] });
  }
  if (isUnambiguous(bytes, text, value)) return value;
  const faults = hiddenFaults(text);
  if (faults.length > 0) throw invalidRequest(faults);
  return value;
}

/**
 * What most clients send hides nothing: no escapes, no long numbers or exponents, and as many names in the text as members
 * in the value, so none twice. Any other text gets the full pass below.
 */
const isUnambiguous = (bytes: Uint8Array, text: string, value: JsonValue): boolean =>
  !text.includes('__proto__') && namesIn(bytes) === membersOf(value, 0);

/** Names of members in a text that is known to be well-formed; -1 when it holds anything that needs a second look. */
function namesIn(bytes: Uint8Array): number {
  let names = 0;
  let inString = false;
  let digits = 0;
  for (let place = 0; place < bytes.length; place++) {
    const byte = bytes[place]!;
    if (byte === QUOTE) inString = !inString;
    else if (byte === BACKSLASH) return -1;
    else if (inString) continue;
    else if (byte === COLON) names++;
    else if (byte >= ZERO && byte <= NINE) {
      if (++digits > 15) return -1;
      continue;
    } else if (digits > 0 && (byte === SMALL_E || byte === CAPITAL_E)) return -1;
    digits = 0;
  }
  return names;
}

const QUOTE = 0x22;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const CAPITAL_E = 0x45;
const BACKSLASH = 0x5c;
const SMALL_E = 0x65;

/** Members of all objects in a value; `NaN` when it is nested too deep or a part has too many items. */
function membersOf(value: JsonValue, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth >= MAX_DEPTH) return NaN;
  let members = 0;
  if (Array.isArray(value)) {
    if (value.length > MAX_ITEMS) return NaN;
    for (const item of value as readonly JsonValue[]) members += membersOf(item, depth + 1);
    return members;
  }
  let own = 0;
  for (const name in value) {
    own++;
    members += membersOf((value as { readonly [name: string]: JsonValue })[name]!, depth + 1);
  }
  return own > MAX_ITEMS ? NaN : members + own;
}

interface Open {
  /** Names seen; absent for an array. */
  readonly names?: Set<string>;
  at: string | number;
  commas: number;
}

/** What `JSON.parse` lets pass. The text is known to be well-formed, so one pass over its tokens is enough. */
function hiddenFaults(text: string): Fault[] {
  const faults: Fault[] = [];
  const open: Open[] = [];
  const pointer = (place: readonly Open[]): string => place.map(({ at }) => `/${escapePointer(String(at))}`).join('');
  const fault = (code: string, detail: string, place: readonly Open[] = open): void => {
    if (faults.length < MAX_FAULTS) faults.push({ pointer: pointer(place), code, detail });
  };
  const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|-?\d[\d.eE+-]*/g;
  // A name stands directly behind `{` or behind `,` in an object.
  let nameNext = false;
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const token = match[0];
    const inner = open.at(-1);
    switch (token[0]) {
      case '{':
      case '[':
        if (open.length >= MAX_DEPTH) {
          fault('malformed-json', `objects and arrays are nested at most ${MAX_DEPTH} deep`);
          return faults;
        }
        open.push(token === '{' ? { names: new Set(), at: '', commas: 0 } : { at: 0, commas: 0 });
        nameNext = token === '{';
        break;
      case '}':
      case ']':
        open.pop();
        nameNext = false;
        break;
      case ',':
        inner!.commas++;
        if (inner!.commas === MAX_ITEMS) {
          fault('malformed-json', `lists and objects have at most ${MAX_ITEMS} items`, open.slice(0, -1));
          return faults;
        }
        if (inner!.names === undefined) inner!.at = inner!.commas;
        nameNext = inner!.names !== undefined;
        break;
      case ':':
        break;
      case '"': {
        const content = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
        if (nameNext) {
          nameNext = false;
          inner!.at = content;
          if (inner!.names!.has(content)) fault('duplicate-member', 'occurs more than once');
          inner!.names!.add(content);
          if (content === '__proto__') fault('unknown-member', 'is not known here');
        }
        if (!content.isWellFormed() || content.includes('\0'))
          fault('malformed-json', 'holds a character that can not be kept');
        break;
      }
      default:
        if (!Number.isFinite(Number(token))) fault('malformed-json', 'is a number that can not be kept');
    }
  }
  return faults;
}

/** RFC 6901. */
export const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
