import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { suiteModules } from '#apps/suite';
import { connect, CONTRACT, OPERATIONS } from '#libs/client';
import { contractsOf } from '#libs/composition';
import { encodePosition, type Contracts } from '#libs/platform';
import { hashesOf, operationsFile } from '../../generators/client-operations.mjs';

/*
 * The client package is of this very contract. The types need their generator to be made anew, which is not installed here:
 * the hashes of the documents stand for them, and the lane `generators` compares the text.
 */

const BASE = 'https://register.example';
const OPERATIONS_FILE = new URL('../../../libs/client/generated/operations.ts', import.meta.url);

let contracts: Contracts;
beforeAll(async () => {
  contracts = await contractsOf(suiteModules, BASE);
});

describe('the generated part of libs/client', () => {
  it('is of the contract as it is now (else: npm run client:generate)', () => {
    expect(readFileSync(OPERATIONS_FILE, 'utf8')).toBe(operationsFile(contracts));
    expect(CONTRACT).toEqual(hashesOf(contracts));
  });

  it('is of no other contract: one word of a description changes the hash, where it is served does not', async () => {
    const elsewhere = await contractsOf(suiteModules, 'http://localhost:8080');
    expect(hashesOf(elsewhere)).toEqual(CONTRACT);
    const changed = JSON.parse(JSON.stringify(contracts)) as { v1: { info: { description: string } } };
    changed.v1.info.description += '.';
    expect(hashesOf(changed as unknown as Contracts).v1).not.toBe(CONTRACT.v1);
    expect(hashesOf(changed as unknown as Contracts).access).toBe(CONTRACT.access);
  });
});

/** A connection that hears nothing but this, and what it sent. */
function hearing(answer: object, after?: string) {
  const sent: { readonly url: string; readonly headers: Readonly<Record<string, string>> }[] = [];
  const client = connect({
    base: BASE,
    ...(after === undefined ? {} : { after }),
    fetch: async (url, { headers }) => {
      sent.push({ url, headers });
      return { status: 200, headers: new Headers(), text: async () => JSON.stringify(answer) };
    },
  });
  return { client, sent };
}

describe('what the client package knows of the contract by heart', () => {
  it.each(Object.entries(OPERATIONS))('is so: which requests have a key, for %s (§3)', async (_name, operation) => {
    const { client, sent } = hearing({});
    const path = operation.path.replaceAll(/\{\w+\}/g, '5e6f7a8b-1111-4222-8333-944455566677');
    await client.raw({ method: operation.method, path, body: operation.method === 'POST' ? {} : undefined });
    expect('Idempotency-Key' in sent[0]!.headers).toBe(operation.command);
  });

  it('is so: which of two positions shows more', async () => {
    const at = (place: bigint, epoch = 1): string =>
      encodePosition({ store: '5e6f7a8b-1111-4222-8333-944455566677', epoch, place });
    for (const [held, answered, furthest] of [
      [at(9n), at(10n), at(10n)],
      [at(10n), at(9n), at(10n)],
      [at(2n ** 62n + 1n), at(2n ** 62n), at(2n ** 62n + 1n)],
      [at(10n), at(3n, 2), at(3n, 2)],
    ] as const) {
      const { client } = hearing({ position: answered }, held);
      await client.raw({ method: 'POST', path: '/v1/parties', body: {} });
      expect(client.position).toBe(furthest);
    }
  });
});
