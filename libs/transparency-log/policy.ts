import { KEY_KINDS, formatVerifierKey, parseVerifierKey, sameKey, type VerifierKey } from './keys.js';
import { LogFault } from './log-fault.js';
import { bufferOf } from './tiles.js';
import { utf8 } from './text.js';

// c2sp.org/tlog-policy: which logs are believed, and which witnesses must have seen the same as we.

export interface PolicyLog {
  /** Its name is the log's origin. */
  readonly key: VerifierKey;
  readonly url?: string;
}

export interface PolicyWitness {
  /** Within the policy only; as bytes, one to a character, since names are not text to it. */
  readonly name: string;
  readonly key: VerifierKey;
  readonly url?: string;
}

/** Has seen a checkpoint when at least `threshold` of its members have. */
export interface PolicyGroup {
  readonly name: string;
  readonly threshold: number;
  /** Names of witnesses, or of groups that stand before this one. */
  readonly members: readonly string[];
}

export interface TrustPolicy {
  /** Any of them will do. */
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  /** The witness or group that must have seen a checkpoint; absent where nobody needs to have. */
  readonly quorum?: string;
}

/** What is read of a policy; the specification asks for 32 of each. */
export const MAX_POLICY_BYTES = 1024 * 1024;
export const MAX_POLICY_MEMBERS = 256;

/** The predefined name of a quorum of nobody. */
const NONE = 'none';

/** Believes these keys of a log without a witness. */
export const trusting = (...keys: readonly VerifierKey[]): TrustPolicy => ({
  logs: keys.map((key) => ({ key })),
  witnesses: [],
  groups: [],
});

/** Throws unless the bytes are a policy, with the line that is wrong. */
export function parsePolicy(policy: Uint8Array | string): TrustPolicy {
  const bytes = typeof policy === 'string' ? Buffer.from(policy) : bufferOf(policy);
  if (bytes.length > MAX_POLICY_BYTES)
    throw malformed(`it has ${bytes.length} bytes; up to ${MAX_POLICY_BYTES} are read`);
  const text = bytes.toString('latin1');
  // A file that was cut off may say something else in its last line than was written.
  if (!text.endsWith('\n')) throw malformed('its last line does not end');
  const reader = new PolicyReader();
  text
    .slice(0, -1)
    .split('\n')
    .forEach((line, at) => reader.read(line, at + 1));
  return reader.end();
}

class PolicyReader {
  readonly #logs: PolicyLog[] = [];
  readonly #witnesses: PolicyWitness[] = [];
  readonly #groups: PolicyGroup[] = [];
  readonly #defined = new Set<string>();
  readonly #members = new Set<string>();
  #quorum: string | undefined;

