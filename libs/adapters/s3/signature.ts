import { createHash, createHmac } from 'node:crypto';

export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

export interface SignedParts {
  readonly method: string;
  /** Of letters, digits and `- . _ ~ /` alone: nothing of it is encoded. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** All of them are signed. Names in small letters, `host` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hexadecimal digits. */
  readonly contentHash: string;
}

export const EMPTY_HASH = createHash('sha256').digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** As RFC 3986 has it, which `encodeURIComponent` leaves five signs short of. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** A query as it is signed and sent: by name, every value there. */
export const queryText = (query: SignedParts['query']): string =>
  query
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');

/**
 * The headers of a request with those that sign it: AWS Signature Version 4, by which S3 and everything that speaks it knows
 * its callers. The secret does not leave this process, and the body is part of what is signed.
 */
export function signed(
  { method, path, query, headers, contentHash }: SignedParts,
  { id, secret }: Credentials,
  region: string,
  now: Date,
): Record<string, string> {
  const moment = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = moment.slice(0, 8);
  const all: Record<string, string> = { ...headers, 'x-amz-content-sha256': contentHash, 'x-amz-date': moment };
  const names = Object.keys(all).sort();
  const canonical = [
    ...[method, path, queryText(query)],
    ...names.map((name) => `${name}:${all[name]!.trim().replace(/ +/g, ' ')}`),
    ...['', names.join(';'), contentHash],
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const hashed = createHash('sha256').update(canonical).digest('hex');
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, day), region), 's3'), 'aws4_request');
  const signature = hmac(key, ['AWS4-HMAC-SHA256', moment, scope, hashed].join('\n')).toString('hex');
  return {
    ...all,
    authorization: `AWS4-HMAC-SHA256 Credential=${id}/${scope},SignedHeaders=${names.join(';')},Signature=${signature}`,
  };
}
