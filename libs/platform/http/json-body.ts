import type { JsonValue } from '#libs/kernel';
import { ProblemException, invalidRequest, type Fault } from '../problems/problem.exception.js';

/** Objects and arrays inside each other. No structure of the contract comes near it; a recursion on it is harmless. */
export const MAX_DEPTH = 64;
/** Items of one list, members of one object. A mebibyte of `{},` would otherwise cost a second to refuse item by item. */
export const MAX_ITEMS = 1_000;
const MAX_FAULTS = 100;

/**
 * Reads a body as JSON that means the same to every reader (RFC 7493): UTF-8, no member twice, no number or character
 * that can't be kept, no `__proto__`, bounded depth and lists. Empty → `undefined`. Throws a 400 with every fault found.
 */
export function parseJsonBody(bytes: Uint8Array): JsonValue | undefined {
  if (bytes.length === 0) return undefined;
  let text: string;
  let value: JsonValue;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
    value = JSON.parse(text) as JsonValue;
  } catch {
    // The parser's message quotes the body.
    throw new ProblemException(400, 'malformed-json', { errors: [{ pointer: '', code: 'malformed-json' }] });
  }
  if (isUnambiguous(text, value)) return value;
  const faults = hiddenFaults(text);
  if (faults.length > 0) throw invalidRequest(faults);
  return value;
}

/**
 * What most clients send: the very text that we would write for the value. A member twice, a number that can't be kept or
 * a `__proto__` would read back differently, so nothing is hidden in it. Text with escapes gets the full pass below.
 */
const isUnambiguous = (text: string, value: JsonValue): boolean =>
  !text.includes('\\') && !text.includes('__proto__') && isBounded(value, 0) && JSON.stringify(value) === text;

function isBounded(value: JsonValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const items: readonly JsonValue[] = Array.isArray(value) ? value : Object.values(value);
  return depth < MAX_DEPTH && items.length <= MAX_ITEMS && items.every((item) => isBounded(item, depth + 1));
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
