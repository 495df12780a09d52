import { createHash, createHmac, createPublicKey, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Inject, Module, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { customFetch, DPoP, protectedResourceRequest } from 'oauth4webapi';
import { memoryStores } from '#libs/adapters/memory';
import {
  testAuthorizationServer,
  until,
  type TestAuthorizationServer,
  type TestClaims,
  type TestKeys,
} from '#libs/testing';
import { readConfiguration } from '#libs/configuration';
import {
  createApp,
  CurrentCaller,
  DIRECT_ROUTES,
  organizationLogins,
  Scopes,
  startApp,
  type Caller,
  type DirectRequest,
  type DirectRoutes,
  type OrganizationLogins,
} from '../index.js';

@Controller('v1/samples')
class SampleController {
  @Scopes('intake')
  @Get()
  read(@CurrentCaller() { client, clerk, scopes }: Caller) {
    return { client, clerk, scopes: [...scopes] };
  }

  @Scopes('registration')
  @Post('_search')
  search() {
    return { items: [], next: null };
  }
}

@Controller('access/v1/raw')
class DirectController {
  constructor(@Inject(DIRECT_ROUTES) direct: DirectRoutes) {
    direct.add(this, 'decide', '/access/v1/raw');
  }

  @Scopes('decision')
  @Post()
  decide({ caller }: DirectRequest) {
    return { client: caller.client };
  }
}

@Module({ controllers: [SampleController, DirectController] })
class SampleModule {}

const PUBLIC_BASE = 'https://register.example/suite';
const AUDIENCE = 'https://register.example';
const SCOPES = ['intake', 'decision', 'registration'];

/** One instance: its own keys of the server, its own memory of tokens, and the list of used proofs that all share. */
interface Instance {
  readonly base: string;
  readonly app: NestFastifyApplication;
  readonly logins: OrganizationLogins;
  readonly lines: string[];
  /** What was told whoever runs it. */
  readonly said: string[];
  end(): Promise<void>;
}

let now = 0;
const stores = memoryStores();

async function startInstance(
  server: { readonly issuer: string },
  settings: readonly string[] = [],
  instant = { lookEvery: 600_000 },
): Promise<Instance> {
  const configuration = readConfiguration(
    [
      '--port',
      '0',
      '--auth-issuer',
      server.issuer,
      '--auth-audience',
      AUDIENCE,
      '--public-base-url',
      PUBLIC_BASE,
    ].concat(settings),
    {},
  );
  const [lines, said]: string[][] = [[], []];
  const logins = organizationLogins(configuration.authorizationServer!, {
    ...{ configuration, usedProofs: stores.usedProofs, clock: () => now },
    ...{ log: (line: string) => void said!.push(line), limits: instant },
  });
  await logins.server.begin();
  const logTo = { write: (line: string) => void lines!.push(line) };
  const app = await createApp(SampleModule, { configuration, tokenVerifier: logins.verifier, logTo });
  const base = await startApp(app, configuration);
  return {
    ...{ base, app, logins, lines: lines!, said: said! },
    async end() {
      logins.server.close();
      await app.close();
    },
  };
}

let server: TestAuthorizationServer;
let instance: Instance;
let other: Instance;
let keys: TestKeys;

beforeAll(async () => {
  server = await testAuthorizationServer({ audience: AUDIENCE, scopes: SCOPES });
  [instance, other, keys] = [await startInstance(server), await startInstance(server), await generateKeyPair('ES256')];
});
afterAll(async () => {
  await instance.end();
  await other.end();
  await server.close();
});

const READ = '/v1/samples';
const ask = (token: string, headers: Readonly<Record<string, string>> = {}, at: Instance = instance) =>
  fetch(at.base + READ, { headers: { authorization: `Bearer ${token}`, ...headers } });
/** Why it was refused, as the security log has it; `accepted` for a 200. */
async function verdict(response: Response, at: Instance = instance): Promise<string> {
  if (response.status === 200) return 'accepted';
  const last = at.lines.filter((line) => line.includes('"security"')).at(-1);
  return `${response.status} ${(JSON.parse(last ?? '{}') as { reason?: string }).reason}`;
}
const judged = async (claims: TestClaims, header: object = {}): Promise<string> =>
  verdict(await ask(await server.sign(server.claims(claims), { ...header })));

describe('tokens of the organization’s own server', () => {
  it('are taken as its client gets them, by every door, as often as they are brought', async () => {
    const token = await server.token('intake decision');
    const response = await ask(token);
    expect([response.status, await response.json()]).toEqual([
      ...[200, { client: 'back-office', scopes: ['intake', 'decision'] }],
    ]);
    for (let time = 0; time < 3; time++) {
      const decided = await fetch(`${instance.base}/access/v1/raw`, {
        ...{ method: 'POST', body: '{}' },
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
      expect([decided.status, await decided.json()]).toEqual([200, { client: 'back-office' }]);
    }
    const lacking = await fetch(`${instance.base}/v1/samples/_search`, {
      ...{ method: 'POST', body: '{}' },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    expect(lacking.status).toBe(403);
    expect(lacking.headers.get('www-authenticate')).toMatch(/^Bearer .*error="insufficient_scope"/);
  });

  it('name the client by client_id or azp, and a person only where sub is another', async () => {
    const whose = async (claims: TestClaims): Promise<unknown> => {
      const { client, clerk } = (await (await ask(await server.sign(server.claims(claims)))).json()) as Caller;
      return clerk === undefined ? client : `${client} for ${clerk}`;
    };
    expect(await whose({})).toBe('back-office');
    expect(await whose({ sub: undefined })).toBe('back-office');
    expect(await whose({ sub: 'c-17' })).toBe('back-office for c-17');
    expect(await whose({ client_id: undefined, azp: 'desk', sub: 'desk' })).toBe('desk');
    expect(await whose({ client_id: undefined, azp: 'desk', sub: 'c-17' })).toBe('desk for c-17');
    expect(await whose({ azp: 'back-office' })).toBe('back-office');
  });

  it.each<[string, TestClaims | (() => TestClaims), object, string]>([
    ['another issuer', { iss: 'http://127.0.0.1:1' }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['its issuer with a slash more', () => ({ iss: `${server.issuer}/` }), {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['another audience', { aud: 'https://elsewhere.example' }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no audience', { aud: undefined }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['an end that is past', () => ({ exp: seconds(-31) }), {}, 'ERR_JWT_EXPIRED'],
    ['a begin that lies ahead', () => ({ nbf: seconds(40) }), {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['an issue that lies ahead', () => ({ iat: seconds(40) }), {}, 'issued in the future'],
    ['a life of more than six hours', () => ({ exp: seconds(6 * 3_600 + 60) }), {}, 'lives too long'],
    ['no scope', { scope: undefined }, {}, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no client', { client_id: undefined }, {}, 'client_id is no identifier'],
    ['two clients', { azp: 'another' }, {}, 'client_id and azp differ'],
    ['a client that is a list', { client_id: ['back-office'] }, {}, 'client_id is no identifier'],
    ['the kind of an ID token', {}, { typ: 'JWT' }, 'typ is not that of an access token'],
    ['no kind', {}, { typ: undefined }, 'typ is not that of an access token'],
    ['the nonce of an ID token', { nonce: 'n' }, {}, 'nonce is no claim of an access token'],
    ['the hash of an ID token', { at_hash: 'n' }, {}, 'at_hash is no claim of an access token'],
    ['the events of a logout token', { events: {} }, {}, 'events is no claim of an access token'],
    ['no key id', {}, { kid: undefined }, 'no key id'],
    ['an unknown critical header', {}, { crit: ['b64x'], b64x: true }, 'ERR_JOSE_NOT_SUPPORTED'],
  ])('are refused with %s', async (_name, changes, header, reason) => {
    const claims = server.claims(typeof changes === 'function' ? changes() : changes);
    // What its own library does not sign is signed by hand, so that a stranger's token comes whole.
    const byHand = (): string => signedByHand({ alg: 'PS256', kid: 'key-1', typ: 'at+jwt', ...header }, claims);
    const token = await server.sign(claims, { ...header }).catch(byHand);
    expect(await verdict(await ask(token))).toBe(`401 ${reason}`);
  });

  it('are refused with an algorithm that is not allowed, none or the public key as a secret among them', async () => {
    const header = (alg: string): string =>
      Buffer.from(JSON.stringify({ alg, kid: 'key-1', typ: 'at+jwt' })).toString('base64url');
    const body = Buffer.from(JSON.stringify(server.claims())).toString('base64url');
    const { keys: published } = (await (await fetch(`${server.issuer}/jwks`)).json()) as { keys: { kty: string }[] };
    const secret = createPublicKey({ key: published[0]!, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const hashed = createHmac('sha256', secret)
      .update(`${header('HS256')}.${body}`)
      .digest('base64url');
    for (const token of [`${header('none')}.${body}.`, `${header('HS256')}.${body}.${hashed}`]) {
      expect(await verdict(await ask(token))).toMatch(/^401 (ERR_JOSE_ALG_NOT_ALLOWED|no bearer token)/);
    }
    // The key is there, for another algorithm.
    const token = await server.sign(server.claims());
    const [, claims, signature] = token.split('.');
    expect(await verdict(await ask(`${header('RS256')}.${claims}.${signature}`))).toMatch(/^401 ERR_/);
    expect(await verdict(await ask(`${header('ES256')}.${claims}.${signature}`))).toMatch(/^401 ERR_/);
  });

  it('are refused when another server signed them, also one that names the same key', async () => {
    const foreign = await testAuthorizationServer({ audience: AUDIENCE, scopes: SCOPES });
    expect(await verdict(await ask(await foreign.token('intake')))).toMatch(/^401 ERR_/);
    expect(await verdict(await ask(await foreign.sign(server.claims())))).toBe(
      '401 ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    );
    await foreign.close();
  });

  it('may say JWT of their kind, and the letters of the media type, only where that is set', async () => {
    const lenient = await startInstance(server, ['--auth-accept-jwt-typ', 'true']);
    const typed = async (typ: string, claims: TestClaims = {}): Promise<string> =>
      verdict(await ask(await server.sign(server.claims(claims), { typ }), {}, lenient), lenient);
    for (const typ of ['JWT', 'at+jwt', 'application/at+jwt'])
      expect([typ, await typed(typ)]).toEqual([typ, 'accepted']);
    expect(await typed('JWT', { nonce: 'n' })).toBe('401 nonce is no claim of an access token');
    expect(await typed('JWT', { aud: 'back-office' })).toBe('401 ERR_JWT_CLAIM_VALIDATION_FAILED');
    expect(await typed('logout+jwt')).toBe('401 typ is not that of an access token');
    expect(await judged({}, { typ: 'application/at+jwt' })).toBe('accepted');
    await lenient.end();
  });
});

interface Changes {
  readonly claims?: TestClaims;
  readonly header?: object;
  readonly by?: TestKeys;
  readonly shown?: TestKeys;
}

/** A proof as a client makes it, with something changed. */
async function proofFor(token: string, changes: Changes = {}): Promise<string> {
  const { by = keys, shown = by } = changes;
  const claims = {
    ...{ htm: 'GET', htu: `${PUBLIC_BASE}${READ}`, jti: randomUUID(), iat: seconds(0) },
    ath: createHash('sha256').update(token).digest('base64url'),
    ...changes.claims,
  };
  const jwk = await exportJWK(shown.publicKey);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...changes.header })
    .sign(by.privateKey);
}
const bound = (): Promise<string> => server.token('intake decision', { bindTo: keys });
const bring = (token: string, proof: string, at: Instance = instance) =>
  fetch(at.base + READ, { headers: { authorization: `DPoP ${token}`, dpop: proof } });

describe('tokens that are bound to a key', () => {
  it('are taken with a proof of that key, as a client’s library makes it', async () => {
    const token = await bound();
    // The client sends it to where it knows the register to be; a gateway in between takes the public base away.
    const throughGateway = (url: string, { headers }: { readonly headers: Record<string, string> }) =>
      fetch(url.replace(PUBLIC_BASE, instance.base), { headers });
    const response = await protectedResourceRequest(
      ...([token, 'GET', new URL(`${PUBLIC_BASE}${READ}?page=1#part`), undefined, undefined] as const),
      { DPoP: DPoP({}, keys), [customFetch]: throughGateway },
    );
    expect([response.status, await response.json()]).toMatchObject([200, { client: 'back-office' }]);
    expect(await verdict(await bring(token, await proofFor(token)))).toBe('accepted');
  });

  it.each<[string, Changes | (() => Changes), string]>([
    ['another method', { claims: { htm: 'POST' } }, 'htm is another method'],
    ['the method in small letters', { claims: { htm: 'get' } }, 'htm is another method'],
    ['another path', { claims: { htu: `${PUBLIC_BASE}/v1/others` } }, 'htu is another address'],
    ['another host', { claims: { htu: `https://elsewhere.example/suite${READ}` } }, 'htu is another address'],
    ['plain http', { claims: { htu: `http://register.example/suite${READ}` } }, 'htu is another address'],
    ['a user in the address', { claims: { htu: `https://a@register.example/suite${READ}` } }, 'htu is another address'],
    ['no address', { claims: { htu: undefined } }, 'htu is another address'],
    ['the hash of another token', { claims: { ath: 'x' } }, 'ath is of another token'],
    ['no hash', { claims: { ath: undefined } }, 'ath is of another token'],
    ['a moment that is past', () => ({ claims: { iat: seconds(-32) } }), 'iat is not now'],
    ['a moment that lies ahead', () => ({ claims: { iat: seconds(33) } }), 'iat is not now'],
    ['no moment', { claims: { iat: undefined } }, 'iat is not now'],
    ['a moment in a text', { claims: { iat: '1' } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no id', { claims: { jti: undefined } }, 'jti is no id'],
    ['an id without end', { claims: { jti: 'x'.repeat(257) } }, 'jti is no id'],
    ['another kind', { header: { typ: 'jwt' } }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no key', { header: { jwk: undefined } }, 'ERR_JWS_INVALID'],
    ['a secret for a key', { header: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } }, 'ERR_JOSE_NOT_SUPPORTED'],
  ])('are refused with a proof of %s', async (_name, changes, reason) => {
    const token = await bound();
    const response = await bring(token, await proofFor(token, typeof changes === 'function' ? changes() : changes));
    expect(response.headers.get('www-authenticate')).toBe(
      'DPoP realm="waarborg", error="invalid_dpop_proof", algs="ES256 EdDSA Ed25519 PS256 RS256"',
    );
    expect(await verdict(response)).toBe(`401 proof: ${reason}`);
  });

  it('are refused with a proof of another key, signed by another than it shows, or changed', async () => {
    const token = await bound();
    const strange: TestKeys = await generateKeyPair('ES256');
    expect(await verdict(await bring(token, await proofFor(token, { by: strange })))).toBe(
      '401 proof: made by another key',
    );
    expect(await verdict(await bring(token, await proofFor(token, { by: strange, shown: keys })))).toBe(
      '401 proof: ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    );
    const shown = await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
    expect(await verdict(await bring(token, await proofFor(token, { header: { jwk: shown } })))).toMatch(
      /^401 proof: (ERR_JW|its key)/,
    );
    expect(await verdict(await bring(token, `${await proofFor(token)}x`))).toMatch(/^401 proof: ERR_/);
    expect(await verdict(await bring(token, 'x'))).toMatch(/^401 proof: ERR_/);
    expect(await verdict(await bring(token, 'x'.repeat(5_000)))).toBe('401 proof: too long');
  });

  it('take a proof once, whatever instance it comes to, and not as used up what was refused', async () => {
    const token = await bound();
    const jti = randomUUID();
    // Somebody else's proof of the same id uses up nothing.
    const strange = await generateKeyPair('ES256');
    const theirs = await server.token('intake', { bindTo: strange });
    expect(await verdict(await bring(theirs, await proofFor(theirs, { by: strange, claims: { jti } })))).toBe(
      'accepted',
    );
    expect(await verdict(await bring(token, await proofFor(token, { claims: { jti, htm: 'PUT' } })))).toMatch(/^401/);
    const proof = await proofFor(token, { claims: { jti } });
    const answers = await Promise.all(
      [instance, other, instance, other].map(async (at) => (await bring(token, proof, at)).status),
    );
    expect(answers.sort()).toEqual([200, 401, 401, 401]);
    expect(await verdict(await bring(token, proof))).toBe('401 proof: used before');
    expect(await verdict(await bring(token, proof, other), other)).toBe('401 proof: used before');
    // The same words signed anew are the same proof.
    expect(await verdict(await bring(token, await proofFor(token, { claims: { jti } })))).toBe(
      '401 proof: used before',
    );
  });

  it('are refused with two proofs, or none', async () => {
    const token = await bound();
    const proofs = [await proofFor(token), await proofFor(token)];
    expect(await raw({ authorization: `DPoP ${token}`, dpop: proofs })).toBe(401);
    expect(instance.lines.at(-2)).toContain('there are several');
    // Both are unused.
    expect(await verdict(await bring(token, proofs[0]!))).toBe('accepted');
    expect(await raw({ authorization: `DPoP ${token}` })).toBe(401);
    expect(await verdict(await bring(token, `${proofs[1]}, ${proofs[1]}`))).toMatch(/^401 proof: ERR_/);
  });

  it('are refused as bearer tokens, by every door, also right after they were proven', async () => {
    const token = await bound();
    expect(await verdict(await bring(token, await proofFor(token)))).toBe('accepted');
    const response = await ask(token);
    expect(await verdict(response)).toBe('401 is bound to a key and brought as bearer token');
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer realm="waarborg", error="invalid_token", DPoP realm="waarborg", algs="ES256 EdDSA Ed25519 PS256 RS256"',
    );
    expect(await verdict(await ask(token, { dpop: await proofFor(token) }))).toMatch(/^401 is bound to a key/);
    const htu = `${PUBLIC_BASE}/access/v1/raw`;
    const decide = async (scheme: string, proof?: string): Promise<number> => {
      const headers = { authorization: `${scheme} ${token}`, 'content-type': 'application/json' };
      const more = proof === undefined ? {} : { dpop: proof };
      const url = `${instance.base}/access/v1/raw`;
      return (await fetch(url, { method: 'POST', body: '{}', headers: { ...headers, ...more } })).status;
    };
    const claims = { htm: 'POST', htu };
    const proof = await proofFor(token, { claims });
    expect(await decide('DPoP', proof)).toBe(200);
    expect([await decide('Bearer'), await decide('DPoP', proof), await decide('DPoP')]).toEqual([401, 401, 401]);
    expect(await decide('DPoP', await proofFor(token, { claims }))).toBe(200);
  });

  it('are nobody’s when bound to what is not known, or to nothing', async () => {
    for (const cnf of [{}, null, 'x', [], { kid: 'x' }, { jkt: 1 }, { jkt: 'x', 'x5t#S256': 'y', more: 'z' }]) {
      const token = await server.sign(server.claims({ cnf }));
      expect([cnf, await verdict(await ask(token))]).toEqual([cnf, expect.stringMatching(/^401 cnf/)]);
      expect([cnf, await verdict(await bring(token, await proofFor(token)))]).toEqual([
        ...[cnf, expect.stringMatching(/^401 cnf/)],
      ]);
    }
    // Bound to both: the proof alone is not enough.
    const jkt = await calculateJwkThumbprint(await exportJWK(keys.publicKey));
    const both = await server.sign(server.claims({ cnf: { jkt, 'x5t#S256': 'y' } }));
    expect(await verdict(await bring(both, await proofFor(both)))).toMatch(/^401 is bound to a certificate/);
    const free = await server.token('intake');
    expect(await verdict(await bring(free, await proofFor(free)))).toBe('401 is bound to no key');
  });

  it('are told apart by a challenge for each way where there is no token', async () => {
    const response = await fetch(instance.base + READ);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="waarborg", DPoP realm="waarborg", algs="ES256 EdDSA Ed25519 PS256 RS256"',
    ]);
  });

  it('are 503 while it can not be told whether a proof was used', async () => {
    const configuration = readConfiguration(
      ['--port', '0', '--auth-issuer', server.issuer, '--auth-audience', AUDIENCE, '--public-base-url', PUBLIC_BASE],
      {},
    );
    const logins = organizationLogins(configuration.authorizationServer!, {
      ...{ configuration, log: () => undefined },
      usedProofs: { use: () => Promise.reject(new Error('the database is away')) },
    });
    await logins.server.begin();
    const token = await bound();
    const proof = await proofFor(token);
    const request = { method: 'GET', url: READ, rawHeaders: ['DPoP', proof], socket: {} } as never;
    await expect(logins.verifier.verify(token, { scheme: 'DPoP', request })).rejects.toThrow('the database is away');
    logins.server.close();
  });
});

describe('the keys of the server', () => {
  /** A server and an instance of its own each, as they are taken apart. */
  const apart = async (): Promise<readonly [TestAuthorizationServer, Instance]> => {
    const own = await testAuthorizationServer({ audience: AUDIENCE, scopes: SCOPES });
    return [own, await startInstance(own)];
  };

  it('are had again when a token names one that is not known, but not as often as strangers like', async () => {
    const [own, at] = await apart();
    const statusOf = async (token: string): Promise<number> => (await ask(token, {}, at)).status;
    const old = await own.token('intake');
    expect(await statusOf(old)).toBe(200);
    const before = own.asked('/jwks');
    await own.rotate();
    now += 5_000;
    expect(await statusOf(await own.token('intake'))).toBe(200);
    expect(own.asked('/jwks')).toBe(before + 1);
    // The one before is withdrawn; it was remembered for five seconds at most.
    expect(await statusOf(`${old.slice(0, -8)}AAAAAAAA`)).toBe(401);
    for (let stranger = 0; stranger < 20; stranger++) {
      expect(await statusOf(await own.sign(own.claims(), { kid: `made-up-${stranger}` }))).toBe(401);
    }
    expect(own.asked('/jwks')).toBe(before + 1);
    now += 5_000;
    await Promise.all(Array.from({ length: 10 }, async () => statusOf(await own.sign(own.claims(), { kid: 'new' }))));
    expect(own.asked('/jwks')).toBe(before + 2);
    await at.end();
    await own.close();
  });

  it('go on counting for an hour while the server is away, and never longer', async () => {
    const [own, at] = await apart();
    const statusOf = async (token: string): Promise<number> => (await ask(token, {}, at)).status;
    const [known, later, latest] = [await own.token('intake'), await own.token('intake'), await own.token('intake')];
    const unknown = await own.sign(own.claims(), { kid: 'new' });
    expect(await statusOf(known)).toBe(200);
    await own.away();
    now += 59 * 60_000;
    expect(await statusOf(later)).toBe(200);
    // Whether there is such a key can't be told.
    expect(await statusOf(unknown)).toBe(503);
    expect(at.logins.server.trouble()).toBeUndefined();
    now += 61_000;
    const refused = await ask(latest, {}, at);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(at.logins.server.trouble()).toMatch(/does not answer/);
    expect(at.said).toEqual([
      expect.stringMatching(/those known count for 60 minutes: .* does not answer \(ECONNREFUSED\)$/),
    ]);
    await own.back();
    now += 5_000;
    expect(await statusOf(latest)).toBe(200);
    expect(at.logins.server.trouble()).toBeUndefined();
    expect(at.said.at(-1)).toContain('can be had again');
    await at.end();
    await own.close();
  });

  it('are waited for where the server is away at the start: 503 until then, never a yes', async () => {
    const own = await testAuthorizationServer({ audience: AUDIENCE, scopes: SCOPES });
    const token = await own.token('intake');
    await own.away();
    const at = await startInstance(own);
    expect(at.said).toEqual([expect.stringMatching(/can't be had, no token is taken until then: /)]);
    expect([at.logins.server.age(), at.logins.server.trouble()]).toEqual([
      ...[undefined, expect.stringMatching(/ECONNREFUSED/)],
    ]);
    expect((await ask(token, {}, at)).status).toBe(503);
    expect((await ask('nonsense', {}, at)).status).toBe(401);
    await own.back();
    now += 5_000;
    expect((await ask(token, {}, at)).status).toBe(200);
    await at.end();
    await own.close();
  });

  it('are looked at again by themselves, so that one that was withdrawn ends', async () => {
    const own = await testAuthorizationServer({ audience: AUDIENCE, scopes: SCOPES });
    const at = await startInstance(own, [], { lookEvery: 20 });
    const [old, another] = [await own.token('intake'), await own.token('intake')];
    expect((await ask(old, {}, at)).status).toBe(200);
    await own.rotate();
    const before = own.asked('/jwks');
    await until('the keys were looked at', () => own.asked('/jwks') >= before + 2);
    expect((await ask(another, {}, at)).status).toBe(401);
    await at.end();
    await own.close();
  });

  it.each([
    [
      'of another issuer',
      (issuer: string) => ({ issuer: `${issuer}/`, jwks_uri: `${issuer}/jwks` }),
      /letter by letter/,
    ],
    ['without keys', (issuer: string) => ({ issuer }), /names no jwks_uri/],
  ])('refuse the start where its metadata are %s', async (_name, metadata, message) => {
    const own = await testAuthorizationServer({ audience: AUDIENCE, scopes: SCOPES });
    own.answering('/.well-known/oauth-authorization-server', JSON.stringify(metadata(own.issuer)));
    await expect(startInstance(own)).rejects.toThrow(message);
    await own.close();
  });

  it('are found by OpenID’s name for the metadata where there is no other, and no answer is trusted with its length', async () => {
    const own = await testAuthorizationServer({ audience: AUDIENCE, scopes: SCOPES });
    for (const odd of ['', '<html>', 'null']) {
      own.answering('/.well-known/oauth-authorization-server', odd === 'null' ? '' : odd);
      const at = await startInstance(own);
      expect((await ask(await own.token('intake'), {}, at)).status).toBe(200);
      await at.end();
    }
    own.answering('/jwks', JSON.stringify({ keys: [], more: 'x'.repeat(600_000) }));
    const at = await startInstance(own);
    expect(at.said[0]).toMatch(/more than 524288 bytes/);
    own.answering('/jwks', JSON.stringify({ keys: [] }));
    now += 5_000;
    expect((await ask(await own.token('intake'), {}, at)).status).toBe(503);
    expect(at.logins.server.trouble()).toMatch(/holds no keys/);
    // Others may read the first of the two.
    own.answering('/jwks', '{ "keys": [],\n "keys": [{}] }');
    now += 5_000;
    expect((await ask(await own.token('intake'), {}, at)).status).toBe(503);
    expect(at.logins.server.trouble()).toContain('keys stands there twice: line 1, column 11 and line 2, column 10');
    await at.end();
    await own.close();
  });
});

function seconds(from: number): number {
  return Math.floor(Date.now() / 1_000) + from;
}

/** A token whose signature holds for nothing. */
function signedByHand(header: object, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${Buffer.from('signature').toString('base64url')}`;
}

/** A header may come twice, which `fetch` has no way to send. */
function raw(headers: Readonly<Record<string, string | string[]>>): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(instance.base + READ, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });
}
