import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders, removeAbandonedDrafts } from '#libs/files';
import { readSettingsJson } from '#libs/configuration';
import { isRole, type Role } from '#libs/configuration';
import { isIdentifier } from './token-verifier.js';

/** A program that may get tokens of the local issuer over HTTP, in the scopes of one role. */
export interface LocalClient {
  readonly id: string;
  readonly role: Role;
  /** Whose tokens they are, where a person acts through the program. */
  readonly clerk?: string;
}

/** The clients of the local issuer (development; ADR 77). */
export interface LocalClients {
  /** The client whose id and secret these are; `undefined` for anybody else. */
  authenticate(id: string, secret: string): Promise<LocalClient | undefined>;
  /** Answers the secret, which nobody can ask for again. Throws `ClientRefused` on a bad name or one that is taken. */
  add(client: LocalClient): Promise<string>;
  /** Whether there was one. A token that it has got counts until it ends. */
  remove(id: string): Promise<boolean>;
  /** By name. */
  all(): Promise<readonly LocalClient[]>;
}

/** The message is for whoever types the command. */
export class ClientRefused extends Error {
  override readonly name = 'ClientRefused';
}

/** One spelling only, as names of files may be the same in capitals. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const SUFFIX = '.json';
/** Name of a file that is being written. */
const DRAFT = '.new-';
const SECRET_BYTES = 32;

interface Kept extends LocalClient {
  /** SHA-256 of the secret, in hex. The secret is 256 random bits: nobody finds it by trying, however fast the hash is. */
  readonly secretHash: string;
}

/** Clients in a folder, a file each. They are read at each question: one that is removed gets nothing any more. */
export function fileLocalClients(folder: string): LocalClients {
  const pathOf = (id: string): string => join(folder, `${id}${SUFFIX}`);

  const read = async (id: string): Promise<Kept | undefined> => {
    if (!NAME.test(id)) return undefined;
    try {
      const faults: string[] = [];
      const read = readSettingsJson(await readFile(pathOf(id), 'utf8'), faults);
      const { role, clerk, secretHash } = (read ?? {}) as unknown as Kept;
      if (faults.length > 0 || !isRole(role) || typeof secretHash !== 'string') throw new SyntaxError('no client');
      return { id, role, ...(clerk === undefined ? {} : { clerk }), secretHash };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      if (error instanceof SyntaxError)
        throw new ClientRefused(`${pathOf(id)} is damaged: remove the client and add it`);
      throw error;
    }
  };

  return {
    async authenticate(id, secret) {
      const kept = await read(id);
      // A name that is not there takes as long as one that is.
      const expected = Buffer.from(kept?.secretHash ?? hashOf(id), 'hex');
      const given = Buffer.from(hashOf(secret), 'hex');
      const isRight = expected.length === given.length && timingSafeEqual(expected, given);
      return kept !== undefined && isRight ? clientOf(kept) : undefined;
    },
    async add({ id, role, clerk }) {
      if (!NAME.test(id)) {
        throw new ClientRefused(
          'the name has 1 to 64 small letters, digits, dots, dashes or underscores, and begins with a letter or digit',
        );
      }
      if (clerk !== undefined && !isIdentifier(clerk)) {
        throw new ClientRefused('the clerk is named by 1 to 128 visible characters, no spaces');
      }
      if (clerk === id) throw new ClientRefused('the clerk is another than the client, else nobody is a person');
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const kept = { role, ...(clerk === undefined ? {} : { clerk }), secretHash: hashOf(secret) };
      await makeFolders(folder, 0o700);
      await removeAbandonedDrafts(folder, DRAFT);
      const draft = join(folder, `${DRAFT}${randomBytes(6).toString('hex')}`);
      try {
        await writeDurably(draft, `${JSON.stringify(kept)}\n`);
        // A link, unlike a rename, never replaces what is there.
        await link(draft, pathOf(id));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        throw new ClientRefused(`there is a client ${id} already: remove it first, or take another name`);
      } finally {
        await rm(draft, { force: true });
      }
      return secret;
    },
    async remove(id) {
      if (!NAME.test(id)) return false;
      try {
        await rm(pathOf(id));
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw error;
      }
    },
    async all() {
      const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const ids = files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length));
      const kept = await Promise.all(ids.sort().map(read));
      return kept.flatMap((one) => (one === undefined ? [] : [clientOf(one)]));
    },
  };
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const clientOf = ({ id, role, clerk }: Kept): LocalClient => ({ id, role, ...(clerk === undefined ? {} : { clerk }) });

async function writeDurably(path: string, text: string): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW = 0 } = constants;
  const file = await open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
