import { createHash } from 'node:crypto';
import type { Json } from './api.js';
import type { Human } from './clerk.js';
import { freshKey, having, type Client } from './client.js';

/** `Content-Digest` of a file. */
export const digestOf = (bytes: Uint8Array): string =>
  `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;

/** Hands over a file as it is. */
export const uploadFile = (
  { url, token }: Client,
  application: string,
  bytes: Uint8Array,
  key = freshKey(),
): Promise<Response> =>
  fetch(`${url}/v1/evidence?application=${application}`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${token}`, 'content-type': 'image/png' },
      ...{ 'idempotency-key': key, 'content-digest': digestOf(bytes) },
    },
    body: new Uint8Array(bytes),
  });

/** Hands over a shielded copy of somebody's document for a registration, and says what it is. */
export async function handOverCopy(
  client: Client,
  application: string,
  { id: person, document }: Human,
  bytes: Uint8Array,
): Promise<Json> {
  const response = await uploadFile(client, application, bytes);
  const { id } = (await response.json()) as Json;
  const masked = ['photo', 'citizenServiceNumber', 'nationality', 'machineReadableZone'];
  const copy = { role: 'registration', person, document, shielding: 'full', masked };
  return having(await client.command(`/v1/evidence/${String(id)}/descriptions`, { kind: 'idCopy', copy }), 200).body;
}
