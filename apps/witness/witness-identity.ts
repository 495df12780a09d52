import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { link, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '#libs/files';
import { FaultForPeople } from '#libs/kernel';
import { cosigner, secretKey, type NoteSigner } from '#libs/transparency-log';
import type { WitnessSettings } from './witness-settings.js';

/** The folder holds what this witness can't go on with. */
export class WitnessRefused extends FaultForPeople {
  override readonly name = 'WitnessRefused';
}

const FILE = 'witness.json';
const OWN_ONLY = 0o600;
const OTHERS_READ_OR_WRITE = 0o066;

/**
 * The witness's own key (Ed25519), made at its first start, with the name that it was made for: another one is another
 * witness, to whom nothing that this one has seen belongs. Rejects with `WitnessRefused` for another name, for a key of a
 * log that is watched, and for a file that others may read.
 */
export async function witnessIdentity({ dir, name, logs }: WitnessSettings): Promise<NoteSigner> {
  await makeFolders(dir, 0o700);
  const path = join(dir, FILE);
  const text = (await readOwn(path)) ?? (await make(path, name));
  const kept = parsed(text, path);
  if (kept.name !== name) {
    throw new WitnessRefused(`${path} is the key of ${kept.name}, not of ${name}: another name needs another folder`);
  }
  const signer = cosigner(name, secretKey(createPrivateKey(kept.key)));
  const ofLog = [...logs.values()].flat().find(({ publicKey }) => publicKey.equals(signer.key.publicKey));
  if (ofLog !== undefined)
    throw new WitnessRefused(`${path} holds the key of the log ${ofLog.name}: no log is its own witness`);
  return signer;
}

/** Of two first starts one wins, and both have its key. */
async function make(path: string, name: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const draft = `${path}.new-${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', OWN_ONLY);
    try {
      await file.writeFile(`${JSON.stringify({ name, key })}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return (await readOwn(path))!;
}

async function readOwn(path: string): Promise<string | undefined> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new WitnessRefused(`${path} can't be read (${error.code})`);
  });
  if (there === undefined) return undefined;
  if (process.platform !== 'win32' && (there.mode & OTHERS_READ_OR_WRITE) !== 0) {
    throw new WitnessRefused(`others may read or write ${path}: chmod 600 ${path}, and consider the key known`);
  }
  return readFile(path, 'utf8');
}

/** The error of JSON.parse quotes what it read, so it goes no further than here. */
function parsed(text: string, path: string): { readonly name: string; readonly key: string } {
  try {
    const { name, key } = JSON.parse(text) as { name?: unknown; key?: unknown };
    if (typeof name === 'string' && typeof key === 'string') return { name, key };
  } catch {
    // As below.
  }
  throw new WitnessRefused(`${path} is damaged: put it back from its backup`);
}
