import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { flattenedVerify, jwtVerify } from 'jose';
import { at, fixedClock, until } from '#libs/testing';
import type { WrittenAnswer } from '#libs/platform';
import { answerSigner } from './answer-signer.js';

type VerificationKey = Omit<Key, 'privateKey'> & { readonly publicKey: KeyObject };
type Key = { readonly id: string; readonly algorithm: 'ES256' | 'PS256'; readonly privateKey: KeyObject };

const ec = (id: string): Key => ({
  id,
  algorithm: 'ES256',
  privateKey: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey,
});
const rsa = (id: string): Key => ({
  id,
  algorithm: 'PS256',
  privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
});

/** A signer on keys that a test changes, with what it told the operator. */
function onKeys(first: Key) {
  const state = {
    key: first as Key | Error,
    looks: 0,
    ticks: 0,
    told: [] as string[],
    begun: 0,
    published: [] as VerificationKey[],
    given: undefined as (Omit<Key, 'privateKey'> & { privateKey: KeyObject }) | undefined,
    hangs: undefined as Promise<void> | undefined,
    patience: 0,
    publishedSince: 0,
  };
  const signer = answerSigner(
    {
      begin: async () => void (state.begun += 1),
      signing: async (publishedSince) => {
        state.looks += 1;
        state.publishedSince = publishedSince;
        if (state.hangs !== undefined) await state.hangs;
        if (state.key instanceof Error) throw state.key;
        return (state.given = { ...state.key });
      },
      verification: async () => {
        if (state.key instanceof Error) throw state.key;
        return state.published;
      },
    },
    fixedClock(at('2026-03-02T09:00:00.123Z')).now,
    (name, error) => void state.told.push(`${name}: ${(error as Error).message}`),
    () => state.ticks,
    (milliseconds, waitedFor) => {
      state.patience = milliseconds;
      return state.hangs === undefined ? waitedFor : Promise.reject(new Error('does not answer'));
    },
  );
  return { state, signer: { ...signer, sign: async (text: string) => (await signer.ready())(text) } };
}

const headerOf = ({ headers }: WrittenAnswer): Record<string, unknown> =>
  JSON.parse(Buffer.from(headers[3]!.split('.')[0]!, 'base64url').toString()) as Record<string, unknown>;
const kidOf = (answer: WrittenAnswer): unknown => headerOf(answer)['kid'];

async function verified({ headers }: WrittenAnswer, { privateKey }: Key): Promise<boolean> {
  const [protectedHeader, signature] = headers[3]!.split('..') as [string, string];
  return flattenedVerify(
    { protected: protectedHeader, payload: `digest: ${headers[1]}`, signature },
    createPublicKey(privateKey),
    { crit: { sigD: true, sigT: true } },
  ).then(
    () => true,
    () => false,
  );
}

