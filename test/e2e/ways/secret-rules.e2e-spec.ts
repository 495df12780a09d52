import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seed, type MeansProduct } from '#libs/application';
import type { Json } from '../support/api.js';
import { having, type Client } from '../support/client.js';
import { startMemorySuite, type MemorySuite } from '../support/memory-suite.js';
import { application, holderAtThree, issue, person, record, sceneOf } from './support/stage.js';

/** What a product's mechanism holds passwords and PINs to, and what a means of it earns (PW-01 to PW-09, AMB-40). */

const productOf = (id: string): MeansProduct => seed.meansProducts.find(({ value }) => value.id === id)!.value;

const sms = productOf('password-sms');
const card = productOf('certificate-card');
const password = sms.token.secret as Extract<MeansProduct['token']['secret'], { kind: 'password' }>;
const pin = card.token.secret as Extract<MeansProduct['token']['secret'], { kind: 'pin' }>;

let memory: MemorySuite;
let client: Client;

beforeAll(async () => {
  const products: readonly MeansProduct[] = [
    {
      ...productOf('password'),
      id: 'short-password',
      token: { possession: 'none', secret: { ...password, minimumLength: 6, history: 0 } },
    },
    {
      ...sms,
      id: 'weak-password-sms',
      token: { possession: 'smsCode', secret: { ...password, specialCharacters: '#*', maximumLength: 32 } },
    },
    {
      ...card,
      id: 'card-without-lock',
      token: {
        possession: 'qualifiedCertificateOnSecureDevice',
        secret: { ...pin, minimumLength: 4, attemptsBeforeLock: 100 },
      },
    },
  ];
  const { from } = seed.meansProducts[0]!;
  memory = await startMemorySuite({
    data: { ...seed, meansProducts: [...seed.meansProducts, ...products.map((value) => ({ from, value }))] },
  });
  client = await memory.client('supplier');
});
afterAll(() => memory.end());

async function issuing(product: string, aimedStork: number, acceptLower: boolean) {
  const scene = sceneOf({
    application: await application(client, 'electronic', 'means'),
    authorized: await person(client),
  });
  const identification = await record(client, scene, holderAtThree);
  const delivery: Json = { form: 'registeredLetter', addressValidated: true };
  return (await issue(client, scene, { product, aimedStork, identification, delivery, acceptLower })).answer;
}

describe('what a product holds secrets to', () => {
  it('is shown, with the rules that it lets be broken (PW-01)', async () => {
    const { body } = having(await client.get('/v1/means-products'), 200);
    const shown = (id: string) => (body['items'] as readonly Json[]).find((product) => product['id'] === id)!;
    expect(shown('password-sms')).toMatchObject({
      token: { possession: 'smsCode', secret: { kind: 'password', meetsGuideline: true } },
      secretRules: { ...password, letsBreak: [] },
    });
    expect(shown('certificate-card')).toMatchObject({ secretRules: { ...pin, letsBreak: [] } });
    expect(shown('short-password')).toMatchObject({
      token: { secret: { meetsGuideline: false } },
      secretRules: { minimumLength: 6, letsBreak: ['PW-02', 'PW-08'] },
    });
    expect(shown('weak-password-sms')).toMatchObject({ secretRules: { letsBreak: ['PW-06', 'PW-09'] } });
    expect(shown('card-without-lock')).toMatchObject({ secretRules: { letsBreak: ['AMB-40-length', 'AMB-40-lock'] } });
  });

  it('earns RC 1 and no more where it is below the guideline (MEANS-RC1, MEANS-RC2)', async () => {
    const refused = await issuing('short-password', 2, false);
    expect([refused.status, refused.body['errors']]).toMatchObject([
      409,
      [{ code: 'level-not-reached', aimed: 2, reached: 1, missing: { RC: 2 } }],
    ]);
    const good = having(await issuing('password', 2, false), 200).body;
    expect([good['stork'], (good['scores'] as Json)['RC']]).toEqual([2, 2]);
  });

  it('is no factor where it is below the guideline: what is left of two is one (AMB-79, MEANS-AM3)', async () => {
    const weak = having(await issuing('weak-password-sms', 3, true), 200).body;
    expect([weak['stork'], weak['scores']]).toEqual([2, { ID: 3, IC: 3, IE: 2, RC: 3, AM: 2 }]);
    const unlocked = having(await issuing('card-without-lock', 3, true), 200).body;
    expect([unlocked['stork'], unlocked['scores']]).toMatchObject([2, { RC: 4, AM: 2 }]);
    const good = having(await issuing('password-sms', 3, false), 200).body;
    expect(good['stork']).toBe(3);
  });
});
