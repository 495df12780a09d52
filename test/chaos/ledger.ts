import { randomUUID } from 'node:crypto';
import type { Json } from '../e2e/support/api.js';
import type { Answer, Client } from '../e2e/support/client.js';
import { until } from '../e2e/support/until.js';

/** Milliseconds within which everything accepted is effective again. */
const SETTLED_WITHIN = 30_000;

interface Entry {
  readonly key: string;
  readonly path: string;
  readonly body: Json;
  /** What the client was told; absent while it does not know what became of its command. */
  acknowledged?: { readonly status: number; readonly body: Json };
  /** What a 202 said was accepted and durable, though not yet effective everywhere. */
  accepted?: unknown;
}

/** What a careful client keeps: every command it sent, under its key, and what it was told. */
export interface Ledger {
  readonly entries: readonly Entry[];
  /** Sends a command and notes the answer; `undefined` when none came that settles it. */
  send(client: Client, path: string, body: Json): Promise<Json | undefined>;
  /** Sends everything again whose fate is unknown, under the same keys. Answers how many there were. */
  settle(client: Client): Promise<number>;
  /** What is wrong with what was acknowledged: lost, changed or made anew. */
  discrepancies(client: Client): Promise<readonly string[]>;
}

export function ledger(): Ledger {
  const entries: Entry[] = [];
  const deliver = async (client: Client, entry: Entry): Promise<Answer | undefined> => {
    const { path, body, key } = entry;
    // Once: what came of it stays in doubt until it is settled.
    const sending = { body, headers: { 'idempotency-key': key } };
    const answer = await client.send('POST', path, sending).catch(() => undefined);
    if (answer === undefined || answer.status >= 500) return undefined;
    if (entry.accepted !== undefined && answer.body['id'] !== entry.accepted) {
      throw new Error(`${entry.path}: accepted as ${String(entry.accepted)}, now ${answer.status} ${answer.text}`);
    }
    if (answer.status === 202) {
      entry.accepted = answer.body['id'];
      return undefined;
    }
    if (answer.status !== 201) throw new Error(`${entry.path}: ${answer.status} ${answer.text}`);
    entry.acknowledged ??= { status: answer.status, body: answer.body };
    return answer;
  };
  return {
    entries,
    async send(client, path, body) {
      const entry: Entry = { key: `chaos-${randomUUID()}`, path, body };
      entries.push(entry);
      return (await deliver(client, entry))?.body;
    },
    async settle(client) {
      const unknown = entries.filter(({ acknowledged }) => acknowledged === undefined);
      for (const entry of unknown) {
        const isSettled = async (): Promise<boolean> => (await deliver(client, entry)) !== undefined;
        await until(`an answer of ${entry.path} that settles it`, isSettled, SETTLED_WITHIN);
      }
      return unknown.length;
    },
    async discrepancies(client) {
      const wrong: string[] = [];
      for (const entry of entries) {
        const { path, body, key, acknowledged } = entry;
        const again = await client.command(path, body, key);
        const same = JSON.stringify(again.body) === JSON.stringify(acknowledged!.body);
        const replayed = again.headers.get('idempotency-replayed') === 'true';
        if (again.status !== 201 || !same || !replayed) {
          wrong.push(`${path} ${key}: was ${JSON.stringify(acknowledged)}, is ${again.status} ${again.text}`);
        }
      }
      return wrong;
    },
  };
}
