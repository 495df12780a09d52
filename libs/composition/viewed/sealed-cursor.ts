import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import type { Backbone } from '#libs/application';

/** Kept apart from every other use of the lookup keys. */
const PURPOSE = 'viewed-cursor';
const IV_LENGTH = 12;
const TAG_LENGTH = 16;

/**
 * A cursor that its reader can't read: where a page ends for the work there may be a row that he may not see, and neither its
 * place nor its id is for him. Under the newest of the installation's lookup keys, so that every instance opens it; the same
 * cursor is sealed alike each time.
 */
export async function sealCursor({ secrets }: Backbone, cursor: string): Promise<string> {
  const [key] = await keysOf(secrets);
  const iv = createHmac('sha256', key!).update(cursor).digest().subarray(0, IV_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', key!, iv, { authTagLength: TAG_LENGTH });
  const sealed = Buffer.concat([cipher.update(cursor, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** What was sealed; of anything else what no list takes for a cursor. */
export async function openCursor({ secrets }: Backbone, sealed: string): Promise<string> {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length <= IV_LENGTH + TAG_LENGTH || bytes.toString('base64url') !== sealed) return '';
  const [iv, tag] = [bytes.subarray(0, IV_LENGTH), bytes.subarray(IV_LENGTH, IV_LENGTH + TAG_LENGTH)];
  for (const key of await keysOf(secrets)) {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_LENGTH }).setAuthTag(tag);
    try {
      const opened = decipher.update(bytes.subarray(IV_LENGTH + TAG_LENGTH));
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    } catch {
      // Sealed under another key, or by nobody here.
    }
  }
  return '';
}

const keysOf = async (secrets: Backbone['secrets']): Promise<readonly Buffer[]> =>
  (await secrets.lookupHashes(PURPOSE, '1')).map((hash) => createHash('sha256').update(hash).digest());
