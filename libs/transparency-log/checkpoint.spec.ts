import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { unless } from '#libs/testing';
import {
  cosigner,
  EMPTY_ROOT,
  formatCheckpoint,
  formatVerifierKey,
  isLogOrigin,
  isSupported,
  judgeCheckpoint,
  LogFault,
  logSigner,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  publicKeyPem,
  secretKey,
  signatureLine,
  signNote,
  trusting,
  verifierKey,
  verifyNote,
  withSignatures,
  type TrustPolicy,
} from './index.js';
import { checkpointOf, flipped, log, nextLog, NOW, ORIGIN, secretOf, treeOf, witnesses } from './log.tests.js';

const text = formatCheckpoint({ origin: ORIGIN, size: 20, root: treeOf(20).root(20) });

const faultOf = (act: () => unknown): Pick<LogFault, 'code' | 'message'> | undefined => {
  try {
    act();
  } catch (error) {
    if (error instanceof LogFault) return error;
    throw error;
  }
  return undefined;
};

describe('the text of a checkpoint', () => {
  it('is an origin, a size and a root', () => {
    expect(text).toBe(`${ORIGIN}\n20\n${treeOf(20).root(20).toString('base64')}\n`);
    expect(parseCheckpoint(text)).toEqual({ origin: ORIGIN, size: 20, root: treeOf(20).root(20), extensions: [] });
    expect(parseCheckpoint(`${text}more\nand more\n`).extensions).toEqual(['more', 'and more']);
    expect(parseCheckpoint(`x\n0\n${EMPTY_ROOT.toString('base64')}\n`).size).toBe(0);
  });

  const root = EMPTY_ROOT.toString('base64');
  it.each([
    ['', 'has no three lines that end'],
    [`\n1\n${root}\n`, 'first line is empty'],
    [`a\n01\n${root}\n`, 'second line is not a number'],
    [`a\n-1\n${root}\n`, 'second line is not a number'],
    [`a\n1.0\n${root}\n`, 'second line is not a number'],
    [`a\n+1\n${root}\n`, 'second line is not a number'],
    [`a\n 1\n${root}\n`, 'second line is not a number'],
    [`a\n9007199254740992\n${root}\n`, 'second line is not a number'],
    ['a\n1\n\n', 'third line is not a hash'],
    [`a\n1\n${root.slice(0, -1)}\n`, 'third line is not a hash'],
    [`a\n1\n${root.slice(4)}\n`, 'third line is not a hash'],
    [`a\n1\n${root.replace('FU=', 'FV=')}\n`, 'third line is not a hash'],
    [`a\n1\n${root}`, 'has no three lines that end'],
    [`a\n1\n${root}\n\nmore\n`, 'has an empty line'],
    ['a\n1\n', 'has no three lines that end'],
  ])('%j is none', (bad, why) => {
    expect(faultOf(() => parseCheckpoint(bad))).toMatchObject({
      code: 'checkpoint-malformed',
      message: expect.stringContaining(why),
    });
  });

  it('is written only under a name that a log can have', () => {
    for (const origin of ['', 'a b', 'a+b', 'a\u00a0b', 'a\nb', 'x'.repeat(256), '\u00e9'.repeat(128), 'a\ud800']) {
      expect(isLogOrigin(origin)).toBe(false);
      expect(() => formatCheckpoint({ origin, size: 0, root: EMPTY_ROOT })).toThrow('is not 1 to 255 bytes');
    }
    expect(isLogOrigin('x'.repeat(255))).toBe(true);
    expect(() => formatCheckpoint({ origin: 'a', size: 1.5, root: EMPTY_ROOT })).toThrow('not a number of entries');
    expect(() => formatCheckpoint({ origin: 'a', size: 1, root: EMPTY_ROOT.subarray(1) })).toThrow('not a hash');
  });
});

