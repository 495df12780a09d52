import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from './support/api.js';
import { at, paperCase, type PaperCase } from './support/case.js';
import { having, type Client } from './support/client.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';

const DAY = 86_400_000;

let suite: MemorySuite;
let supplier: Client;
let one: PaperCase;
let other: PaperCase;
const ids: Record<string, string> = {};

beforeAll(async () => {
  suite = await startMemorySuite();
  supplier = await suite.client('supplier');
  [one, other] = [await paperCase(supplier), await paperCase(supplier)];
  const [his, hers] = [await one.means(), await other.means()];
  // Registered in another order than they end in.
  for (const [name, of, days] of [
    ['in 80 days', one, 80],
    ['in 20 days', one, 20],
    ['in 200 days', one, 200],
    ['in 50 days', other, 50],
    ['revoked', one, 25],
    ['in 10 days', one, 10],
  ] as const) {
    const period = { from: at(-1_000), until: at(days * DAY) };
    ids[name] = (await of.authorize((of === one ? his : hers).id, { period }))['id'] as string;
  }
  ids['to come'] = (await one.authorize(his.id, { period: { from: at(15 * DAY), until: at(28 * DAY) } }))[
    'id'
  ] as string;
  ids['waiting'] = (
    await one.authorize(his.id, { awaitsActivation: true, period: { from: at(-1_000), until: at(29 * DAY) } })
  )['id'] as string;
  const revocation = await one.revocation({ authorization: ids['revoked'] }, his.id);
  having(await supplier.command('/v1/revocation-requests', revocation), 201);
});
afterAll(() => suite.end());

/** Their names, page by page. */
async function ending(days: number, filter: Json = {}, limit = 100): Promise<readonly string[]> {
  const head = having(await supplier.command('/v1/applications', intake), 201).body['position'];
  const found: string[] = [];
  const endsBefore = at(days * DAY);
  let cursor: unknown = null;
  do {
    const body = { endsBefore, limit, ...(cursor === null ? { after: head } : { cursor }), ...filter };
    const page = having(await supplier.ask('/v1/authorizations/_search', body), 200).body;
    found.push(...(page['items'] as Json[]).map(({ id }) => Object.keys(ids).find((name) => ids[name] === id)!));
    cursor = page['next'];
  } while (cursor !== null);
  return found;
}
const intake = { channel: 'electronic', receivedAt: at(0), purposes: ['renewal'] };

describe('what ends soon', () => {
  it('stands in the order in which it ends, of the next 30, 60 and 90 days', async () => {
    const in30 = ['in 10 days', 'in 20 days', 'to come', 'waiting'];
    expect(await ending(30)).toEqual(in30);
    expect(await ending(60)).toEqual([...in30, 'in 50 days']);
    expect(await ending(90, {}, 2)).toEqual([...in30, 'in 50 days', 'in 80 days']);
  });

  it('is asked for of one party, of one standing, of one person', async () => {
    expect(await ending(90, { representedParty: other.party })).toEqual(['in 50 days']);
    expect(await ending(30, { status: 'active' })).toEqual(['in 10 days', 'in 20 days']);
    expect(await ending(30, { status: 'notYetValid' })).toEqual(['to come']);
    expect(await ending(30, { status: 'awaitingActivation', authorizedPerson: one.employee.id })).toEqual(['waiting']);
    expect(await ending(90, { status: 'revoked' })).toEqual([]);
    expect(await ending(90, { status: 'expired' })).toEqual([]);
  });

  it('leaves the list when it has ended, at that very moment', async () => {
    suite.pass(20 * DAY);
    try {
      expect(await ending(30)).toEqual(['to come', 'waiting']);
    } finally {
      suite.pass(-20 * DAY);
    }
  });
});
