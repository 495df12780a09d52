export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [member: string]: JsonValue };
export type JsonObject = { readonly [member: string]: JsonValue };

/**
 * RFC 8785 canonical JSON text. What is stored, hashed and proven is exactly this text.
 * Members that are `undefined` are left out. Throws `TypeError` on what JSON can't carry (bigint, function, NaN,
 * infinity, lone surrogates, maps, dates), because a value that can't be written exactly must never be half written.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new TypeError('canonical JSON: a string holds a lone surrogate');
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('canonical JSON: a number is not finite');
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      break;
    default:
      throw new TypeError(`canonical JSON: a ${typeof value} can't be written`);
  }
  if (value === null) return 'null';
  // Not `map`, which passes over holes and would leave a text that is no JSON.
  if (Array.isArray(value)) return `[${Array.from(value as unknown[], canonicalJson).join(',')}]`;
  const tag = Object.prototype.toString.call(value);
  if (tag !== '[object Object]') throw new TypeError(`canonical JSON: ${tag} would be written as {}`);
  const members = Object.entries(value as Record<string, unknown>)
    .filter(([, member]) => member !== undefined)
    // RFC 8785 §3.2.3 orders by UTF-16 code units, which is what comparing strings does.
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
