import { randomUUID } from 'node:crypto';
import type { Json } from '#apps/suite';
import type { Answer, Client } from '../e2e/support/client.js';

interface Entry {
  readonly key: string;
  readonly path: string;
  readonly body: Json;
  /** What the client was told; absent while it does not know what became of its command. */
  acknowledged?: { readonly status: number; readonly body: Json };
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
    const answer = await client.command(entry.path, entry.body, entry.key).catch(() => undefined);
    if (answer === undefined || answer.status >= 500) return undefined;
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
        if ((await deliver(client, entry)) === undefined) throw new Error(`${entry.path} is still not answered`);
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
