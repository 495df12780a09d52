import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importKeyFiles } from '#libs/vault';

/*
 * What is slow to make and no spec looks at is made once in a run of the lanes `int`, `live` and `e2e`, and kept in a folder that
 * ends with it. Other lanes have none: there each file makes its own.
 */

/** What was kept under that name in this run, or what is made now. Two that make it at once both keep the same whole file. */
export async function onceInRun(name: string, make: () => string | Promise<string>): Promise<string> {
  const folder = process.env['WAARBORG_TEST_RUN'];
  if (folder === undefined) return make();
  const file = join(folder, name);
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const made = await make();
    const draft = `${file}.${randomBytes(6).toString('hex')}`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(draft, made, { mode: 0o600 });
    renameSync(draft, file);
    return made;
  }
}

let rsaKey: Promise<KeyObject> | undefined;

/** A key that tokens are signed with: half a second of a processor to make. */
export const testTokenKey = (): Promise<KeyObject> =>
  (rsaKey ??= onceInRun('token-key.pem', () =>
    String(generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey.export({ format: 'pem', type: 'pkcs8' })),
  ).then((pem) => createPrivateKey(pem)));

/** Makes the folder of a new installation's keys: each its own, but for the one that signs tokens. */
export async function testKeyFolder(folder: string): Promise<void> {
  const pkcs8 = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'pkcs8' });
  const keys = {
    ...{ master: randomBytes(32), lookup: randomBytes(32) },
    token: pkcs8(await testTokenKey()),
    log: pkcs8(generateKeyPairSync('ed25519').privateKey),
    'answer-es256': pkcs8(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  };
  const files = Object.entries(keys).map(([name, bytes]) => {
    const id = `${name}-1-${randomBytes(4).toString('hex')}`;
    return [`${name}.1.json`, `${JSON.stringify({ id, key: bytes.toString('base64url'), madeAt: Date.now() })}\n`];
  });
  await importKeyFiles(folder, new Map(files as [string, string][]));
}
