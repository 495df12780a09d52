import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { testAuthorizationServer, unless, type TestAuthorizationServer, type TestKeys } from '#libs/testing';
import { freshPlace, inOneProcess, startSuite, type Place, type TestSuite } from './support/suite.js';

const REGISTER = 'https://register.example';
const PATH = '/v1/parties/_search';

let server: TestAuthorizationServer;
let place: Place;
let suites: readonly TestSuite[];
let keys: TestKeys;

beforeAll(async () => {
  server = await testAuthorizationServer({ audience: REGISTER, scopes: ['registration', 'operations'] });
  place = await freshPlace();
  const settings = ['--auth-issuer', server.issuer, '--auth-audience', REGISTER, '--public-base-url', REGISTER];
  // Two processes' worth on one register: nothing but the database is between them.
  suites = [await startSuite(place, settings), await startSuite(place, settings)];
  keys = await generateKeyPair('ES256');
});
afterAll(async () => {
  for (const suite of suites) await suite.stop();
  await place.drop();
  await server.close();
});

const search = async (suite: TestSuite, headers: Readonly<Record<string, string>>): Promise<number> =>
  (
    await fetch(suite.url + PATH, {
      ...{ method: 'POST', body: '{}', headers: { 'content-type': 'application/json', ...headers } },
    })
  ).status;

async function proof(token: string): Promise<string> {
  const ath = createHash('sha256').update(token).digest('base64url');
  return new SignJWT({ htm: 'POST', htu: REGISTER + PATH, jti: randomUUID(), ath })
    .setIssuedAt()
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(keys.publicKey) })
    .sign(keys.privateKey);
}

it('a proof counts once over all instances of a register', async () => {
  const token = await server.token('registration', { bindTo: keys });
  for (let round = 0; round < 5; round++) {
    const headers = { authorization: `DPoP ${token}`, dpop: await proof(token) };
    const answers = await Promise.all([...suites, ...suites].map((suite) => search(suite, headers)));
    expect(answers.sort()).toEqual([200, 401, 401, 401]);
    for (const suite of suites) expect(await search(suite, headers)).toBe(401);
  }
  for (const suite of suites) expect(await search(suite, { authorization: `Bearer ${token}` })).toBe(401);
});

it('nobody else gives tokens there', async () => {
  for (const { url } of suites) expect((await fetch(`${url}/oauth/token`, { method: 'POST' })).status).toBe(404);
});

const inside = inOneProcess('it asks the issuer, and reads the figures, of the process that answers');
unless(inside).it('its own issuer says where tokens come from, and the age of the keys is a figure', async () => {
  const [suite] = suites as [TestSuite];
  await expect(suite.running.issuer.issue({ role: 'supplier', client: 'office' })).rejects.toThrow(
    `tokens come from ${server.issuer}`,
  );
  const metrics = await (await fetch(`${suite.url}/metrics`)).text();
  expect(Number(/^waarborg_issuer_keys_age_seconds (\S+)$/m.exec(metrics)![1])).toBeGreaterThanOrEqual(0);
  expect(metrics).toContain('waarborg_ready{probe="authorization-server"} 1');
});

it('an issuer that is not the one that was set keeps a start from going on', async () => {
  await expect(startSuite(place, ['--auth-issuer', `${server.issuer}/`, '--auth-audience', REGISTER])).rejects.toThrow(
    /letter by letter/,
  );
});
