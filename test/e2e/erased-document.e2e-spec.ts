import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from './support/api.js';
import type { Human } from './support/clerk.js';
import { paperCase, type IssuedMeans, type PaperCase } from './support/case.js';
import { having, type Answer, type Client } from './support/client.js';
import { startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

/** A document has a key of its own (interfaces.md §9). Once that is destroyed the document proves and identifies nothing. */

let suite: TestSuite;
let supplier: Client;
let case1: PaperCase;
let means: IssuedMeans;

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
  case1 = await paperCase(supplier);
  means = await case1.means();
});
afterAll(() => suite.end());

async function erase({ document }: Human): Promise<void> {
  const gone = await suite.place.keys.query(
    `delete from vault.object_key where kind = 'document' and id = $1 returning id`,
    [document],
  );
  expect(gone).toHaveLength(1);
  suite.running.open.vault.forget({ kind: 'document', id: document });
}

const documentsOf = ({ body }: Answer): readonly Json[] => body['documents'] as readonly Json[];
const register = (): Promise<Answer> => supplier.command('/v1/authorizations', case1.registration(means.id));

describe('an erased document', () => {
  let before: Json;
  beforeAll(async () => {
    const path = `/v1/persons/${case1.director.id}`;
    [before] = documentsOf(having(await supplier.get(path), 200)) as [Json];
    having(await register(), 201);
    await erase(case1.director);
  });

  it('proves nothing any more: what was registered with it before is not registered again', async () => {
    const answer = await register();
    expect([answer.status, answer.body['code']]).toEqual([409, 'level-not-reached']);
    const [refusal] = answer.body['errors'] as readonly Json[];
    expect((refusal!['missing'] as Json)['aspects']).toEqual({ IO: 3 });
  });

  it('leaves its person readable, without what it said', async () => {
    const shown = having(await supplier.get(`/v1/persons/${case1.director.id}`), 200);
    expect(shown.body).toMatchObject({ familyName: expect.any(String), birthDate: '1985-04-12' });
    expect(documentsOf(shown)).toEqual([{ id: before['id'], documentType: 'passport' }]);
  });

  it('identifies nobody any more, and the person is found by the rest', async () => {
    const { documentType, number, issuingState, expiresOn } = before;
    const sought = { document: { type: documentType, number, issuingState } };
    expect((await supplier.ask('/v1/persons/_search', sought)).body['items']).toEqual([]);
    const other = having(
      await supplier.command('/v1/persons', {
        ...{ familyName: 'Testnieuweling', givenNames: 'Specimen', birthDate: '1990-01-01', birthPlace: 'Elders' },
      }),
      201,
    ).body['id'];
    const passport = { documentType, number, issuingState, expiresOn };
    const recorded = having(await supplier.command(`/v1/persons/${String(other)}/documents`, passport), 201);
    expect(recorded.body).toMatchObject({ duplicate: 'none', duplicates: [] });
    await until('the new one is found by it', async () => {
      const items = (await supplier.ask('/v1/persons/_search', sought)).body['items'] as readonly Json[];
      return items.length === 1 && items[0]!['id'] === other;
    });
  });

  it('leaves the others of its person as they are: with a new one it is registered again', async () => {
    const { desk, director, application } = case1;
    const fresh = { documentType: 'identityCard', issuingState: 'NLD', number: 'IEXAMPLE7', expiresOn: '2031-03-09' };
    const added = having(await supplier.command(`/v1/persons/${director.id}/documents`, fresh), 201);
    const document = documentsOf(added).at(-1)!['id'] as string;
    expect(documentsOf(added)).toMatchObject([{ id: before['id'] }, { number: 'IEXAMPLE7' }]);
    const about = { person: director.id };
    const again: string[] = [];
    for (const facts of [
      { type: 'idCopyEnclosed', about, document, presentation: 'paper' },
      {
        type: 'signatureComparison',
        about,
        document,
        against: 'idCopy',
        form: 'original',
        onTheSpot: false,
        agrees: true,
      },
      { type: 'idDocumentStatus', about, document, status: 'notReported' },
    ]) {
      again.push(await desk.check(application, facts, 1));
    }
    const body = case1.registration(means.id, { checks: [...case1.dossier, ...again] });
    having(await supplier.command('/v1/authorizations', body), 201);
  });
});
