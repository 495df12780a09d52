import type { Pool, QueryConfig } from 'pg';
import type { AnsweredKeys, AnswerToKeep, KeptAnswer } from '#libs/eventing';
import { instantFromEpoch, type EventId, type StreamId } from '#libs/kernel';
import { ANSWER_LIMIT, GATHERED, withClient } from './connections.js';
import { asUnavailable } from './errors.js';
import { GatheredReads } from './gathered-reads.js';

interface KeptRow {
  readonly key: string;
  readonly attempt: string;
  readonly client: string;
  readonly object: string;
  readonly request_hash: string;
  readonly revision: number;
  readonly position: string;
  readonly head: string;
  readonly answered_at: string;
  readonly settled: boolean;
}

const COLUMNS =
  'key, attempt, client, object, request_hash, revision, "position", head, answered_at::text as answered_at, settled';

const FIND = `select ${COLUMNS} from waarborg.answered_keys where key = any($1)`;

export class PostgresAnsweredKeys implements AnsweredKeys {
  readonly #pool: Pool;
  readonly #found: GatheredReads<EventId, KeptAnswer>;

  constructor(pool: Pool) {
    this.#pool = pool;
    this.#found = new GatheredReads(async (keys) => {
      const rows = await this.#query({ name: 'waarborg-answered-keys', text: FIND, values: [keys] });
      return new Map(rows.map((row) => [row.key as EventId, keptOf(row)]));
    }, GATHERED);
  }

  async find(key: EventId): Promise<KeptAnswer | undefined> {
    return this.#found.read(key);
  }

  async put(answer: AnswerToKeep): Promise<KeptAnswer | undefined> {
    const { key, attempt, client, stream, requestHash, revision, position, head } = answer;
    const [row] = await this.#query({
      text: `insert into waarborg.answered_keys (key, attempt, client, object, request_hash, revision, "position", head)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (key) do nothing returning ${COLUMNS}`,
      values: [key, attempt, client, stream, requestHash, revision, position, head],
    });
    return row && keptOf(row);
  }

  async settle({ key, attempt }: KeptAnswer): Promise<boolean> {
    const rows = await this.#query({
      text: `update waarborg.answered_keys set settled = true where key = $1 and attempt = $2 returning ${COLUMNS}`,
      values: [key, attempt],
    });
    return rows.length > 0;
  }

  async withdraw({ key, attempt, settled }: KeptAnswer): Promise<void> {
    await this.#query({
      text: 'delete from waarborg.answered_keys where key = $1 and attempt = $2 and settled = $3',
      values: [key, attempt, settled],
    });
  }

  async #query(query: QueryConfig): Promise<KeptRow[]> {
    try {
      return (await withClient(this.#pool, ANSWER_LIMIT, (client) => client.query<KeptRow>(query))).rows;
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}

const keptOf = (row: KeptRow): KeptAnswer => ({
  key: row.key as EventId,
  attempt: row.attempt,
  client: row.client,
  stream: row.object as StreamId,
  requestHash: row.request_hash,
  revision: row.revision,
  position: BigInt(row.position),
  head: BigInt(row.head),
  answeredAt: instantFromEpoch(Number(row.answered_at)),
  settled: row.settled,
});
