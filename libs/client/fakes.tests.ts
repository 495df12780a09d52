import { connect, type Clock, type Connection, type Fetch, type Waarborg } from './index.js';

/** A clock that stands still until what is waited for is all that is left. */
export interface FakeClock extends Clock {
  pass(milliseconds: number): void;
  /** Lets a promise have what it waits for: each time nothing else happens, the next alarm. */
  through<Value>(promise: Promise<Value>): Promise<Value>;
}

export function fakeClock(start = Date.parse('2026-03-02T10:00:00Z')): FakeClock {
  let now = start;
  let alarms: readonly { readonly at: number; readonly act: () => void }[] = [];
  const ring = (): boolean => {
    const [next] = [...alarms].sort((one, other) => one.at - other.at);
    if (next === undefined) return false;
    alarms = alarms.filter((alarm) => alarm !== next);
    now = Math.max(now, next.at);
    next.act();
    return true;
  };
  return {
    now: () => now,
    after(milliseconds, act) {
      const alarm = { at: now + milliseconds, act };
      alarms = [...alarms, alarm];
      return () => (alarms = alarms.filter((one) => one !== alarm));
    },
    pass: (milliseconds) => void (now += milliseconds),
    async through(promise) {
      let settled = false;
      const settle = (): void => void (settled = true);
      promise.then(settle, settle);
      for (;;) {
        await idle();
        if (settled) return promise;
        if (!ring()) throw new Error('it waits for something that is no alarm');
      }
    },
  };
}

/** Until nothing happens any more that is not waited for from outside. */
export const idle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface Seen {
  /** Milliseconds since the clock began. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What the other side does: an answer, a broken connection, or silence. */
export type Reply = Answered | Error | 'silence';
export interface Answered {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is when it is a string. */
  readonly body?: unknown;
  /** The connection breaks within the body. */
  readonly broken?: Error;
}

export interface FakeRegister {
  readonly clock: FakeClock;
  readonly fetch: Fetch;
  readonly seen: readonly Seen[];
  /** What comes next, in this order; a request more than these is an error of the test. */
  replies(...replies: readonly Reply[]): void;
  connect(more?: Partial<Connection>): Waarborg;
}

export const BASE = 'https://register.example';

/** Tokens that are always good. */
export const TOKEN = { token: async () => 'token-1' };

export function fakeRegister(): FakeRegister {
  const clock = fakeClock();
  const start = clock.now();
  const seen: Seen[] = [];
  const waiting: Reply[] = [];
  const fetch: Fetch = async (url, { method, headers, body, signal, redirect }) => {
    const { pathname, search, origin } = new URL(url);
    if (origin !== BASE || redirect !== 'manual') throw new Error(`may ask another host: ${url}`);
    const json = headers['Content-Type'] === 'application/json';
    const sent: unknown = body !== undefined && json ? JSON.parse(body) : body;
    seen.push({ at: clock.now() - start, method, path: `${pathname}${search}`, headers, body: sent });
    const reply = waiting.shift();
    if (reply === undefined) throw new RangeError(`one request more than the test has replies for: ${url}`);
    if (reply instanceof Error) throw reply;
    if (reply === 'silence') {
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    }
    const { status = 200, headers: answered = {}, body: said = {}, broken } = reply;
    return {
      status,
      headers: new Headers(answered),
      text: async () => {
        if (broken !== undefined) throw broken;
        return typeof said === 'string' ? said : JSON.stringify(said);
      },
    };
  };
  return {
    clock,
    fetch,
    seen,
    replies: (...replies) => void waiting.push(...replies),
    connect: (more = {}) => connect({ base: BASE, credentials: TOKEN, fetch, clock, random: () => 0, ...more }),
  };
}

/** A problem as the register answers it. */
export const problem = (status: number, code: string, more: object = {}): Answered => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: {
    type: `${BASE}/problems/${code}`,
    title: code,
    status,
    detail: `It is ${code}.`,
    code,
    instance: 'urn:trace:ab12',
    ...more,
  },
});

/** What it was rejected with. */
export async function thrown(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was not rejected');
}
