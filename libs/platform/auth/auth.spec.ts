import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { actorOf } from './caller.js';
import { localExpectations, localIssuer, MAX_TOKEN_SECONDS, type LocalIssuer } from './local-issuer.js';
import { ROLES } from './scopes.js';
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
    return new SignJWT({ ...base, ...claims }).setProtectedHeader({ alg: 'PS256', kid: 'k1', ...header }).sign(by);
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
  ])('are rejected with %s', async (_name, claims, header) => {
    expect(await rejected(await signed(claims, header))).not.toBe('accepted');
  });

  it('are judged again once their end has come, however often they were accepted before', async () => {
    const token = await signed({ exp: now() - 4 });
    expect(issuer.remembered(`Bearer ${token}`)).toBeUndefined();
    expect(await rejected(token)).toBe('accepted');
    expect(await rejected(token)).toBe('accepted');
    expect(issuer.remembered(`Bearer ${token}`)).toMatchObject({ client: expect.any(String) });
    expect(issuer.remembered(`Basic ${token}`)).toBeUndefined();
    expect(issuer.remembered(token)).toBeUndefined();
    jest.useFakeTimers({ now: Date.now() + 10_000, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
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
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
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
