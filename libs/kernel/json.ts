export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [member: string]: JsonValue };
export type JsonObject = { readonly [member: string]: JsonValue };

/**
 * RFC 8785 canonical JSON text. What is stored, hashed and proven is exactly this text.
 * Members that are `undefined` are left out. Throws `TypeError` on what JSON can't carry (bigint, function, NaN,
 * infinity, lone surrogates, maps, dates), because a value that can't be written exactly must never be half written.
 */
export function canonicalJson(value: unknown): string {
  // The runtime writes what is in order already several times faster than that can be done here.
  const ordered = inOrder(value);
  return ordered === NEVER_IN_ORDER ? written(value) : JSON.stringify(ordered);
}

const NEVER_IN_ORDER = Symbol('never in order');

/** Names of numbers come first in an object, by number; and one is no member but the prototype. */
const hasItsOwnPlace = (name: string): boolean => {
  const first = name.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39) || name === '__proto__';
};

/**
 * The same value with the members of each object in order, by UTF-16 code units (RFC 8785 §3.2.3); itself where they are.
 * `NEVER_IN_ORDER` where a name of it has its own place in every object.
 */
function inOrder(value: unknown): unknown {
  if (!isComposed(value)) return value;
  if (Array.isArray(value)) return eachInOrder(value as unknown[]);
  const members = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(members);
  // Of another kind, an object may say by itself how it is written.
  let copy: Record<string, unknown> | undefined = areInOrder(names) && isOfNoKind(value) ? undefined : {};
  if (copy !== undefined) names.sort();
  for (const [at, name] of names.entries()) {
    const member = members[name];
    if (member === undefined) continue;
    demandWellFormed(name);
    if (hasItsOwnPlace(name)) return NEVER_IN_ORDER;
    const ordered = inOrder(member);
    if (ordered === NEVER_IN_ORDER) return ordered;
    if (copy === undefined && ordered !== member) {
      copy = Object.fromEntries(names.slice(0, at).map((earlier) => [earlier, members[earlier]]));
    }
    if (copy !== undefined) copy[name] = ordered;
  }
  return copy ?? value;
}

function eachInOrder(values: readonly unknown[]): unknown {
  // As with an object of another kind.
  let copy: unknown[] | undefined = 'toJSON' in values ? [] : undefined;
  // By number: a loop over entries passes over nothing either, and takes three times as long.
  for (let at = 0; at < values.length; at++) {
    const ordered = inOrder(values[at]);
    if (ordered === NEVER_IN_ORDER) return ordered;
    if (copy === undefined && ordered !== values[at]) copy = values.slice(0, at);
    copy?.push(ordered);
  }
  return copy ?? values;
}

function areInOrder(names: readonly string[]): boolean {
  for (let at = 1; at < names.length; at++) if (names[at - 1]! > names[at]!) return false;
  return true;
}

function isOfNoKind(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether it has members or items; throws where it can't be written. */
function isComposed(value: unknown): value is object {
  switch (typeof value) {
    case 'string':
      demandWellFormed(value);
      return false;
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('canonical JSON: a number is not finite');
      return false;
    case 'boolean':
      return false;
    case 'object':
      break;
    default:
      throw new TypeError(`canonical JSON: a ${typeof value} can't be written`);
  }
  if (value === null) return false;
  if (Array.isArray(value)) return true;
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Object]') throw new TypeError(`canonical JSON: ${tag} would be written as {}`);
  return true;
}

/** Member by member. */
function written(value: unknown): string {
  if (!isComposed(value)) return JSON.stringify(value);
  // Not `map`, which passes over holes and would leave a text that is no JSON.
  if (Array.isArray(value)) return `[${Array.from(value as unknown[], written).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, member]) => `${written(name)}:${written(member)}`);
  return `{${members.join(',')}}`;
}

function demandWellFormed(text: string): void {
  if (!text.isWellFormed()) throw new TypeError('canonical JSON: a string holds a lone surrogate');
}
