import type { Pool, PoolClient } from 'pg';
import { ANSWER_LIMIT, giveBack, isLostConnection, take, within } from './connections.js';

const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;

/** The lock that everybody shares who has the table in use, and nobody who drops it. */
export const useLock = (name: string): { readonly key: string; readonly values: readonly [string] } => ({
  key: keyOf('$1'),
  values: [name],
});

const keyOf = (name: string): string => `hashtextextended('waarborg read model in use ' || ${name}, 0)`;

interface Session {
  readonly client: PoolClient;
  readonly held: Map<string, Promise<void>>;
  /** Statements of one connection, one after the other. */
  last: Promise<unknown>;
}

/**
 * Which tables of read models this process has in use, as locks of one session: they go with it, however the process
 * ends, and no clock has a say in it. A session that is lost is begun anew; what was dropped in between is built again.
 */
export class TablesInUse {
  readonly #pool: Pool;
  readonly #names = new Set<string>();
  #session: Promise<Session> | undefined;
  #again: NodeJS.Timeout | undefined;
  #pause = SHORTEST_PAUSE;
  #closed = false;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async use(name: string): Promise<void> {
    this.#names.add(name);
    await this.#holdAll();
  }

  async leave(name: string): Promise<void> {
    this.#names.delete(name);
    const session = await this.#session?.catch(() => undefined);
    const held = session?.held.get(name);
    if (session === undefined || held === undefined) return;
    session.held.delete(name);
    const { key, values } = useLock(name);
    await ask(session, `select pg_advisory_unlock_shared(${key})`, values);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    const session = await this.#session?.catch(() => undefined);
    // Its locks go with it.
    if (session !== undefined) giveBack(session.client, true);
  }

  async #holdAll(): Promise<void> {
    this.#session ??= this.#begin();
    const session = await this.#session;
    await hold(session, [...this.#names]);
  }

  async #begin(): Promise<Session> {
    try {
      const client = await take(this.#pool);
      if (this.#closed || isLostConnection(client)) {
        giveBack(client, true);
        throw new Error('connection lost');
      }
      let isOver = false;
      const over = (): void => {
        if (isOver || this.#closed) return;
        isOver = true;
        this.#session = undefined;
        giveBack(client, true);
        this.#later();
      };
      client.on('error', over).on('end', over);
      return { client, held: new Map(), last: Promise.resolve() };
    } catch (error) {
      this.#session = undefined;
      throw error;
    }
  }

  #later(): void {
    if (this.#closed) return;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      this.#holdAll().then(
        () => (this.#pause = SHORTEST_PAUSE),
        () => this.#later(),
      );
    }, this.#pause);
    this.#again.unref();
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }
}

/** Once for each name, all that are not held yet by one statement; who comes second waits for the same lock. */
async function hold(session: Session, names: readonly string[]): Promise<void> {
  const { held } = session;
  const missing = names.filter((name) => !held.has(name));
  if (missing.length > 0) {
    const text = `select pg_advisory_lock_shared(${keyOf('name')}) from unnest($1::text[]) as missing(name)`;
    const locked = ask(session, text, [missing]).catch((error: unknown) => {
      for (const name of missing) held.delete(name);
      throw error;
    });
    for (const name of missing) held.set(name, locked);
  }
  await Promise.all(names.flatMap((name) => held.get(name) ?? []));
}

function ask(session: Session, text: string, values: readonly (string | readonly string[])[]): Promise<void> {
  const asked = session.last.then(async () => {
    await within(ANSWER_LIMIT, session.client.query(text, [...values]));
  });
  session.last = asked.catch(() => undefined);
  return asked;
}
