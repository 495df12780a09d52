import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, request as httpRequest } from 'node:http';
import type { Scope } from '#libs/platform';
import { freshKey } from './support/client.js';
import { operationsOf, type Operation } from './support/contract.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** What an answer of its own has: ids, moments, places. */
const OWN = [
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
  /[0-9a-f]{32}/g,
  /\d{4}-\d\d-\d\dT[\d:.]+Z/g,
  /"(?:position|next|pseudonym)":"[^"]*"/g,
];
const withoutOwn = (text: string): string => OWN.reduce((rest, own) => rest.replaceAll(own, '*'), text);

describe('every POST of the contract', () => {
  const agent = new Agent({ keepAlive: true });
  let suite: MemorySuite;
  let posts: readonly Operation[];
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    suite = await startMemorySuite();
    posts = (await operationsOf(suite.url)).filter(({ method, takesFile }) => method === 'POST' && !takesFile);
  });
  afterAll(async () => {
    agent.destroy();
    await suite.end();
  });

  /** `chunked`: without a length, and so by way of Fastify and Nest. */
  const send = (
    { address, scopes, command }: Operation,
    text: string,
    { chunked, key = freshKey() }: { readonly chunked: boolean; readonly key?: string },
  ): Promise<Received> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${tokens.get(scopes.join())!}`,
        'content-type': 'application/json',
        ...(command ? { 'idempotency-key': key } : {}),
        ...(chunked ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
      };
      const outgoing = httpRequest(suite.url + address, { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(chunks).toString() }),
        );
      });
      outgoing.on('error', reject);
      if (chunked) outgoing.write(text.slice(0, 1));
      outgoing.end(chunked ? text.slice(1) : text);
    });

  /** What it shows is different each time: the reading that the first left is in what the second finds. */
  const SHOWS_ITSELF = ['/v1/audit/records/_search', '/v1/audit/readings/_search'];
  const told = (path: string, { status, headers, text }: Received): object => {
    const { date: _date, connection: _connection, 'keep-alive': _keepAlive, ...same } = headers;
    const { 'content-length': _length, 'payload-signature': _signature, traceparent: _parent, ...rest } = same;
    // What was accepted is answered again under its key.
    const { 'idempotency-replayed': _replayed, digest: _digest, 'export-salt': _salt, ...others } = rest;
    const named = Object.entries(others).map(([name, value]) => [name, withoutOwn(String(value))]);
    return {
      status,
      headers: Object.fromEntries(named) as object,
      text: SHOWS_ITSELF.includes(path) && status === 200 ? '' : withoutOwn(text),
    };
  };

  it('is answered in front of Nest as by it: faults, what is unknown, what is accepted', async () => {
    const statuses = new Set<number>();
    for (const post of posts) {
      const key = post.scopes.join();
      if (!tokens.has(key)) tokens.set(key, (await suite.client(post.scopes as readonly Scope[])).token);
      for (const body of [{}, { unknown: 1 }, ...(post.example === undefined ? [] : [post.example])]) {
        const text = JSON.stringify(body);
        for (const chunkedFirst of [false, true]) {
          // A token is known for some seconds after it was seen.
          await send(post, '{', { chunked: true });
          const asked = { key: freshKey() };
          const [first, second] = [
            await send(post, text, { ...asked, chunked: chunkedFirst }),
            await send(post, text, { ...asked, chunked: !chunkedFirst }),
          ];
          expect({ post: post.path, body, ...told(post.path, first) }).toEqual({
            ...{ post: post.path, body },
            ...told(post.path, second),
          });
          statuses.add(first.status);
        }
      }
    }
    expect([...statuses].sort()).toEqual(expect.arrayContaining([200, 201, 400, 404]));
    expect(posts.length).toBeGreaterThan(40);
  }, 120_000);
});
