import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { actorOf, admission } from './caller.js';
import { localExpectations, localIssuer, MAX_TOKEN_SECONDS, type LocalIssuer } from './local-issuer.js';
import { ROLES, type Scope } from '#libs/configuration';
import { jwtVerifier, TokenRejected } from './token-verifier.js';

const settings = { mode: 'development', publicBaseUrl: 'http://localhost', oin: '00000099000000001000' } as const;
const rsaKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const now = (): number => Math.floor(Date.now() / 1_000);

describe('tokens of the local issuer', () => {
  let key: KeyObject;
  let issuer: LocalIssuer;
  beforeAll(() => {
    key = rsaKey();
    issuer = localIssuer({ id: 'k1', privateKey: key }, settings);
  });

  const signed = (claims: object, header: object = {}, by: KeyObject = key): Promise<string> => {
    const { issuer: iss, audience: aud } = localExpectations(settings);
    const base = { iss, aud, iat: now(), exp: now() + 60, client_id: 'c', scope: 'intake' };
    return new SignJWT({ ...base, ...claims })
      .setProtectedHeader({ alg: 'PS256', kid: 'k1', typ: 'at+jwt', ...header })
      .sign(by);
  };
  const rejected = async (token: string): Promise<string> => {
    try {
      await issuer.verify(token);
    } catch (error) {
      if (error instanceof TokenRejected) return error.reason;
      throw error;
    }
    return 'accepted';
  };

  it('name client, clerk and the scopes of the role', async () => {
    const caller = await issuer.verify(
      await issuer.issue({ client: 'back-office', clerk: 'c-17', role: 'governance' }),
    );
    expect(caller).toEqual({ client: 'back-office', clerk: 'c-17', scopes: new Set(ROLES.governance) });
    expect(actorOf(caller)).toEqual({ client: 'back-office', clerk: 'c-17' });
    expect(actorOf({ client: 'x', scopes: new Set() })).toEqual({ client: 'x' });
  });

  it('live six hours at most', async () => {
    await issuer.issue({ client: 'c', role: 'network', lifetimeSeconds: MAX_TOKEN_SECONDS });
    await expect(
      issuer.issue({ client: 'c', role: 'network', lifetimeSeconds: MAX_TOKEN_SECONDS + 1 }),
    ).rejects.toThrow(RangeError);
  });

  it.each<[string, object, object]>([
    ['another issuer', { iss: 'x' }, {}],
    ['another audience', { aud: 'x' }, {}],
    ['an end that is past', { exp: now() - 60 }, {}],
    ['a start that lies ahead', { nbf: now() + 60 }, {}],
    ['no end', { exp: undefined }, {}],
    ['no client', { client_id: undefined }, {}],
    ['a client that is no identifier', { client_id: 'a b' }, {}],
    ['a scope that is a list', { scope: ['intake'] }, {}],
    ['an unknown key', {}, { kid: 'k2' }],
    ['no kind', {}, { typ: undefined }],
    ['the kind of another token', {}, { typ: 'logout+jwt' }],
    ['the kind of a proof', {}, { typ: 'dpop+jwt' }],
    ['a kind that only looks like one', {}, { typ: 'JWT ' }],
    ['a key that the caller would have to prove', { cnf: { jkt: 'x' } }, {}],
    ['a certificate that the caller would have to prove', { cnf: { 'x5t#S256': 'x' } }, {}],
    ['an empty proof', { cnf: null }, {}],
    ['a life of more than six hours', { exp: now() + 6 * 3_600, iat: now() - 60 }, {}],
    ['a life without end', { exp: 1e300 }, {}],
    ['an issue in the future', { iat: now() + 60 }, {}],
    ['an issue that is no moment', { iat: 'yesterday' }, {}],
    ['no moment of issue', { iat: undefined }, {}],
    ['a person who is no identifier', { sub: 'Jan Jansen' }, {}],
    ...[null, ['c-17'], [['c-17']], 1, 0, true, false, {}, ''].map((sub): [string, object, object] => [
      `the person ${JSON.stringify(sub)}`,
      { sub },
      {},
    ]),
    ...[null, ['c'], 1, true, {}, ''].map((client_id): [string, object, object] => [
      `the client ${JSON.stringify(client_id)}`,
      { client_id },
      {},
    ]),
    ...[null, 1, true, {}].map((scope): [string, object, object] => [
      `the scope ${JSON.stringify(scope)}`,
      { scope },
      {},
    ]),
    ['an issuer in a list', { iss: [localExpectations(settings).issuer] }, {}],
    ['audiences of which one is none', { aud: [localExpectations(settings).audience, 1] }, {}],
    ['an id that is a number', { jti: 1 }, {}],
    ['an id that is nothing', { jti: null }, {}],
    ['a start that is no moment', { nbf: null }, {}],
    ['a moment of issue in a text', { iat: String(now()) }, {}],
    ['an end in a text', { exp: String(now() + 60) }, {}],
  ])('are rejected with %s', async (_name, claims, header) => {
    expect(await rejected(await signed(claims, header))).not.toBe('accepted');
  });

  it.each<[string, object, object]>([
    ['typ is not that of an access token', {}, { typ: 'logout+jwt' }],
    ['cnf is not proven', { cnf: { jkt: 'x' } }, {}],
    ['issued in the future', { iat: now() + 60 }, {}],
    ['lives too long', { exp: now() + 7 * 3_600 }, {}],
    ['client_id is no identifier', { client_id: 'a b' }, {}],
    ['scope is no string', { scope: ['intake'] }, {}],
    ['sub is no identifier', { sub: 'Jan Jansen' }, {}],
  ])('are rejected with the reason for the log: %s', async (reason, claims, header) => {
    expect(await rejected(await signed(claims, header))).toBe(reason);
  });

  it('are made for nobody whose token would be refused', async () => {
    for (const request of [{ client: 'a b' }, { client: '' }, { client: 'c', clerk: 'Jan Jansen' }]) {
      await expect(issuer.issue({ role: 'supplier', ...request })).rejects.toThrow(/^the (client|clerk) is named by/);
    }
  });

  it.each(['at+jwt', 'JWT'])('are taken with the kind %s', async (typ) => {
    expect(await rejected(await signed({ exp: now() + 6 * 3_600 }, { typ }))).toBe('accepted');
  });

  it('are of a person when their subject is another than their client', async () => {
    const clerkOf = async (claims: object) => (await issuer.verify(await signed(claims))).clerk;
    expect(await clerkOf({})).toBeUndefined();
    expect(await clerkOf({ sub: 'c' })).toBeUndefined();
    expect(await clerkOf({ sub: 'c-17' })).toBe('c-17');
  });

  it('let a program in by the scopes of programs only', () => {
    const program = (...scopes: Scope[]) => ({ client: 'c', scopes: new Set(scopes) });
    const person = (...scopes: Scope[]) => ({ ...program(...scopes), clerk: 'c-17' });
    expect(admission(program('audit'), ['audit'])).toBe('person-required');
    expect(admission(program('audit'), ['decision', 'audit'])).toBe('person-required');
    expect(admission(program('audit', 'decision'), ['audit', 'decision'])).toBe('granted');
    expect(admission(person('audit'), ['decision', 'audit'])).toBe('granted');
    expect(admission(person('intake'), ['audit'])).toBe('missing-scope');
    expect(admission(program(), [])).toBe('granted');
  });

  it('are refused soon after their key was withdrawn, and signed with the one that is there', async () => {
    let keys = [{ id: 'old', privateKey: rsaKey() }];
    const rotating = localIssuer(
      {
        signing: async () => keys[0]!,
        verification: async () => keys.map(({ id, privateKey }) => ({ id, publicKey: createPublicKey(privateKey) })),
      },
      settings,
    );
    const old = await rotating.issue({ client: 'c', role: 'network' });
    await rotating.verify(old);
    keys = [{ id: 'new', privateKey: rsaKey() }];
    await rotating.verify(await rotating.issue({ client: 'c', role: 'network' }));
    jest.useFakeTimers({ now: Date.now() + 5_000, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      expect(rotating.remembered(`Bearer ${old}`)).toBeUndefined();
      await expect(rotating.verify(old)).rejects.toThrow('unknown key id');
    } finally {
      jest.useRealTimers();
    }
  });

  it('are judged again once their end has come, however often they were accepted before', async () => {
    const token = await signed({ exp: now() - 4 });
    expect(issuer.remembered(`Bearer ${token}`)).toBeUndefined();
    expect(await rejected(token)).toBe('accepted');
    expect(await rejected(token)).toBe('accepted');
    expect(issuer.remembered(`Bearer ${token}`)).toMatchObject({ client: expect.any(String) });
    expect(issuer.remembered(`Basic ${token}`)).toBeUndefined();
    expect(issuer.remembered(token)).toBeUndefined();
    // Sooner than it would be forgotten anyway.
    jest.useFakeTimers({ now: Date.now() + 2_000, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      expect(issuer.remembered(`Bearer ${token}`)).toBeUndefined();
      expect(await rejected(token)).toBe('ERR_JWT_EXPIRED');
    } finally {
      jest.useRealTimers();
    }
  });

  it('are rejected when malformed, unsigned, or signed by another key', async () => {
    const [, payload] = (await signed({})).split('.') as [string, string, string];
    const header = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const other = rsaKey();
    for (const token of [
      '',
      'x.y.z',
      `${header({ alg: 'none', kid: 'k1' })}.${payload}.`,
      await signed({}, {}, other),
      `${await signed({})}x`,
      'a'.repeat(10_000),
    ]) {
      expect(await rejected(token)).not.toBe('accepted');
    }
  });

  it('are rejected when a symmetric algorithm uses the public key as secret', async () => {
    const secret = Buffer.from(createPublicKey(key).export({ type: 'spki', format: 'pem' }));
    const { issuer: iss, audience: aud } = localExpectations(settings);
    const token = await new SignJWT({ iss, aud, iat: now(), exp: now() + 60, client_id: 'c', scope: 'intake' })
      .setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'at+jwt' })
      .sign(secret);
    expect(await rejected(token)).toBe('ERR_JOSE_ALG_NOT_ALLOWED');
  });

  it('carry no scope that is not ours', async () => {
    expect((await issuer.verify(await signed({ scope: 'intake admin *' }))).scopes).toEqual(new Set(['intake']));
  });

  it('of one installation are foreign to another with the same key', async () => {
    const other = localIssuer({ id: 'k1', privateKey: key }, { ...settings, oin: '00000099000000002000' });
    await expect(issuer.verify(await other.issue({ client: 'c', role: 'auditor' }))).rejects.toThrow(TokenRejected);
  });

  it('are not made in production, nor with a key that is none', () => {
    expect(() => localIssuer({ id: 'k1', privateKey: key }, { ...settings, mode: 'production' })).toThrow(
      'AUTH_ISSUER',
    );
    const publicOnly = createPublicKey(key);
    expect(() => localIssuer({ id: 'k1', privateKey: publicOnly }, settings)).toThrow('private RSA');
  });

  it('can not be judged while the keys of the issuer can not be had, which is no rejection', async () => {
    const verifier = jwtVerifier(localExpectations(settings), { resolve: () => Promise.reject(new Error('network')) });
    await expect(verifier.verify(await signed({}))).rejects.toThrow('network');
  });
});
