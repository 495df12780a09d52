import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthorizationId, MeansId, PartyId, Pseudonym } from '#libs/kernel';
import { memoryRegister, type MemoryRegister } from './register.js';
import { serve, type Serving } from './serve.js';

const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
const UWV = 'urn:etoegang:DV:00000099800000002000:services:1';

interface Found {
  readonly type?: string;
  readonly id?: string;
  readonly name?: string;
  readonly properties: { readonly level: string; readonly service?: string; readonly validUntil: string };
}
interface Answer {
  readonly results: readonly Found[];
  readonly page: { readonly next_token: string; readonly count: number };
  readonly context: { readonly id: string };
}

let register: MemoryRegister;
let serving: Serving;
let school: PartyId;
/** May act for the school and for a client. */
let alice: { means: MeansId; pseudonym: Pseudonym };
/** May act for one establishment of the school. */
let bob: { means: MeansId; pseudonym: Pseudonym };
let ending: AuthorizationId;

beforeAll(async () => {
  register = await memoryRegister();
  school = await register.party('69599084');
  alice = await register.means();
  bob = await register.means();
  await register.authorize(school, alice);
  await register.authorize(await register.party('69599068'), alice);
  await register.authorize(await register.party('90001354'), alice, { m: 2, eh: 'EH2+' });
  ending = await register.authorize(await register.party('90001355'), alice);
  await register.revoke(ending);
  await register.authorize(school, bob, { establishments: ['000038509504'] });
  serving = await serve(register);
});
afterAll(async () => {
  await serving.stop();
  await register.close();
});

const who = ({ pseudonym }: { pseudonym: Pseudonym }) => ({ type: 'means', id: pseudonym });
const action = { name: 'represent', properties: { service: DUO } };
const SCHOOL = { type: 'organization', id: 'kvk:69599084' };
const CONTEXT = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' };

const ask = (searched: string, body: unknown, options?: Parameters<Serving['post']>[2]) =>
  serving.post(`/access/v1/search/${searched}`, body, options);
async function answer(searched: string, body: unknown, options?: Parameters<Serving['post']>[2]): Promise<Answer> {
  const response = await ask(searched, body, options);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  const given = (await response.json()) as Answer;
  expect([Array.isArray(given.results), typeof given.page.next_token]).toEqual([true, 'string']);
  return given;
}
const idsOf = async (body: object): Promise<unknown> =>
  (await answer('resource', body)).results.map(({ id }) => id).sort();
const recordOf = async (id: string) => JSON.parse((await register.backbone.records.byId(id))!.bytes) as object;

const ofAlice = { subject: { type: 'means', id: '' }, action, resource: { type: 'organization' } };
beforeAll(() => void (ofAlice.subject = who(alice)));

