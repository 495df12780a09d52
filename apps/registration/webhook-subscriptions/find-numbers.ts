import { readFileSync, statSync } from 'node:fs';
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';

export interface Found {
  readonly address: string;
  readonly family: number;
}

/** Every number of a name; rejects with a `code` when it has none, or when nobody says. */
export type FindNumbers = (hostname: string, signal: AbortSignal) => Promise<readonly Found[]>;

export interface NamesParts {
  /** DNS servers (`127.0.0.1:5353`) instead of those of the system. */
  readonly servers?: readonly string[];
  /** The file of names that this machine knows by itself. */
  readonly hosts?: string;
  /** For one question to one server, in milliseconds; asked again once, for twice as long. */
  readonly answerLimit?: number;
  /** For numbers of the other family, once there are some of one, in milliseconds. */
  readonly otherLimit?: number;
}

const ANSWER_LIMIT = 2_500;
const TRIES = 2;
const OTHER_LIMIT = 1_000;
const HOSTS =
  process.platform === 'win32'
    ? join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts')
    : '/etc/hosts';
const LOOPBACK: readonly Found[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];
/** What says that a name has no number of one family, or none at all. */
const HAS_NONE: readonly unknown[] = ['ENODATA', 'ENOTFOUND'];

/**
 * Finds the numbers of names by asking the DNS itself, over sockets of each question's own. Never by `dns.lookup`: that waits
 * in the few threads of the process, where files and cryptography wait as well, for as long as the servers of a name keep
 * silent, so that two silent names hold up every other one. Names are whole: no search list is tried.
 */
export function namesOf(parts: NamesParts = {}): FindNumbers {
  const { servers, hosts = HOSTS, answerLimit = ANSWER_LIMIT, otherLimit = OTHER_LIMIT } = parts;
  const known = knownNames(hosts);
  return async (hostname, signal) => {
    const name = hostname.replace(/\.$/, '').toLowerCase();
    const own = known().get(name) ?? (/^(?:.+\.)?localhost$/.test(name) ? LOOPBACK : undefined);
    if (own !== undefined) return own;
    // One of its own for each: it reads the system's settings as they are now, and what is canceled is its questions alone.
    const resolver = new Resolver({ timeout: answerLimit, tries: TRIES });
    if (servers !== undefined) resolver.setServers(servers);
    const cancel = (): void => resolver.cancel();
    let hurry: NodeJS.Timeout | undefined;
    // Where questions of one family are dropped on the way, every server's time for an answer would run out first.
    const hurried = (numbers: string[]): string[] => {
      if (numbers.length > 0) hurry ??= setTimeout(cancel, otherLimit);
      return numbers;
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      signal.throwIfAborted();
      // With the dot: the name is whole.
      const asked = await Promise.allSettled([
        resolver.resolve4(`${name}.`).then(hurried),
        resolver.resolve6(`${name}.`).then(hurried),
      ]);
      const found = asked.flatMap((one, at) =>
        one.status === 'rejected' ? [] : one.value.map((address) => ({ address, family: at === 0 ? 4 : 6 })),
      );
      if (found.length > 0) return found;
      const errors = asked.map((one) => (one as PromiseRejectedResult).reason as NodeJS.ErrnoException);
      // That nobody said is told before that there is none of the other family.
      throw errors.find(({ code }) => !HAS_NONE.includes(code)) ?? errors[0]!;
    } finally {
      clearTimeout(hurry);
      signal.removeEventListener('abort', cancel);
    }
  };
}

/** What a file of names says, read anew when it was changed. On this thread: it is short, and the others may be taken. */
function knownNames(path: string): () => ReadonlyMap<string, readonly Found[]> {
  let of = '';
  let names = new Map<string, Found[]>();
  return () => {
    const stands = statSync(path, { throwIfNoEntry: false });
    const now = stands === undefined ? '' : `${stands.mtimeMs}/${stands.size}/${stands.ino}`;
    if (now === of) return names;
    names = new Map();
    for (const line of stands === undefined ? [] : readFileSync(path, 'utf8').split('\n')) {
      const [address = '', ...called] = line.replace(/#.*/, '').trim().split(/\s+/);
      const family = isIP(address);
      if (family === 0) continue;
      for (const each of called) {
        const name = each.replace(/\.$/, '').toLowerCase();
        names.set(name, [...(names.get(name) ?? []), { address, family }]);
      }
    }
    of = now;
    return names;
  };
}