describe('a cosignature', () => {
  it('is over its time and the text, so that openssl verifies it', async () => {
    const [witness] = witnesses;
    const line = await signatureLine(witness!, text, NOW);
    const { signatures } = parseNote(`${text}\n${line}`);
    const { bytes } = signatures[0]!;
    expect(bytes.readBigUInt64BE()).toBe(NOW);
    const message = Buffer.from(`cosignature/v1\ntime ${NOW}\n${text}`);
    expect(verify(null, message, publicKeyPem(witness!.key), bytes.subarray(8))).toBe(true);
    expect(verifyNote(parseNote(`${text}\n${line}`), [witness!.key])).toEqual([
      { key: witness!.key, line, timestamp: NOW },
    ]);
  });

  it('is over nothing that is no checkpoint, and at no time that can not be', async () => {
    await expect(signatureLine(witnesses[0]!, 'a text\n', NOW)).rejects.toThrow('not a checkpoint');
    await expect(signatureLine(witnesses[0]!, text, 2n ** 63n)).rejects.toThrow('which is no time');
    const line = await signatureLine(witnesses[0]!, text, NOW);
    const [head, signature] = [line.slice(0, line.lastIndexOf(' ') + 1), parseNote(`${text}\n${line}`).signatures[0]!];
    const late = Buffer.concat([
      Buffer.from(signature.keyId, 'hex'),
      Buffer.alloc(8, 0xff),
      signature.bytes.subarray(8),
    ]);
    const note = parseNote(`${text}\n${head}${late.toString('base64')}\n`);
    expect(() => verifyNote(note, [witnesses[0]!.key])).toThrow('which is no time');
    const short = Buffer.concat([Buffer.from(signature.keyId, 'hex'), Buffer.alloc(8)]);
    const cut = parseNote(`${text}\n${head}${short.toString('base64')}\n`);
    expect(() => verifyNote(cut, [witnesses[0]!.key])).toThrow('is not over this text');
  });

  it('does not stand for a signature of the same key as a log, nor the other way around', async () => {
    const secret = secretOf(7);
    const [asLog, asWitness] = [logSigner(ORIGIN, secret), cosigner(ORIGIN, secret)];
    const note = parseNote(await signNote(text, [asWitness], NOW));
    expect(faultOf(() => verifyNote(note, [asLog.key]))?.code).toBe('signature-missing');
    expect(faultOf(() => verifyNote(note, [{ ...asLog.key, id: asWitness.key.id }]))?.code).toBe('signature-invalid');
  });
});

describe('a cosignature of ML-DSA-44', () => {
  const key = verifierKey('witness.invalid/pq', 'ml-dsa-44-cosignature', Buffer.alloc(1312, 5));

  it('has keys that are read and written, also where they can not be used', () => {
    expect(parseVerifierKey(formatVerifierKey(key))).toEqual(key);
    expect(() => verifierKey('w', 'ml-dsa-44-cosignature', Buffer.alloc(32))).toThrow('which has 1312');
    expect(typeof isSupported('ml-dsa-44-cosignature')).toBe('boolean');
    expect(isSupported('ed25519')).toBe(true);
  });

  const here = unless(
    isSupported('ml-dsa-44-cosignature') ? undefined : `Node ${process.version} does not know ML-DSA-44`,
  );
  here.it('is over the name of its witness, its time, the log, and the tree from 0 to its size', async () => {
    const generate = generateKeyPairSync as unknown as (type: string) => { privateKey: KeyObject };
    const signer = cosigner('witness.invalid/pq', secretKey(generate('ml-dsa-44').privateKey));
    const line = await signatureLine(signer, text, NOW);
    const note = parseNote(`${text}\n${line}`);
    expect(verifyNote(note, [signer.key])).toEqual([{ key: signer.key, line, timestamp: NOW }]);
    const message = Buffer.concat([
      Buffer.from('subtree/v1\n\0\u0012witness.invalid/pq'),
      Buffer.from(NOW.toString(16).padStart(16, '0'), 'hex'),
      Buffer.from(`\u0014${ORIGIN}`),
      Buffer.alloc(15),
      Buffer.of(20),
      treeOf(20).root(20),
    ]);
    expect(verify(null, message, publicKeyPem(signer.key), note.signatures[0]!.bytes.subarray(8))).toBe(true);
    const other = parseNote(`${text.replace('20', '21')}\n${line}`);
    expect(faultOf(() => verifyNote(other, [signer.key]))?.code).toBe('signature-invalid');
    // Lines behind the first three are in no such signature.
    expect(verifyNote(parseNote(`${text}more\n\n${line}`), [signer.key])).toHaveLength(1);
    const log = logSigner(ORIGIN, signer.secret);
    expect(judgeCheckpoint(await signNote(text, [log], NOW), trusting(log.key)).keys).toEqual([log.key]);
  });

  const elsewhere = unless(isSupported('ml-dsa-44-cosignature') ? 'this Node knows ML-DSA-44' : undefined);
  elsewhere.it('is not made where this Node can not verify it', async () => {
    const secret = {
      algorithm: 'ml-dsa-44',
      publicKey: key.publicKey,
      sign: () => Promise.resolve(Buffer.alloc(2420)),
    } as const;
    await expect(signatureLine(cosigner('w', secret), text, NOW)).rejects.toThrow("this Node can't verify");
    expect(publicKeyPem(key)).toMatch(/^-----BEGIN PUBLIC KEY-----\nMIIFMjALBglghkgBZQMEAxEDggUh/);
  });

  elsewhere.it('counts for nothing where this Node can not verify it, and that is said', async () => {
    const bytes = Buffer.concat([Buffer.from(key.id, 'hex'), Buffer.alloc(2428)]);
    const note = withSignatures(await checkpointOf(20, log), [`\u2014 ${key.name} ${bytes.toString('base64')}\n`]);
    const policy: TrustPolicy = { ...trusting(log.key), witnesses: [{ name: 'pq', key }] };
    expect(judgeCheckpoint(note, policy)).toMatchObject({ witnesses: [], unverified: [key] });
    expect(faultOf(() => judgeCheckpoint(note, { ...policy, quorum: 'pq' }))).toMatchObject({
      code: 'quorum-missing',
      message: expect.stringContaining("this Node can't verify that kind of signature"),
    });
  });
});

