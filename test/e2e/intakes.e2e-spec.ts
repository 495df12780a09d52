import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from './support/api.js';
import { paperCase, type PaperCase } from './support/case.js';
import { having, type Client } from './support/client.js';
import { NOBODY } from './support/contract.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';

let suite: MemorySuite;
let supplier: Client;
let intake: PaperCase;
beforeAll(async () => {
  suite = await startMemorySuite();
  supplier = await suite.client('supplier');
  intake = await paperCase(supplier);
});
afterAll(() => suite.end());

const idsOf = (items: unknown): readonly unknown[] => (items as readonly Json[]).map(({ id }) => id);
const show = async (application: string, after?: unknown): Promise<Json> => {
  const query = after === undefined ? '' : `?after=${encodeURIComponent(String(after))}`;
  return having(await supplier.get(`/v1/applications/${application}${query}`), 200).body;
};
const search = async (body: Json): Promise<Json> => having(await supplier.ask('/v1/checks/_search', body), 200).body;

describe('an intake', () => {
  it('shows its checks and what came of it, as far as a position that is asked for', async () => {
    const means = await intake.means();
    const authorization = await intake.authorize(means.id);
    const shown = await show(intake.application, authorization['position']);
    expect(shown).toMatchObject({ means: [means.id], authorizations: [authorization['id']], revocationRequests: [] });
    expect(idsOf(shown['checks'])).toEqual(expect.arrayContaining([...intake.dossier]));

    const revocation = await intake.revocation({ authorization: authorization['id'] }, means.id);
    const request = having(await supplier.command('/v1/revocation-requests', revocation), 201).body;
    const asked = await show(String(revocation['application']), request['position']);
    expect(asked).toMatchObject({ purposes: ['revocation'], means: [], authorizations: [] });
    expect(asked['revocationRequests']).toEqual([request['id']]);
  });

  it('of which nothing came shows that', async () => {
    const body = { channel: 'electronic', receivedAt: new Date().toISOString(), purposes: ['change'] };
    const made = having(await supplier.command('/v1/applications', body), 201).body;
    const { position, ...received } = made;
    expect(await show(String(made['id']), position)).toEqual({
      ...received,
      ...{ checks: [], means: [], authorizations: [], revocationRequests: [] },
    });
  });
});

describe('checks', () => {
  it('are found by their intake and their kind, newest first, as each is shown', async () => {
    const { items } = await search({ application: intake.application, limit: 100 });
    expect(idsOf(items)).toEqual(idsOf((await show(intake.application))['checks']));
    const [newest] = items as readonly Json[];
    expect(having(await supplier.get(`/v1/checks/${String(newest!['id'])}`), 200).body).toEqual(newest);

    const { type } = newest!;
    const ofKind = (await search({ application: intake.application, type, limit: 100 }))['items'];
    expect(idsOf(ofKind)).toEqual(idsOf((items as readonly Json[]).filter((one) => one['type'] === type)));
    expect(await search({ application: NOBODY })).toEqual({ items: [], next: null });
  });

  it('come page by page', async () => {
    const pages: unknown[] = [];
    for (let cursor: unknown = null; ;) {
      const page = await search({ application: intake.application, limit: 3, ...(cursor === null ? {} : { cursor }) });
      pages.push(...idsOf(page['items']));
      if ((cursor = page['next']) === null) break;
    }
    expect(pages).toEqual(idsOf((await show(intake.application))['checks']));
  });

  it('are searched by the back office alone', async () => {
    const other = await suite.client(['registration']);
    expect((await other.ask('/v1/checks/_search', {})).status).toBe(403);
    const auditor = await suite.client('auditor');
    expect((await auditor.ask('/v1/checks/_search', {})).status).toBe(403);
  });
});
