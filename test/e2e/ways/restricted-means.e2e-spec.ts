import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../support/api.js';
import { having, faultsOf, type Answer, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import { registered, stageOn } from './support/register-anew.js';
import { codesOf, refusalRecord } from './support/register.js';
import {
  activate,
  application,
  delivered,
  holder,
  holderAtThree,
  person,
  record,
  sceneOf,
  setStage,
  type Holder,
  type Stage,
} from './support/stage.js';

/** Means for one provider, or for some of its services (REST-01, AMB-49), through HTTP. */

const TAX = '00000099800000003000';
const RETURNS = `urn:etoegang:DV:${TAX}:services:1`;
const UWV = '00000099800000002000';
const EMPLOYERS = `urn:etoegang:DV:${UWV}:services:1`;
const SCHOOL = 'urn:etoegang:DV:00000099800000001000:services:1';

let memory: MemorySuite;
let client: Client;
let network: Client;
let stage: Stage;

beforeAll(async () => {
  memory = await startMemorySuite();
  [client, network] = await Promise.all([memory.client('supplier'), memory.client('network')]);
  stage = await setStage(stageOn(memory), client);
});
afterAll(() => memory.end());

const byLetter: Json = { form: 'registeredLetter', addressValidated: true };

async function applying(body: Json): Promise<{ readonly body: Json; readonly answer: Answer; readonly of: Holder }> {
  const human = await person(client);
  const own = await application(client, 'electronic', 'means');
  const whole = { application: own, holder: human.id, product: 'password-sms', aimedStork: 3, ...body };
  const answer = await client.command('/v1/means', whole);
  return { body: whole, answer, of: { human, means: answer.body['id'] as string } };
}

/** Issued and active, as it was applied for. */
async function restricted(body: Json): Promise<Holder & { readonly pseudonym: string; readonly shown: Json }> {
  const { answer, of, body: said } = await applying(body);
  const { pseudonym } = having(answer, 201).body as { pseudonym: string };
  const scene = sceneOf({ application: said['application'] as string, authorized: of.human, means: of.means });
  const path = `/v1/means/${of.means}`;
  having(await client.command(`${path}/identifications`, { checks: await record(client, scene, holderAtThree) }), 200);
  const delivery = await delivered(client, scene, of.means, byLetter);
  having(await client.command(`${path}/issuances`, { checks: [delivery] }), 200);
  await activate(client, of.means);
  return { ...of, pseudonym, shown: having(await client.get(path), 200).body };
}

const at = (service: string, level?: string) => ({
  action: { name: 'represent', properties: { service, ...(level === undefined ? {} : { level }) } },
});

/** His authorization for everything, and how to ask about it. */
async function authorized(of: Holder & { readonly pseudonym: string }) {
  const { party } = await registered(stage, of, { scope: { all: true } });
  const organization = having(await client.get(`/v1/parties/${party}`), 200).body;
  const id = `${organization['register'] as string}:${organization['number'] as string}`;
  const subject = { type: 'means', id: of.pseudonym };
  return {
    id,
    who: { subject, resource: { type: 'organization', id } },
    subject,
    ask: async (service: string, level?: string) => {
      const asked = { subject, resource: { type: 'organization', id }, ...at(service, level) };
      return having(await network.ask('/access/v1/evaluation', asked), 200).body;
    },
  };
}

describe('a means for one provider (REST-01)', () => {
  it('is used there, and nowhere else: no login and no administrator would help', async () => {
    const of = await restricted({ product: 'eh3-bd' });
    expect(of.shown).toMatchObject({ status: 'active', stork: 3, product: 'eh3-bd', restrictedToProvider: TAX });
    expect(of.shown).not.toHaveProperty('restrictedToServices');
    const { ask } = await authorized(of);
    expect(await ask(RETURNS)).toMatchObject({ decision: true, context: { level: 'EH3' } });
    for (const service of [EMPLOYERS, SCHOOL]) {
      const no = await ask(service);
      expect(no).toMatchObject({ decision: false, context: { level: 'EH3', reasons: [{ code: 'means-restricted' }] } });
      expect(no['context']).not.toHaveProperty('obligations');
    }
    // Above its level as well: what is restricted is said beside it, and still nobody could mend it.
    const higher = await ask(EMPLOYERS, 'EH4');
    expect(higher['context']).not.toHaveProperty('obligations');
    expect((higher['context'] as Json)['reasons']).toEqual([
      { code: 'means-restricted' },
      { code: 'level-too-low', have: 'EH3', need: 'EH4' },
    ]);
  });

  it('is so in a batch, and in what is searched for', async () => {
    const of = await restricted({ product: 'eh3-bd' });
    const { who, id, subject } = await authorized(of);
    const batch = await network.ask('/access/v1/evaluations', {
      ...who,
      evaluations: [at(RETURNS), at(EMPLOYERS), at(SCHOOL)],
    });
    const answers = having(batch, 200).body['evaluations'] as readonly Json[];
    expect(answers.map(({ decision }) => decision)).toEqual([true, false, false]);
    const found = async (what: string, body: Json): Promise<unknown> =>
      (having(await network.ask(`/access/v1/search/${what}`, body), 200).body['results'] as readonly Json[]).map(
        ({ id: organization, properties }) => organization ?? (properties as Json)['service'],
      );
    const organizations = { subject, resource: { type: 'organization' } };
    expect(await found('resource', { ...organizations, ...at(RETURNS) })).toEqual([id]);
    expect(await found('resource', { ...organizations, ...at(EMPLOYERS) })).toEqual([]);
    expect(await found('action', who)).toEqual([RETURNS]);
  });

  it('stands on the record of the answer', async () => {
    const of = await restricted({ product: 'eh3-bd' });
    const { ask } = await authorized(of);
    const { context } = await ask(EMPLOYERS);
    const kept = (await memory.backbone.records.byId((context as Json)['id'] as string))!.bytes;
    expect(kept).toContain(`"restrictedToProvider":"${TAX}"`);
  });

  it('may be applied for as one, for some of its services', async () => {
    const services = { restrictedToProvider: UWV, restrictedToServices: [EMPLOYERS] };
    const of = await restricted(services);
    expect(of.shown).toMatchObject({ product: 'password-sms', ...services });
    const { ask } = await authorized(of);
    expect(await ask(EMPLOYERS)).toMatchObject({ decision: true });
    expect(await ask(RETURNS)).toMatchObject({ decision: false, context: { reasons: [{ code: 'means-restricted' }] } });
  });

  it('is a product of the catalogue that says so', async () => {
    const { body } = having(await client.get('/v1/means-products'), 200);
    const products = body['items'] as readonly Json[];
    expect(products.find(({ id }) => id === 'eh3-bd')).toMatchObject({ restrictedToProvider: TAX });
    expect(products.find(({ id }) => id === 'password-sms')).not.toHaveProperty('restrictedToProvider');
  });
});

describe('what no means is for', () => {
  it('is a provider or a service that the catalogue has not, or services of another one: every fault at once', async () => {
    const unknown = { restrictedToProvider: 'nobody', restrictedToServices: [EMPLOYERS, 'urn:nothing'] };
    const { answer } = await applying(unknown);
    expect([answer.status, answer.body['errors']]).toMatchObject([
      400,
      [
        { code: 'unknown-provider', pointer: '/restrictedToProvider' },
        { code: 'unknown-service', pointer: '/restrictedToServices/1' },
      ],
    ]);
    const mixed = await applying({ restrictedToProvider: TAX, restrictedToServices: [RETURNS, EMPLOYERS] });
    expect([mixed.answer.status, mixed.answer.body['errors']]).toMatchObject([
      400,
      [{ code: 'service-of-another-provider', pointer: '/restrictedToServices/1' }],
    ]);
    const withoutProvider = await applying({ restrictedToServices: [RETURNS] });
    expect([withoutProvider.answer.status, faultsOf(withoutProvider.answer)]).toEqual([
      400,
      ['/restrictedToProvider required'],
    ]);
  });

  it('is a product for elsewhere: refused when it is applied for, and told to who asks before', async () => {
    const before = await stage.suite.heads();
    const { answer, body } = await applying({ product: 'eh3-bd', restrictedToProvider: UWV });
    expect([answer.status, codesOf(answer)]).toEqual([409, ['product-for-elsewhere']]);
    expect(await refusalRecord(stage.suite, before.records, answer)).toMatchObject({ command: 'ApplyForMeans' });
    const dutch = await client.send('POST', '/v1/means/_precheck', { body, headers: { 'accept-language': 'nl' } });
    expect(having(dutch, 200).body).toMatchObject({
      wouldSucceed: false,
      refusals: [{ code: 'product-for-elsewhere', detail: 'Het product is voor gebruik elders' }],
    });
  });

  it('is another product for elsewhere, by an upgrade or a renewal; by any other it stays where it is', async () => {
    const of = await restricted({ restrictedToProvider: UWV });
    for (const [path, purpose, more] of [
      ['upgrades', 'upgrade', { aimedStork: 4, acceptLower: true }],
      ['renewals', 'renewal', {}],
    ] as const) {
      const own = await application(client, 'electronic', purpose);
      const scene = sceneOf({ application: own, authorized: of.human, means: of.means });
      const body = { application: own, checks: [await delivered(client, scene, of.means, byLetter)], ...more };
      const elsewhere = await client.command(`/v1/means/${of.means}/${path}`, { ...body, product: 'eh3-bd' });
      expect(elsewhere.status).toBe(409);
      if (path === 'renewals') expect(codesOf(elsewhere)).toEqual(['product-for-elsewhere']);
    }
    const own = await application(client, 'electronic', 'renewal');
    const scene = sceneOf({ application: own, authorized: of.human, means: of.means });
    const checks = [await delivered(client, scene, of.means, byLetter)];
    const renewed = await client.command(`/v1/means/${of.means}/renewals`, { application: own, checks });
    expect(having(renewed, 200).body).toMatchObject({ restrictedToProvider: UWV });
  });

  it('is everything that a wider product would open: the restriction stays with the means', async () => {
    const of = await restricted({ product: 'eh3-bd' });
    const own = await application(client, 'electronic', 'renewal');
    const scene = sceneOf({ application: own, authorized: of.human, means: of.means });
    const checks = [await delivered(client, scene, of.means, byLetter)];
    const body = { application: own, checks, product: 'password-sms' };
    const renewed = having(await client.command(`/v1/means/${of.means}/renewals`, body), 200).body;
    expect(renewed).toMatchObject({ product: 'password-sms', restrictedToProvider: TAX });
    const { ask } = await authorized(of);
    expect([(await ask(RETURNS))['decision'], (await ask(EMPLOYERS))['decision']]).toEqual([true, false]);
  });

  it('is narrowed by the product of an ordinary means, from the renewal on', async () => {
    const of = await holder(client, 3);
    const { pseudonym } = having(await client.get(`/v1/means/${of.means}`), 200).body as { pseudonym: string };
    const { ask } = await authorized({ ...of, pseudonym });
    expect(await ask(EMPLOYERS)).toMatchObject({ decision: true });
    const own = await application(client, 'electronic', 'renewal');
    const scene = sceneOf({ application: own, authorized: of.human, means: of.means });
    const checks = [await delivered(client, scene, of.means, byLetter)];
    const body = { application: own, checks, product: 'eh3-bd' };
    having(await client.command(`/v1/means/${of.means}/renewals`, body), 200);
    expect(await ask(EMPLOYERS)).toMatchObject({
      decision: false,
      context: { reasons: [{ code: 'means-restricted' }] },
    });
    expect(await ask(RETURNS)).toMatchObject({ decision: true });
  });
});