  read(line: string, number: number): void {
    const wrong = (why: string): LogFault => malformed(`line ${number}: ${why}`);

    if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line)) throw wrong('it has a control character');
    const [keyword, ...items] = line.split(/[ \t]+/).filter((item) => item !== '');
    if (keyword === undefined || keyword.startsWith('#')) return;
    switch (keyword) {
      case 'log':
        return this.#log(items, wrong);
      case 'witness':
        return this.#witness(items, wrong);
      case 'group':
        return this.#group(items, wrong);
      case 'quorum':
        return this.#setQuorum(items, wrong);
      default:
        throw wrong(`"${keyword.slice(0, 40)}" is none of log, witness, group and quorum`);
    }
  }

  end(): TrustPolicy {
    if (this.#quorum === undefined) throw malformed('it has no quorum');
    return {
      logs: this.#logs,
      witnesses: this.#witnesses,
      groups: this.#groups,
      ...(this.#quorum === NONE ? {} : { quorum: this.#quorum }),
    };
  }

  #log(items: readonly string[], wrong: (why: string) => LogFault): void {
    const [text, url, ...more] = items;
    if (text === undefined || more.length > 0) throw wrong('a log is a key, and an address where it has one');
    const key = keyOf(text, wrong);
    if (this.#logs.some((log) => sameKey(log.key, key))) throw wrong('a log has that key already');
    add(this.#logs, { key, ...addressed(url) }, wrong);
  }

  #witness(items: readonly string[], wrong: (why: string) => LogFault): void {
    const [name, text, url, ...more] = items;
    if (name === undefined || text === undefined || more.length > 0) {
      throw wrong('a witness is a name, a key, and an address where it has one');
    }
    const key = keyOf(text, wrong);
    if (!KEY_KINDS[key.kind].isTimed) throw wrong(`${key.name} is a key of a log: a witness signs with a time`);
    if (this.#witnesses.some((witness) => sameKey(witness.key, key))) throw wrong('a witness has that key already');
    this.#define(name, wrong);
    add(this.#witnesses, { name, key, ...addressed(url) }, wrong);
  }

  #group(items: readonly string[], wrong: (why: string) => LogFault): void {
    const [name, number, ...members] = items;
    if (name === undefined || number === undefined || members.length === 0) {
      throw wrong('a group is a name, any, all or a number, and the names of its members');
    }
    const threshold =
      number === 'any' ? 1 : number === 'all' ? members.length : /^[1-9]\d{0,3}$/.test(number) ? Number(number) : 0;
    if (threshold < 1 || threshold > members.length) {
      throw wrong(`a group of ${members.length} is not held together by ${number.slice(0, 40)}`);
    }
    for (const member of members) {
      if (!this.#defined.has(member)) throw wrong(`${shown(member)} is no witness or group above`);
      if (this.#members.has(member)) throw wrong(`${shown(member)} is a member already`);
      this.#members.add(member);
    }
    this.#define(name, wrong);
    add(this.#groups, { name, threshold, members }, wrong);
  }

  #setQuorum(items: readonly string[], wrong: (why: string) => LogFault): void {
    const [name, ...more] = items;
    if (name === undefined || more.length > 0) throw wrong('a quorum is one name');
    if (this.#quorum !== undefined) throw wrong('the quorum was said before');
    if (name !== NONE && !this.#defined.has(name)) throw wrong(`${shown(name)} is no witness or group above`);
    this.#quorum = name;
  }

  #define(name: string, wrong: (why: string) => LogFault): void {
    if (name === NONE) throw wrong('"none" is the name of nobody');
    if (this.#defined.has(name)) throw wrong(`${shown(name)} is the name of another already`);
    this.#defined.add(name);
  }
}

function keyOf(item: string, wrong: (why: string) => LogFault): VerifierKey {
  const text = utf8(Buffer.from(item, 'latin1'));
  if (text === undefined) throw wrong('a key that is not UTF-8');
  try {
    return parseVerifierKey(text);
  } catch (error) {
    throw error instanceof LogFault ? wrong(error.message) : error;
  }
}

function add<Item>(list: Item[], item: Item, wrong: (why: string) => LogFault): void {
  if (list.length === MAX_POLICY_MEMBERS) throw wrong(`more than ${MAX_POLICY_MEMBERS} of a kind`);
  list.push(item);
}

const addressed = (url: string | undefined): { url?: string } =>
  url === undefined ? {} : { url: utf8(Buffer.from(url, 'latin1')) ?? url };

/** A name as a person reads it. */
export const shown = (name: string): string => `"${utf8(Buffer.from(name, 'latin1')) ?? name}"`;

const malformed = (why: string): LogFault => new LogFault('policy-malformed', `not a trust policy: ${why}`);

/** As a file, which names of bytes go into as they are. */
export function formatPolicy({ logs, witnesses, groups, quorum = NONE }: TrustPolicy): Buffer {
  const line = (...items: readonly (string | undefined)[]): string =>
    `${items.filter((item) => item !== undefined).join(' ')}\n`;
  const latin1 = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : Buffer.from(text).toString('latin1');
  const lines = [
    ...logs.map(({ key, url }) => line('log', latin1(formatVerifierKey(key)), latin1(url))),
    ...witnesses.map(({ name, key, url }) => line('witness', name, latin1(formatVerifierKey(key)), latin1(url))),
    ...groups.map(({ name, threshold, members }) => line('group', name, String(threshold), ...members)),
    line('quorum', quorum),
  ];
  const text = lines.join('');
  if (/[^\u0000-\u00ff]/.test(text)) throw malformed('a name in it is not bytes');
  const bytes = Buffer.from(text, 'latin1');
  parsePolicy(bytes);
  return bytes;
}

/** Whether the quorum is met when these witnesses have cosigned. */
export function meetsQuorum({ groups, quorum }: TrustPolicy, cosigned: ReadonlySet<string>): boolean {
  if (quorum === undefined) return true;
  const seen = new Set(cosigned);
  // Members stand before their group: one pass tells all.
  for (const { name, threshold, members } of groups) {
    if (members.filter((member) => seen.has(member)).length >= threshold) seen.add(name);
  }
  return seen.has(quorum);
}
