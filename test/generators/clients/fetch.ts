import createClient from 'openapi-fetch';
import type { paths } from '../out/openapi-typescript/v1.js';
import type { paths as decisions } from '../out/openapi-typescript/access.js';

/* What openapi-fetch knows of the contract by the types of openapi-typescript: paths, bodies, answers, kinds of checks. */

const client = createClient<paths>({ baseUrl: 'http://127.0.0.1/v1' });
const network = createClient<decisions>({ baseUrl: 'http://127.0.0.1/access/v1' });

export async function statusOfDocument(id: string): Promise<string | undefined> {
  const { data, error } = await client.GET('/checks/{id}', { params: { path: { id } } });
  if (error !== undefined) throw new Error(error.code);
  return data.type === 'idDocumentStatus' ? data.status : undefined;
}

export async function record(key: string, application: string, person: string, document: string): Promise<string> {
  const { data, error } = await client.POST('/checks', {
    params: { header: { 'Idempotency-Key': key } },
    body: {
      type: 'idDocumentStatus',
      application,
      about: { person },
      document,
      status: 'notReported',
      performedAt: '2026-03-02T10:12:00Z',
      performedBy: { clerk: 'clerk-17' },
      source: { name: 'stolen-document-register', reference: 'enquiry-17' },
    },
  });
  if (error !== undefined) throw new Error(error.errors?.map(({ pointer }) => pointer).join());
  return data.position;
}

export async function may(means: string, organization: string): Promise<boolean> {
  const { data } = await network.POST('/evaluation', {
    body: {
      subject: { type: 'means', id: means },
      action: { name: 'represent', properties: { level: 'EH2+' } },
      resource: { type: 'organization', id: organization },
    },
  });
  return data?.decision ?? false;
}

// @ts-expect-error A kind of check has its own members only.
void client.POST('/checks', { params: { header: { 'Idempotency-Key': 'k' } }, body: { type: 'vouching' } });
