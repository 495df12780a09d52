import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { page, root } from '../../contract/docs/markdown.js';
import { memoryRegister, type MemoryRegister } from './register.js';
import { serve, type Serving } from './serve.js';

const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';

/** Tests of openid/authzen, `certification/authorization-api-1_0-scenario.md`, by level; those of Discovery have no numbers. */
const SCENARIO = {
  'Basic Core': [
    '2.2.1',
    '2.2.2',
    '2.2.3',
    '2.2.8',
    '2.2.9',
    '2.3',
    '2.4.1',
    '2.4.2',
    '2.4.3',
    '2.4.4',
    '2.4.5',
    '2.4.6',
  ],
  'Basic Core, headers and repetition': ['2.5.1', '2.5.2', '2.6'],
  'Basic Properties': ['2.2.4', '2.2.5', '2.2.6', '2.2.7'],
  'Batch Core': ['3.2.1', '3.2.2', '3.2.5', '3.2.6', '3.3', '3.4.1', '3.4.2', '3.4.3'],
  'Batch Properties': ['3.2.3', '3.2.4', '3.2.7'],
  'Search Core': [
    '4.2.1',
    '4.2.2',
    '4.2.3',
    '4.3.1',
    '4.3.2',
    '4.3.3',
    '4.4.1',
    '4.4.2',
    '4.5.1',
    '4.5.3',
    '4.6.1',
    '4.6.2',
  ],
  'Search Core, errors': ['4.7.1', '4.7.2'],
  'Search Properties': ['4.2.4', '4.3.4', '4.4.3'],
} as const;

describe('certification scenario of AuthZEN, all levels', () => {
  it.each(Object.entries(SCENARIO))('has a test of ours for each of %s', (_level, ids) => {
    const folder = 'test/e2e/assurance';
    const titles = readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.e2e-spec.ts'))
      // Behind the list above, and what begins with a number: `'3.2.1 answers…'`, `['4.7.1', …`.
      .map((name) => page(join(folder, name)).text.split('} as const;').at(-1)!)
      .flatMap((text) => [...text.matchAll(/'\d[\d.]*[ :,][^'\n]*|\['\d[\d.]*'/g)].map(([title]) => title))
      .join('\n');
    expect(ids.filter((id) => !new RegExp(`(?<![\\d.])${id.replaceAll('.', '\\.')}(?![\\d.])`).test(titles))).toEqual(
      [],
    );
  });
});

/** What holds for every address of every level (2.3 to 2.6 and 5 of the scenario). */
describe('certification scenario of AuthZEN, transport of all levels', () => {
  let register: MemoryRegister;
  let serving: Serving;
  let subject: { readonly type: string; readonly id: string };
  const action = { name: 'represent', properties: { service: DUO } };
  const resource = { type: 'organization', id: 'kvk:69599084' };
  const bodies = (): Readonly<Record<string, object>> => ({
    evaluation: { subject, action, resource },
    evaluations: { subject, action, evaluations: [{ resource }, { resource: { type: 'organization', id: 'kvk:1' } }] },
    'search/subject': { subject: { type: 'means' }, action, resource },
    'search/resource': { subject, action, resource: { type: 'organization' } },
    'search/action': { subject, resource },
  });
  const ADDRESSES = ['evaluation', 'evaluations', 'search/subject', 'search/resource', 'search/action'];

  beforeAll(async () => {
    register = await memoryRegister();
    const holder = await register.means();
    subject = { type: 'means', id: holder.pseudonym };
    await register.authorize(await register.party('69599084'), holder);
    serving = await serve(register);
  });
  afterAll(async () => {
    await serving.stop();
    await register.close();
  });

  const ask = (address: string, body: unknown, headers: Record<string, string> = {}) =>
    serving.post(`/access/v1/${address}`, body, { headers });
  /** What is told, without what is an answer's own. */
  const told = async (address: string, body: unknown): Promise<unknown> => {
    const response = await ask(address, body);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    return JSON.parse(
      JSON.stringify(await response.json(), (name, value: unknown) =>
        ['id', 'issuedAt', 'requestHash', 'position'].includes(name) && name !== 'type' ? undefined : value,
      ),
    );
  };

  it.each(ADDRESSES)(
    '2.3 and 5: %s answers JSON, with a decision or a list in it, and a context that is an object',
    async (address) => {
      const answer = (await told(address, bodies()[address])) as Record<string, unknown>;
      const lists = { evaluation: 'decision', evaluations: 'evaluations' } as Record<string, string>;
      const member = answer[lists[address] ?? 'results'];
      expect([typeof member === 'boolean' || Array.isArray(member), typeof answer['context']]).toEqual([
        true,
        'object',
      ]);
    },
  );

  it.each(ADDRESSES)('2.2.9 and 5: %s passes over members that it does not know', async (address) => {
    const body = { ...bodies()[address], foo: 'bar', futureField: { nested: true } };
    expect(await told(address, body)).toEqual(await told(address, bodies()[address]));
  });

  it.each(ADDRESSES)(
    '2.4.3 to 2.4.5: %s refuses another content type, what is no JSON, and nothing',
    async (address) => {
      const body = bodies()[address];
      expect((await ask(address, body, { 'content-type': 'text/plain' })).status).toBe(400);
      expect((await ask(address, '{ not json')).status).toBe(400);
      expect((await ask(address, '')).status).toBe(400);
      expect((await ask(address, '[]')).status).toBe(400);
    },
  );

  it.each(ADDRESSES)('2.5: %s gives X-Request-ID back, and needs none', async (address) => {
    const id = '4bf92f35-77b3-4da6-a3ce-929d0e0e4736';
    const response = await ask(address, bodies()[address], { 'x-request-id': id });
    expect([response.status, response.headers.get('x-request-id')]).toEqual([200, id]);
    expect((await ask(address, bodies()[address])).status).toBe(200);
  });

  it.each(ADDRESSES)('2.6: %s answers the same again and again', async (address) => {
    const first = await told(address, bodies()[address]);
    for (let again = 0; again < 3; again++) expect(await told(address, bodies()[address])).toEqual(first);
  });

  it('6: the metadata name each address, and each is there', async () => {
    const metadata = (await (await fetch(`${serving.url}/.well-known/authzen-configuration`)).json()) as Record<
      string,
      unknown
    >;
    const named = Object.entries(metadata)
      .filter(([name]) => name.endsWith('_endpoint'))
      .map(([, url]) => url as string);
    expect(named.map((url) => new URL(url).pathname).sort()).toEqual(
      ADDRESSES.map((name) => `/access/v1/${name}`).sort(),
    );
    for (const url of named) {
      const { origin, protocol, search, hash } = new URL(url);
      expect([origin, protocol, search, hash]).toEqual([metadata['policy_decision_point'], 'https:', '', '']);
    }
  });
});
