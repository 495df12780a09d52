import { readSettingsJson } from './settings-json.js';
import { isRole, isScope, ROLES, SCOPES, type Scope } from './scopes.js';

/** Scopes of an authorization server, by its own name for them, with what they are here. */
export type ScopeMapping = ReadonlyMap<string, readonly Scope[]>;

/** A scope as RFC 6749 §3.3 has it. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;
const MOST_NAMES = 1_000;

/**
 * Reads `{ "their scope": { "role": "supplier" }, "another": { "scopes": ["intake"] } }`. What is wrong goes to `faults`,
 * all of it: a mapping gives rights, so nothing in it is guessed.
 */
export function readScopeMapping(text: string, faults: string[]): ScopeMapping {
  const mapping = new Map<string, readonly Scope[]>();
  const read = readSettingsJson(text, faults);
  if (read === undefined) return mapping;
  const entries = isObject(read) ? Object.entries(read) : [];
  if (entries.length === 0) faults.push('has to be an object that names at least one scope of the server');
  if (entries.length > MOST_NAMES) faults.push(`names more than ${MOST_NAMES} scopes`);
  for (const [name, given] of entries) {
    if (!SCOPE_TOKEN.test(name)) faults.push(`${JSON.stringify(name)} is no scope: visible characters, no spaces`);
    else mapping.set(name, scopesGiven(name, given, faults));
  }
  return mapping;
}

/** Our scopes for those in a token; what the mapping does not name gives nothing, also when it is called as ours are. */
export const mappedScopes =
  (mapping: ScopeMapping) =>
  (scope: string): ReadonlySet<Scope> =>
    new Set(scope.split(' ').flatMap((name) => mapping.get(name) ?? []));

function scopesGiven(name: string, given: unknown, faults: string[]): readonly Scope[] {
  const label = JSON.stringify(name);
  const members = isObject(given) ? Object.entries(given) : [];
  const [[member, value] = []] = members;
  if (members.length !== 1 || (member !== 'role' && member !== 'scopes')) {
    faults.push(`${label} has to be { "role": "…" } or { "scopes": ["…"] }`);
    return [];
  }
  if (member === 'role') {
    if (typeof value === 'string' && isRole(value)) return ROLES[value];
    faults.push(`${label} names no role of ours: ${Object.keys(ROLES).join(', ')}`);
    return [];
  }
  const names: readonly unknown[] = Array.isArray(value) ? value : [];
  const scopes = names.filter((one): one is Scope => typeof one === 'string' && isScope(one));
  if (names.length > 0 && scopes.length === names.length) return scopes;
  faults.push(`${label} has to list scopes of ours: ${SCOPES.join(', ')}`);
  return [];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