describe('certification scenario of AuthZEN, Search Core', () => {
  it('4.2.1, 4.2.2 and 4.2.3 take a search of people, and name nobody without a viewer', async () => {
    const asked = { subject: { type: 'means' }, action, resource: SCHOOL };
    const bodies = [
      asked,
      { ...asked, context: CONTEXT },
      { ...asked, subject: who(alice) },
      { ...asked, context: { viewer: { person: bob.means, authentication: bob.means } } },
      { ...asked, context: { viewer: 'bob' } },
      { ...asked, context: { viewer: { person: 1, authentication: bob.means } } },
    ];
    for (const body of bodies) expect((await answer('subject', body)).results).toEqual([]);
  });

  it('4.3.1 finds the organizations that a means may represent, and every one is a yes (FEAT-09)', async () => {
    const { results } = await answer('resource', ofAlice);
    expect(results.map(({ id }) => id).sort()).toEqual(['kvk:69599068', 'kvk:69599084']);
    for (const { type, id, properties } of results) {
      expect([type, properties.level]).toEqual(['organization', 'EH3']);
      const single = await serving.post('/access/v1/evaluation', {
        ...{ subject: who(alice), action, resource: { type, id } },
      });
      expect(await single.json()).toMatchObject({ decision: true, context: properties });
    }
  });

  it('4.3.2 takes a context, which changes nothing', async () => {
    expect(await idsOf({ ...ofAlice, context: CONTEXT })).toEqual(await idsOf(ofAlice));
  });

  it('4.3.3 passes over an id of what is searched for', async () => {
    for (const id of ['kvk:69599084', 'kvk:1', '', 1]) {
      expect(await idsOf({ ...ofAlice, resource: { type: 'organization', id } })).toEqual(await idsOf(ofAlice));
    }
  });

  it('4.4.1 finds what a means may do for an organization, once for each service', async () => {
    const { results } = await answer('action', { subject: who(alice), resource: SCHOOL });
    expect(results.map(({ name }) => name)).toContain('represent');
    expect(results.map(({ properties }) => properties.service)).toEqual(expect.arrayContaining([DUO, UWV]));
    for (const { name, properties } of results) {
      const single = await serving.post('/access/v1/evaluation', {
        ...{ subject: who(alice), action: { name, properties }, resource: SCHOOL },
      });
      expect(((await single.json()) as { decision: boolean }).decision).toBe(true);
    }
  });

  it('4.4.2 takes a context, and passes over an action that is sent', async () => {
    const asked = { subject: who(alice), resource: SCHOOL };
    const { results } = await answer('action', asked);
    for (const more of [{ context: CONTEXT }, { action }, { action: 'x' }, { action: { name: 1 } }]) {
      expect((await answer('action', { ...asked, ...more })).results).toEqual(results);
    }
  });

  it('4.5.1 to 4.5.3 give pages with a token, which is empty at the end', async () => {
    const first = await answer('resource', { ...ofAlice, page: { limit: 1 } });
    expect([first.results.length, first.page.count, first.page.next_token === '']).toEqual([1, 1, false]);
    const second = await answer('resource', { ...ofAlice, page: { token: first.page.next_token } });
    expect([second.results.length, second.page]).toEqual([1, { next_token: '', count: 1 }]);
    expect(second.results[0]!.id).not.toBe(first.results[0]!.id);
    const same = { ...ofAlice, page: { token: first.page.next_token, limit: 1 } };
    expect((await answer('resource', same)).results).toEqual(second.results);
  });

  it('4.5 refuses a token with another search or another limit', async () => {
    const { page } = await answer('resource', { ...ofAlice, page: { limit: 1 } });
    const refused = async (body: object): Promise<unknown> => {
      const response = await ask('resource', body);
      expect(response.status).toBe(400);
      const { errors } = (await response.json()) as { errors: { pointer: string; code: string }[] };
      return errors.map(({ pointer, code }) => [pointer, code]);
    };
    const token = page.next_token;
    expect(await refused({ ...ofAlice, page: { token, limit: 2 } })).toEqual([['/page/limit', 'invalid-value']]);
    const other = { ...ofAlice, subject: who(bob), page: { token } };
    expect(await refused(other)).toEqual([['/page/token', 'invalid-cursor']]);
    const traced = {
      ...ofAlice,
      context: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
      page: { token },
    };
    expect((await ask('resource', traced)).status).toBe(200);
    for (const [bad, expected] of [
      [{ limit: -1 }, [['/page/limit', 'invalid-value']]],
      [{ limit: 1.5 }, [['/page/limit', 'invalid-value']]],
      [{ limit: '1' }, [['/page/limit', 'wrong-type']]],
      [
        { token: 1, limit: 'x' },
        [
          ['/page/limit', 'wrong-type'],
          ['/page/token', 'wrong-type'],
        ],
      ],
      [{ token: 'nonsense' }, [['/page/token', 'invalid-cursor']]],
      ['x', [['/page', 'wrong-type']]],
    ] as const) {
      expect(await refused({ ...ofAlice, page: bad })).toEqual(expected);
    }
  });

  it('4.5 finds nothing with a limit of nothing, and gives the token of the start', async () => {
    const { results, page } = await answer('resource', { ...ofAlice, page: { limit: 0 } });
    expect([results, page.next_token === '']).toEqual([[], false]);
  });

  it('4.6.1 and 4.6.2 find nothing for what is unknown, on each address', async () => {
    const nobody = { type: 'means', id: '00000000-0000-4000-8000-000000000000' };
    const searches: [string, object][] = [
      ['subject', { subject: { type: 'spaceship' }, action, resource: SCHOOL }],
      ['subject', { subject: { type: 'means' }, action, resource: { type: 'organization', id: 'kvk:99999999' } }],
      ['resource', { ...ofAlice, subject: nobody }],
      ['resource', { ...ofAlice, subject: { type: 'spaceship', id: alice.pseudonym } }],
      ['resource', { ...ofAlice, resource: { type: 'spaceship' } }],
      ['resource', { ...ofAlice, action: { name: 'fly' } }],
      ['resource', { ...ofAlice, action: { name: 'represent' } }],
      ['action', { subject: nobody, resource: SCHOOL }],
      ['action', { subject: who(alice), resource: { type: 'organization', id: 'kvk:99999999' } }],
      ['action', { subject: who(alice), resource: { type: 'spaceship', id: 'x' } }],
    ];
    for (const [searched, body] of searches) {
      const { results, page } = await answer(searched, body);
      expect([searched, body, results, page.next_token]).toEqual([searched, body, [], '']);
    }
  });

  it.each([
    ['4.7.1', 'subject', { subject: { type: 'means' }, resource: SCHOOL }, '/action'],
    ['4.7.1', 'subject', { action, resource: SCHOOL }, '/subject'],
    ['4.7.1', 'resource', { action, resource: { type: 'organization' } }, '/subject'],
    ['4.7.1', 'resource', { subject: { type: 'means', id: 'x' }, action }, '/resource'],
    ['4.7.1', 'action', { subject: { type: 'means', id: 'x' } }, '/resource'],
    ['4.7.2', 'subject', { subject: { type: 'means' }, action, resource: { type: 'organization' } }, '/resource/id'],
    ['4.7.2', 'resource', { subject: { type: 'means' }, action, resource: { type: 'organization' } }, '/subject/id'],
    ['4.7.2', 'resource', { subject: { type: 'means', id: 'x' }, action, resource: { id: 'kvk:1' } }, '/resource/type'],
    ['4.7.2', 'action', { subject: { type: 'means' }, resource: SCHOOL }, '/subject/id'],
    ['4.7.2', 'action', { subject: { type: 'means', id: 'x' }, resource: { type: 'organization' } }, '/resource/id'],
  ])('%s refuses a search of %s without what it needs', async (_id, searched, body, pointer) => {
    const response = await ask(searched, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer, code: 'required' }] });
  });

  it.each(['subject', 'resource', 'action'])(
    'refuses what is no body on search/%s, as everywhere',
    async (searched) => {
      expect((await ask(searched, '')).status).toBe(400);
      expect((await ask(searched, '{ not json')).status).toBe(400);
      expect((await ask(searched, '{}', { headers: { 'content-type': 'text/plain' } })).status).toBe(400);
      expect((await ask(searched, '{}', { token: await serving.token('supplier') })).status).toBe(403);
    },
  );
});

