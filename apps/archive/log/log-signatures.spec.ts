import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { LogKeys } from '#libs/application';
import { unless } from '#libs/testing';
import {
  isSupported,
  judgeCheckpoint,
  logSigner,
  parseNote,
  parsePolicy,
  parseVerifierKey,
  secretKey,
  trusting,
  verifierKey,
  verifyNote,
  type VerifierKey,
} from '#libs/transparency-log';
import {
  logSignatures,
  pemFile,
  policyFile,
  publishedKey,
  verifierKeyFile,
  type LogSignatures,
} from './log-signatures.js';

const ORIGIN = 'register.example/log';
const ed25519 = (fill: number): VerifierKey => verifierKey(ORIGIN, 'ed25519', Buffer.alloc(32, fill));
const pq = verifierKey(ORIGIN, 'ml-dsa-44-cosignature', Buffer.alloc(1312, 5));
const state = { size: 5, root: Buffer.alloc(32, 9) };

describe('a log with two kinds of key', () => {
  const log: Pick<LogSignatures, 'keys'> = { keys: () => Promise.resolve([ed25519(1), ed25519(2), pq]) };

  it('shows one line of Ed25519 as its key, also beside a checkpoint that the other kind has signed', async () => {
    const note = (...keys: VerifierKey[]): string => {
      const lines = keys.map(
        ({ id }) => `\u2014 ${ORIGIN} ${Buffer.from(`${id}0000000000`, 'hex').toString('base64')}\n`,
      );
      return `${ORIGIN}\n5\n${state.root.toString('base64')}\n\n${lines.join('')}`;
    };
    expect(await publishedKey(log, note(pq, ed25519(2)))).toEqual(ed25519(2));
    expect(await publishedKey(log, note(pq))).toEqual(ed25519(1));
    const file = verifierKeyFile(await publishedKey(log, note(pq, ed25519(1))));
    expect(file.split('\n')).toHaveLength(2);
    expect(parseVerifierKey(file.trimEnd()).kind).toBe('ed25519');
    expect(pemFile(await publishedKey(log, undefined))).toMatch(/^-----BEGIN PUBLIC KEY-----\nMCowBQYDK2Vw/);
  });

  it('has all of its keys in its policy, that of Ed25519 first', async () => {
    const { logs } = parsePolicy(await policyFile(log as LogSignatures));
    expect(logs.map(({ key }) => key)).toEqual([ed25519(1), ed25519(2), pq]);
  });
});

unless(isSupported(pq.kind) ? undefined : `Node ${process.version} does not know ML-DSA-44`).describe(
  'a checkpoint that Ed25519 and ML-DSA-44 have signed',
  () => {
    const generate = generateKeyPairSync as unknown as (type: string) => {
      readonly publicKey: KeyObject;
      readonly privateKey: KeyObject;
    };
    let pairs: readonly [ReturnType<typeof generate>, ReturnType<typeof generate>];
    beforeAll(() => {
      pairs = [generate('ed25519'), generate('ml-dsa-44')];
    });
    const keys: Pick<LogKeys, 'signing' | 'verification'> = {
      signing: () => Promise.resolve(pairs.map(({ privateKey }, at) => ({ id: `key-${at}`, privateKey }))),
      verification: () =>
        Promise.resolve([
          { id: 'key-0', publicKey: pairs[0].publicKey },
          { id: 'key-1', publicKey: pairs[1].publicKey },
        ]),
    };
    const signatures = logSignatures(ORIGIN, keys, () => 1_796_000_000_000);

    it('is believed by either key alone, and says no time', async () => {
      const note = await signatures.sign(state);
      const [first, second] = await signatures.keys();
      expect(parseNote(note).signatures).toHaveLength(2);
      for (const key of [first, second!]) expect(judgeCheckpoint(note, trusting(key)).keys).toEqual([key]);
      expect(verifyNote(parseNote(note), [second!])).toMatchObject([{ timestamp: 0n }]);
      expect(await signatures.judge(note)).toMatchObject(state);
      expect(await publishedKey(signatures, note)).toEqual(first);
    });

    it('is refused where one of the two is over something else', async () => {
      const note = await signatures.sign(state);
      const other = await signatures.sign({ ...state, size: 6 });
      const [ofThis, ofOther] = [parseNote(note), parseNote(other)];
      const mixed = `${ofThis.text}\n${ofThis.signatures[0]!.line}${ofOther.signatures[1]!.line}`;
      await expect(signatures.judge(mixed)).rejects.toMatchObject({ code: 'signature-invalid' });
      const stranger = logSigner(ORIGIN, secretKey(generate('ml-dsa-44').privateKey));
      expect(() => judgeCheckpoint(note, trusting(stranger.key))).toThrow('no trusted key');
    });
  },
);