describe('what signs answers (LVL-14)', () => {
  it.each([ec('k-1'), rsa('k-2')])('signs in the form of the NL GOV module with $algorithm', async (key) => {
    const { signer, state } = onKeys(key);
    await signer.begin();
    expect(state.begun).toBe(1);
    // What the public keys may be kept for, and what clocks may differ by.
    expect(state.publishedSince).toBe(Date.parse('2026-03-02T08:54:55.123Z'));
    const answer = await signer.sign('{"decision":true}');
    expect(answer.text).toBe('{"decision":true}');
    expect(answer.headers.filter((_, place) => place % 2 === 0)).toEqual(['Digest', 'Payload-Signature']);
    expect(answer.headers[1]).toBe('SHA-256=pZRDtq3e+kMRMqhmahuHHFhOv4SoPPjawVl3hmri2Bk=');
    expect(headerOf(answer)).toEqual({
      alg: key.algorithm,
      kid: key.id,
      b64: false,
      crit: ['b64', 'sigT', 'sigD'],
      sigT: '2026-03-02T09:00:00Z',
      sigD: { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: ['digest'] },
    });
    expect(await verified(answer, key)).toBe(true);
    expect(await verified(answer, ec('another'))).toBe(false);
  });

  it('looks at its key beside the answers, and lets none wait for that before five seconds', async () => {
    const [first, second] = [ec('first'), ec('second')];
    const { signer, state } = onKeys(first);
    await signer.begin();
    state.key = second;
    state.ticks = 2_400;
    expect(kidOf(await signer.sign('{}'))).toBe('first');
    expect(state.looks).toBe(1);
    state.ticks = 2_600;
    expect(kidOf(await signer.sign('{}'))).toBe('first');
    expect(state.looks).toBe(2);
    expect(kidOf(await signer.sign('{}'))).toBe('second');
    state.key = first;
    state.ticks = 20_000;
    expect((await Promise.all([1, 2, 3].map(() => signer.sign('{}')))).map(kidOf)).toEqual(['first', 'first', 'first']);
    expect(state.looks).toBe(3);
  });

  it('gives no answer while its keys are away for longer than that, says so once, and goes on when they are back', async () => {
    const key = ec('k-1');
    const { signer, state } = onKeys(key);
    await signer.begin();
    state.key = new Error('others may read it');
    state.ticks = 3_000;
    expect(kidOf(await signer.sign('{}'))).toBe('k-1');
    state.ticks = 6_000;
    await expect(signer.sign('{}')).rejects.toMatchObject({ status: 503 });
    await expect(signer.sign('{}')).rejects.toMatchObject({ status: 503 });
    expect(state.told).toEqual(['keys of signed answers: others may read it']);
    expect(signer.trouble()).toBe('others may read it');
    state.key = key;
    await until('it is back', () => signer.trouble() === undefined);
    expect(await verified(await signer.sign('{}'), key)).toBe(true);
    // Where nobody asks, whoever looks at health finds it out.
    state.key = new Error('gone');
    state.ticks = 12_000;
    signer.trouble();
    await until('it is found out', () => signer.trouble() === 'gone');
  });

  it('waits a bounded time for a folder that hangs, and asks it once however many wait', async () => {
    const { signer, state } = onKeys(ec('k-1'));
    let goOn = (): void => undefined;
    state.hangs = new Promise((resolve) => (goOn = resolve));
    for (let nr = 0; nr < 3; nr++) await expect(signer.ready()).rejects.toMatchObject({ status: 503 });
    expect([state.looks, state.patience]).toEqual([1, 2_000]);
    expect(signer.trouble()).toBe('does not answer');
    state.hangs = undefined;
    goOn();
    await until('it is back', () => signer.trouble() === undefined);
    expect(kidOf(await signer.sign('{}'))).toBe('k-1');
  });

  it('publishes no list without a key, which others would keep', async () => {
    const key = ec('k-1');
    const { signer, state } = onKeys(key);
    await expect(signer.published()).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '1' } });
    state.published = [{ id: 'k-1', algorithm: 'ES256', publicKey: createPublicKey(key.privateKey) }];
    expect((await signer.published()).map(({ id }) => id)).toEqual(['k-1']);
    state.key = new Error('others may read it');
    await expect(signer.published()).rejects.toMatchObject({ status: 503 });
  });

  it('does not keep a signature of claims that failed', async () => {
    const key = ec('k-1');
    const { signer, state } = onKeys(key);
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    state.key = { ...key, privateKey: publicKey };
    await expect(signer.token({ a: 1 })).rejects.toThrow();
    state.given!.privateKey = key.privateKey;
    await jwtVerify(await signer.token({ a: 1 }), createPublicKey(key.privateKey));
  });

  it('signs the same claims once, and anew with another key', async () => {
    const [first, second] = [ec('first'), ec('second')];
    const { signer, state } = onKeys(first);
    await signer.begin();
    const token = await signer.token({ iss: 'https://register.example', a: 1 });
    expect(await signer.token({ iss: 'https://register.example', a: 1 })).toBe(token);
    expect((await jwtVerify(token, createPublicKey(first.privateKey))).payload).toEqual({
      iss: 'https://register.example',
      a: 1,
      iat: Date.parse('2026-03-02T09:00:00Z') / 1_000,
    });
    expect(await signer.token({ iss: 'https://register.example', a: 2 })).not.toBe(token);
    state.key = second;
    state.ticks = 6_000;
    const anew = await signer.token({ iss: 'https://register.example', a: 1 });
    await jwtVerify(anew, createPublicKey(second.privateKey));
  });
});