describe('certification scenario of AuthZEN, Search Properties', () => {
  it('4.2.4 takes properties of the organization in a search of people', async () => {
    const resource = { ...SCHOOL, properties: { establishment: '000038509504' } };
    expect((await answer('subject', { subject: { type: 'means' }, action, resource })).results).toEqual([]);
  });

  it('4.3.4 finds organizations by a property of the question', async () => {
    const at = (establishment?: string) => ({
      subject: { ...who(bob), properties: { role: 'admin' } },
      ...{ action, resource: { type: 'organization', ...(establishment ? { properties: { establishment } } : {}) } },
    });
    expect(await idsOf(at('000038509504'))).toEqual(['kvk:69599084']);
    expect(await idsOf(at('000038509505'))).toEqual([]);
    expect(await idsOf(at())).toEqual([]);
    const high = { ...ofAlice, action: { name: 'represent', properties: { service: DUO, level: 'EH4' } } };
    expect(await idsOf(high)).toEqual([]);
  });

  it('4.4.3 finds actions by a property of the question', async () => {
    const at = (establishment: string) => ({
      subject: who(bob),
      resource: { ...SCHOOL, properties: { establishment } },
    });
    expect((await answer('action', at('000038509504'))).results.map(({ name }) => name)).toContain('represent');
    expect((await answer('action', at('000038509505'))).results).toEqual([]);
  });
});

describe('a search at use over HTTP', () => {
  it.each([
    ['resource', 'adl.search_resource'],
    ['action', 'adl.search_action'],
    ['subject', 'adl.search_subject'],
  ])('of %s is signed, leaves one record, and is never use (USE-04)', async (searched, event) => {
    const body = { subject: who(alice), action, resource: { ...SCHOOL, id: 'kvk:69599084' } };
    const response = await ask(searched, body);
    expect(response.headers.get('payload-signature')).toMatch(/^[\w-]+\.\.[\w-]+$/);
    const { context, results } = (await response.json()) as Answer;
    expect(context).toMatchObject({ audience: 'test', requestHash: expect.stringMatching(/^sha-256=/) });
    const record = await recordOf(context.id);
    expect(record).toMatchObject({
      data: {
        event_name: event,
        attributes: { 'waarborg.use': false },
        body: { 'adl.core.response': { results }, 'adl.core.information': { results: results.map(() => ({})) } },
      },
    });
    const { data } = record as { data: { body: { 'adl.core.request': Record<string, object> } } };
    if (searched !== 'action') expect(data.body['adl.core.request'][searched]).not.toHaveProperty('id');
  });

  it('finds nothing any more that was revoked while its record was written', async () => {
    const left = await register.means();
    const revoked = await register.authorize(school, left);
    expect(await register.backbone.visibility.everywhere(await register.backbone.feed.head())).toBe(true);
    const { records } = register.backbone;
    const append = records.append.bind(records);
    let nr = 0;
    (records as { append: typeof append }).append = async (record) => {
      const place = await append(record);
      if (nr++ === 0) await register.backbone.visibility.everywhere(await register.revoke(revoked));
      return place;
    };
    try {
      expect((await answer('resource', { ...ofAlice, subject: who(left) })).results).toEqual([]);
      expect(nr).toBe(2);
    } finally {
      (records as { append: typeof append }).append = append;
    }
  });

  it('is for an auditor a reading about now', async () => {
    const token = await serving.token('auditor');
    const { context } = await answer('resource', ofAlice, { token });
    expect((await register.backbone.records.byId(context.id))!.kind).toBe('reading');
    const then = await ask('resource', { ...ofAlice, context: { time: '2020-01-01T00:00:00Z' } }, { token });
    expect(await then.json()).toMatchObject({ code: 'time-not-supported' });
  });
});
