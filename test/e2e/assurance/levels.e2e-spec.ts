import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { later, type AuthorizationId, type PartyId } from '#libs/kernel';
import { positionText } from '#libs/composition';
import { memoryRegister, type MemoryRegister } from './register.js';
import { serve, type Serving } from './serve.js';

interface Item {
  readonly authorization: string;
  readonly level: string | null;
  readonly registeredLevel: string | null;
  readonly reasons: readonly string[];
}
interface Page {
  readonly items: readonly Item[];
  readonly next: string | null;
}

let register: MemoryRegister;
let serving: Serving;
let token: string;
let party: PartyId;

beforeAll(async () => {
  register = await memoryRegister();
  party = await register.party('69599084');
  serving = await serve(register);
  token = await serving.token('operations');
});
afterAll(async () => {
  await serving.stop();
  await register.close();
});

async function search(body: object): Promise<Page> {
  const after = positionText(register.backbone.identity, await register.backbone.feed.head());
  const response = await serving.post('/v1/levels/_search', { after, ...body }, { token });
  expect(response.status).toBe(200);
  return (await response.json()) as Page;
}
const levelOf = async (authorization: AuthorizationId): Promise<Item> => (await search({ authorization })).items[0]!;

describe('SYN-09: the current level of an authorization', () => {
  it('follows from what was recorded and the means as it is now', async () => {
    const holder = await register.means({ stork: 2 });
    const authorization = await register.authorize(party, holder, { m: 3, eh: 'EH2' });
    expect(await levelOf(authorization)).toMatchObject({ registeredLevel: 'EH2', level: 'EH2', reasons: [] });
    await register.revokeMeans(holder.means);
    expect(await levelOf(authorization)).toMatchObject({ level: null, reasons: ['means-not-active'] });
  });

  it('is at most the submitter’s level that was recorded', async () => {
    const holder = await register.means();
    const authorization = await register.authorize(party, holder, { m: 3, submitterLevel: 'EH2' });
    expect(await levelOf(authorization)).toMatchObject({ level: 'EH2' });
  });

  it('of an intermediary rests on no means', async () => {
    const office = await register.party('68750110');
    const authorization = await register.authorize(party, { party: office }, { m: 2 });
    expect(await levelOf(authorization)).toMatchObject({ level: 'EH2+' });
  });

  it.each([
    [{ active: false }, 'authorization-not-activated'],
    [{ validUntil: '2020-01-01T00:00:00.000Z' }, 'authorization-expired'],
    [
      { validFrom: later('2100-01-01T00:00:00.000Z' as never, 0), validUntil: '2101-01-01T00:00:00.000Z' },
      'authorization-not-yet-valid',
    ],
  ])('is none when it does not stand: %j', async (data, reason) => {
    const authorization = await register.authorize(party, await register.means(), data as never);
    expect(await levelOf(authorization)).toMatchObject({ level: null, reasons: [reason] });
  });

  it('is none once revoked, and none at a level that was phased out (TFA-03)', async () => {
    const low = await register.authorize(party, await register.means({ stork: 1 }), { m: 1, eh: 'EH1' });
    expect(await levelOf(low)).toMatchObject({ level: null, reasons: ['level-phased-out'] });
    await register.revoke(low);
    expect(await levelOf(low)).toMatchObject({ level: null, reasons: ['authorization-revoked'] });
  });
});

describe('the list of levels', () => {
  it('is paged, by party or by means, without losing or repeating any', async () => {
    const client = await register.party('90001745');
    const holder = await register.means();
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.push(await register.authorize(client, holder));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Page = await search({
        representedParty: client,
        limit: 2,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.items.map(({ authorization }) => authorization));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([...made].reverse());
    expect((await search({ means: holder.means })).items.length).toBe(5);
  });

  it('is found by how authorizations stand, each by itself', async () => {
    const client = await register.party('90001746');
    const made = {
      active: await register.authorize(client, await register.means()),
      awaitingActivation: await register.authorize(client, await register.means(), { active: false }),
      expired: await register.authorize(client, await register.means(), {
        validUntil: '2020-01-01T00:00:00.000Z' as never,
      }),
      revoked: await register.authorize(client, await register.means()),
    };
    await register.revoke(made.revoked);
    for (const [status, authorization] of Object.entries(made)) {
      const { items } = await search({ representedParty: client, status });
      expect([status, items]).toMatchObject([status, [{ authorization, status }]]);
    }
    expect((await search({ representedParty: client })).items).toHaveLength(4);
  });

  it('names every fault of a request, and wants one of its scopes', async () => {
    const response = await serving.post('/v1/levels/_search', { authorization: 'x', limit: 0, more: 1 }, { token });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/authorization', '/limit', '/more']);
    expect((await serving.post('/v1/levels/_search', {})).status).toBe(403);
  });
});

describe('the status page', () => {
  it('says to everybody that decisions are available', async () => {
    const response = await fetch(`${serving.url}/v1/status`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'available' });
  });
});