describe('judging a checkpoint', () => {
  const [w1, w2, w3] = witnesses as [(typeof witnesses)[0], (typeof witnesses)[0], (typeof witnesses)[0]];
  const policy: TrustPolicy = {
    logs: [{ key: log.key }, { key: nextLog.key }],
    witnesses: [w1, w2, w3].map(({ key }, at) => ({ name: `w${at + 1}`, key })),
    groups: [{ name: 'two', threshold: 2, members: ['w1', 'w2', 'w3'] }],
    quorum: 'two',
  };

  it('tells which keys and witnesses it rests on', async () => {
    const believed = judgeCheckpoint(await checkpointOf(20, log, nextLog, w1, w3), policy, { origin: ORIGIN });
    expect(believed).toMatchObject({
      checkpoint: { origin: ORIGIN, size: 20 },
      witnesses: [
        { name: 'w1', timestamp: NOW },
        { name: 'w3', timestamp: NOW },
      ],
      unverified: [],
    });
    expect(believed.keys.map(({ id }) => id)).toEqual([log.key.id, nextLog.key.id]);
  });

  it('takes either key during a rotation, without a witness where none is asked for', async () => {
    const judged = judgeCheckpoint(await checkpointOf(20, log, nextLog), trusting(nextLog.key));
    expect(judged.keys).toEqual([nextLog.key]);
  });

  it('refuses what too few witnesses have seen, and names those that have', async () => {
    const one = await checkpointOf(20, log, w2);
    expect(faultOf(() => judgeCheckpoint(one, policy))).toMatchObject({
      code: 'quorum-missing',
      message: 'cosigned by "w2", which is less than "two"',
    });
    const none = await checkpointOf(20, log);
    expect(() => judgeCheckpoint(none, policy)).toThrow('cosigned by no witness');
    // The same witness twice is one witness.
    const again = withSignatures(one, [await signatureLine(w2, text, NOW + 1n)]);
    expect(() => judgeCheckpoint(again, policy)).toThrow('cosigned by "w2"');
  });

  it('refuses a checkpoint that only witnesses have signed, one of another log, and one by a key of another log', async () => {
    const unsigned = await checkpointOf(20, w1, w2);
    expect(faultOf(() => judgeCheckpoint(unsigned, policy))?.code).toBe('signature-missing');
    const good = await checkpointOf(20, log, w1, w2);
    expect(faultOf(() => judgeCheckpoint(good, policy, { origin: 'other.invalid' }))?.code).toBe('other-origin');
    const other = logSigner('other.invalid', secretOf(40));
    expect(faultOf(() => judgeCheckpoint(good, trusting(other.key)))?.code).toBe('other-origin');
    // A key that is trusted for another log signs nothing here.
    const crossed = await checkpointOf(20, other);
    expect(faultOf(() => judgeCheckpoint(crossed, trusting(other.key)))?.code).toBe('other-origin');
    expect(faultOf(() => judgeCheckpoint(crossed, trusting(other.key, log.key)))?.code).toBe('signature-missing');
  });

  it('finds every byte that is changed', async () => {
    const strict: TrustPolicy = { ...policy, logs: [{ key: log.key }] };
    const bytes = Buffer.from(await checkpointOf(20, log, w1, w2));
    expect(judgeCheckpoint(bytes, strict).witnesses).toHaveLength(2);
    const codes = new Set<string | undefined>();
    for (const bad of flipped(bytes)) codes.add(faultOf(() => judgeCheckpoint(bad, strict))?.code);
    expect([...codes].sort()).toEqual([
      ...['checkpoint-malformed', 'note-malformed', 'other-origin', 'quorum-missing', 'signature-invalid'],
      'signature-missing',
    ]);
  });
});
