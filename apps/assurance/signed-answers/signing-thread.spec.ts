import { createPublicKey, generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { signingThread } from './signing-thread.js';

const ec = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
const isOf = (key: KeyObject, text: string, signature: string): boolean =>
  verify(
    'sha256',
    Buffer.from(text),
    { key: createPublicKey(key), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );

it('each of many texts gets its own signature, by the key that it was given with', async () => {
  const sign = signingThread();
  const [first, second] = [ec(), ec()];
  const wanted = [...Array(50).keys()].map((number) => ({
    key: number % 20 < 10 ? first : second,
    text: `text ${number}`,
  }));
  const signed = await Promise.all(wanted.map(({ key, text }) => sign(key, text)));
  expect(wanted.map(({ key, text }, place) => isOf(key, text, signed[place]!))).toEqual(Array(50).fill(true));
  expect(isOf(second, 'text 0', signed[0]!)).toBe(false);
  expect(isOf(first, 'text 1', signed[0]!)).toBe(false);
});

it('whoever asks by a key that can not sign is told so, and the next are signed', async () => {
  const sign = signingThread();
  const [good, bad] = [ec(), generateKeyPairSync('ed25519').privateKey];
  const settled = await Promise.allSettled([sign(good, 'a'), sign(bad, 'b'), sign(bad, 'c'), sign(good, 'd')]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(isOf(good, 'e', await sign(good, 'e'))).toBe(true);
});
