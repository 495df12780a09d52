import type { Pool } from 'pg';
import { EndingUnknown, type DecisionInstances, type HeldLease } from '#libs/eventing';
import { instantFromEpoch } from '#libs/kernel';
import { ANSWER_LIMIT, withClient } from './connections.js';
import { asUnavailable } from './errors.js';
import type { LineageOfDatabase } from './lineage-of-database.js';

interface Renewed {
  readonly stretch: string;
  readonly lease_until: string;
  readonly unknown: readonly string[] | null;
}

interface Counted {
  readonly instance: string;
  readonly version: string;
  readonly lease_milliseconds: number;
  readonly behind: boolean;
}

/** One row for each instance (migration 4). Leases run by the clock that records get their times from. */
export class PostgresDecisionInstances implements DecisionInstances {
  readonly #pool: Pool;
  readonly #lineage: LineageOfDatabase;
  /** Since when, by this process's clock, each row has not been renewed as far as was seen here. */
  readonly #unrenewed = new Map<string, { readonly version: string; readonly since: number }>();

  constructor(pool: Pool, lineage: LineageOfDatabase) {
    this.#pool = pool;
    this.#lineage = lineage;
  }

  async renew(
    instance: string,
    seen: bigint,
    leaseMilliseconds: number,
    knows?: readonly string[],
  ): Promise<HeldLease> {
    await this.#demandLineage();
    const [row] = await this.#query<Renewed>(
      'select stretch, lease_until, unknown from waarborg.renew_lease($1, $2, $3, $4)',
      [instance, seen, leaseMilliseconds, knows ?? null],
    );
    const { stretch, lease_until: until, unknown } = row!;
    if (unknown !== null) throw new EndingUnknown(unknown);
    return { instance, stretch, until: instantFromEpoch(Number(until)) };
  }

  async leave(instance: string): Promise<void> {
    await this.#query('delete from waarborg.decision_instances where instance = $1', [instance]);
  }

  async behind(position: bigint, ended?: string): Promise<readonly string[]> {
    await this.#demandLineage();
    const rows = await this.#query<Counted>(
      'select instance, version, lease_milliseconds, behind from waarborg.counted_instances($1, $2)',
      [position, ended ?? null],
    );
    const gone = await this.#takeAway(this.#notRenewed(rows));
    return rows.filter((row) => row.behind && !gone.has(row.instance)).map(({ instance }) => instance);
  }

  /** Answers which of them have gone: one that was renewed after all stays. */
  async #takeAway(dead: readonly Counted[]): Promise<ReadonlySet<string>> {
    if (dead.length === 0) return new Set();
    const gone = await this.#query<{ instance: string }>(
      `delete from waarborg.decision_instances d
       using unnest($1::text[], $2::text[]) as dead(instance, version)
       where d.instance = dead.instance and d.xmin::text = dead.version returning d.instance`,
      [dead.map(({ instance }) => instance), dead.map(({ version }) => version)],
    );
    return new Set(gone.map(({ instance }) => instance));
  }

  /** The rows that stood unchanged for as long as their leases last. */
  #notRenewed(rows: readonly Counted[]): readonly Counted[] {
    const now = performance.now();
    for (const instance of this.#unrenewed.keys()) {
      if (!rows.some((row) => row.instance === instance)) this.#unrenewed.delete(instance);
    }
    return rows.filter(({ instance, version, lease_milliseconds: milliseconds }) => {
      const known = this.#unrenewed.get(instance);
      if (known?.version === version) return now - known.since >= milliseconds;
      this.#unrenewed.set(instance, { version, since: now });
      return false;
    });
  }

  /** What an instance has seen means nothing in a database that went back, nor what others have. */
  async #demandLineage(): Promise<void> {
    this.#lineage.demand();
    await this.#query('select waarborg.demand_lineage($1, $2, $3, $4)', [...this.#lineage.known()]);
  }

  async #query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await withClient(this.#pool, ANSWER_LIMIT, (client) => client.query<Row>(text, values))).rows;
    } catch (error) {
      throw asUnavailable(this.#lineage.translated(error));
    }
  }
}
