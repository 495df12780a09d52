import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Backbone } from '#libs/application';

/**
 * Tokens of pages that nobody but us reads or makes: a place in a list may be the id of what was looked at and not found,
 * and of the question nothing may be guessed by them.
 */
export interface PageTokens {
  /** `of`: whose token it is, and of which list. */
  seal(of: string, place: string): string;
  /** `undefined` for what was not sealed for the same. */
  open(of: string, token: string): string | undefined;
}

const PURPOSE = 'search-page-token';
const MOST_CHARACTERS = 1_024;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Sealed with AES-256-GCM under what the lookup key, which every process has, makes for this use alone; tokens from before a
 * rotation of it are opened all the same.
 */
export async function pageTokens(secrets: Pick<Backbone['secrets'], 'lookupHashes'>): Promise<PageTokens> {
  const keys = (await secrets.lookupHashes(PURPOSE, '')).map((hash) =>
    Buffer.from(hash.slice(hash.lastIndexOf('.') + 1), 'base64url'),
  );
  return {
    seal(of, place) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keys[0]!, iv).setAAD(Buffer.from(of));
      const sealed = [iv, cipher.update(place, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(sealed).toString('base64url');
    },

    open(of, token) {
      if (token.length > MOST_CHARACTERS) return undefined;
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length <= IV_BYTES + TAG_BYTES || bytes.toString('base64url') !== token) return undefined;
      const [iv, sealed] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, -TAG_BYTES)];
      for (const key of keys) {
        const decipher = createDecipheriv('aes-256-gcm', key, iv)
          .setAAD(Buffer.from(of))
          .setAuthTag(bytes.subarray(-TAG_BYTES));
        const place = decipher.update(sealed);
        try {
          return Buffer.concat([place, decipher.final()]).toString();
        } catch {
          // Another key's, or nobody's.
        }
      }
      return undefined;
    },
  };
}
