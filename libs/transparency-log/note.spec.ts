import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import {
  cosigner,
  formatVerifierKey,
  LogFault,
  logSigner,
  MAX_NOTE_BYTES,
  parseNote,
  parseVerifierKey,
  publicKeyPem,
  secretKey,
  signatureLine,
  signNote,
  verifierKey,
  verifyNote,
  withSignatures,
} from './index.js';
import { flipped, log, nextLog, NOW, ORIGIN, secretOf, witnesses } from './log.tests.js';

/** Key and note of c2sp.org/signed-note. */
const EXAMPLE_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE = [
  'This is an example message.\n\n',
  '\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
].join('');

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof LogFault) return error.code;
    throw error;
  }
  return 'none';
};

describe('a verifier key', () => {
  it('is that of the specification, and is written as it was read', () => {
    const key = parseVerifierKey(EXAMPLE_KEY);
    expect(key).toMatchObject({ name: 'example.com/foo', id: '530d903a', kind: 'ed25519' });
    expect(formatVerifierKey(key)).toBe(EXAMPLE_KEY);
    for (const signer of [log, ...witnesses]) {
      expect(parseVerifierKey(formatVerifierKey(signer.key))).toEqual(signer.key);
    }
  });

  it('has another id for another name and another use', () => {
    const { publicKey } = secretOf(1);
    const ids = [
      verifierKey('a', 'ed25519', publicKey).id,
      verifierKey('b', 'ed25519', publicKey).id,
      verifierKey('a', 'ed25519-cosignature', publicKey).id,
    ];
    expect(new Set(ids).size).toBe(3);
  });

  it('is openssl`s in PEM', () => {
    const pem = publicKeyPem(log.key);
    expect(pem).toMatch(/^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+-----END PUBLIC KEY-----\n$/);
    expect(createPublicKey(pem).export({ type: 'spki', format: 'pem' })).toBe(pem);
  });

  it('with any byte changed is refused, or is another key than the one that signed', () => {
    const key = formatVerifierKey(log.key);
    for (const bad of flipped(Buffer.from(key))) {
      // Beside its name, id and key there is nothing that a changed byte could be in.
      expect(codeOf(() => parseVerifierKey(bad.toString()))).toMatch(/^key-(malformed|unsupported)$/);
    }
  });

  it.each([
    ['no parts', 'example.com/foo'],
    ['no id', 'example.com/foo++AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['an id in capitals', 'example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['the id of another', 'example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['a blank in its name', 'example.com foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    [
      'a blank that is not ASCII in its name',
      'example.com\u00a0foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    ],
    ['no name', '+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['base64 without its end', 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U'],
    ['a key that is too short', 'example.com/foo+530d903a+Aeky'],
    ['bytes behind it', `${EXAMPLE_KEY}\n`],
  ])('with %s is refused', (_what, text) => {
    expect(codeOf(() => parseVerifierKey(text))).toBe('key-malformed');
  });

  it('of a kind that is not known is refused as such', () => {
    const ecdsa = `example.com/foo+530d903a+${Buffer.of(2, 1, 2, 3).toString('base64')}`;
    expect(() => parseVerifierKey(ecdsa)).toThrow('keys of type 0x02 are not known here');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(() => secretKey(rsa)).toThrow('not with a rsa key');
    expect(() => secretKey(createPublicKey(publicKeyPem(log.key)))).toThrow('signs with Ed25519');
  });
});

describe('a signed note', () => {
  it('of the specification is verified', () => {
    const note = parseNote(EXAMPLE);
    expect(note.text).toBe('This is an example message.\n');
    expect(verifyNote(note, [parseVerifierKey(EXAMPLE_KEY)])).toHaveLength(1);
  });

  it('has a signature that any Ed25519 verifies, over just its text', async () => {
    const note = parseNote(await signNote('a text\n', [log], NOW));
    expect(verify(null, Buffer.from('a text\n'), publicKeyPem(log.key), note.signatures[0]!.bytes)).toBe(true);
  });

  it('may have empty lines in its text', async () => {
    const text = 'Ognuno sta solo sul cuor della terra\n\n\u00e8d \u00e8 subito sera.\n\n';
    const note = parseNote(Buffer.from(await signNote(text, [log], NOW)));
    expect(note.text).toBe(text);
    expect(verifyNote(note, [log.key])).toHaveLength(1);
  });

  it('is verified with the old key, the new one or both while a key is replaced, and others are ignored', async () => {
    const stranger = logSigner('stranger.invalid', secretOf(99));
    const note = parseNote(await signNote('a text\n', [stranger, log, nextLog], NOW));
    const by = (...keys: (typeof log.key)[]): readonly string[] => verifyNote(note, keys).map(({ key }) => key.id);
    expect(by(log.key)).toEqual([log.key.id]);
    expect(by(nextLog.key)).toEqual([nextLog.key.id]);
    expect(by(log.key, nextLog.key)).toEqual([log.key.id, nextLog.key.id]);
    const third = logSigner(ORIGIN, secretOf(3));
    expect(() => verifyNote(note, [third.key])).toThrow('by no key that is trusted');
    // A name and an id are no key: what bears both of a known key is verified.
    expect(codeOf(() => verifyNote(note, [{ ...third.key, id: log.key.id }]))).toBe('signature-invalid');
    expect(codeOf(() => verifyNote(note, [{ ...log.key, name: 'other.invalid' }]))).toBe('signature-missing');
  });

  it('is refused when one of two known signatures does not fit', async () => {
    const good = await signNote('a text\n', [log], NOW);
    const other = await signatureLine(nextLog, 'another text\n', NOW);
    const note = parseNote(withSignatures(good, [other]));
    expect(verifyNote(note, [log.key])).toHaveLength(1);
    expect(() => verifyNote(note, [log.key, nextLog.key])).toThrow(
      `${ORIGIN} (${nextLog.key.id}) is not over this text`,
    );
  });

  it('with any byte changed is refused', async () => {
    const bytes = Buffer.from(await signNote('a text\n\u00e9\n', [log], NOW));
    for (const bad of flipped(bytes)) {
      const code = codeOf(() => verifyNote(parseNote(bad), [log.key]));
      expect(code).toMatch(/^(note-malformed|signature-missing|signature-invalid)$/);
    }
  });

  it('takes at least 16 signatures, and no more than it reads', async () => {
    const many = Array.from({ length: 100 }, (_, at) => cosigner(`witness.invalid/${at}`, secretOf(at + 1)));
    const text = `${ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n`;
    const note = await signNote(text, many, NOW);
    expect(
      verifyNote(
        parseNote(note),
        many.map(({ key }) => key),
      ),
    ).toHaveLength(100);
    const line = await signatureLine(log, text, NOW);
    expect(codeOf(() => parseNote(withSignatures(note, [line])))).toBe('note-too-large');
    expect(codeOf(() => parseNote(`${'x'.repeat(MAX_NOTE_BYTES)}\n\n${line}`))).toBe('note-too-large');
  });

  const line = EXAMPLE.slice(EXAMPLE.indexOf('\u2014'));
  it.each([
    ['no signature', 'text\n\n'],
    ['no empty line', `text\n${line}`],
    ['nothing', ''],
    ['a last line that does not end', `text\n\n${line.slice(0, -1)}`],
    ['a carriage return', `text\r\n\n${line}`],
    ['a tab', `te\txt\n\n${line}`],
    ['a zero', `te\0xt\n\n${line}`],
    ['half a character', Buffer.concat([Buffer.from('text\xc3'), Buffer.of(0xc3), Buffer.from(`\n\n${line}`)])],
    ['a text that can not be written', `te\ud800xt\n\n${line}`],
    ['a hyphen for a dash', `text\n\n-${line.slice(1)}`],
    ['two blanks', `text\n\n${line.replace('\u2014 ', '\u2014  ')}`],
    ['a blank behind', `text\n\n${line.replace('\n', ' \n')}`],
    ['a name with a plus', `text\n\n${line.replace('/foo', '+foo')}`],
    ['a name with a blank that is not ASCII', `text\n\n${line.replace('/foo', '\u2003foo')}`],
    ['a key id and nothing behind it', 'text\n\n\u2014 example.com/foo Uw2QOg==\n'],
    ['base64 that ends in other bits', `text\n\n${line.replace('aQM=', 'aQN=')}`],
    ['base64 of addresses', `text\n\n${line.replace('aQM=', 'a-M=')}`],
    ['words behind the signatures', `text\n\n${line}words\n`],
  ])('is none with %s', (_what, note) => {
    expect(codeOf(() => parseNote(note))).toBe('note-malformed');
  });

  it('is read or refused, whatever the bytes are, and is what was read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(EXAMPLE.length), (noise, at) => {
        const bytes = Buffer.concat([Buffer.from(EXAMPLE.slice(0, at)), noise, Buffer.from(EXAMPLE.slice(at))]);
        const code = codeOf(() => {
          const { text, signatures } = parseNote(bytes);
          expect(`${text}\n${signatures.map((each) => each.line).join('')}`).toBe(bytes.toString());
        });
        expect(code).toMatch(/^(none|note-malformed)$/);
      }),
      { seed: 15, numRuns: 500 },
    );
  });

  it('is not made of what a signer gives that does not sign with its key', async () => {
    const liar = { ...log.secret, sign: (): Promise<Uint8Array> => Promise.resolve(Buffer.alloc(64)) };
    await expect(signNote('a text\n', [{ key: log.key, secret: liar }], NOW)).rejects.toThrow(
      'does not sign with that key',
    );
    const short = { ...log.secret, sign: (): Promise<Uint8Array> => Promise.resolve(Buffer.alloc(3)) };
    await expect(signNote('a text\n', [{ key: log.key, secret: short }], NOW)).rejects.toThrow('does not sign');
    await expect(signNote('a text', [log], NOW)).rejects.toThrow('not a signed note');
    await expect(signNote('a text\n', [], NOW)).rejects.toThrow('no signature follows');
  });

  it('gets no line twice', async () => {
    const note = await signNote('a text\n', [log], NOW);
    expect(
      withSignatures(
        note,
        parseNote(note).signatures.map((each) => each.line),
      ),
    ).toBe(note);
  });
});

it('keys of PEM files sign', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const signer = logSigner('a.invalid', secretKey(createPrivateKey(pem)));
  expect(verifyNote(parseNote(await signNote('a text\n', [signer], NOW)), [signer.key])).toHaveLength(1);
});
