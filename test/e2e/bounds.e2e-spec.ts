import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCOPES } from '#libs/platform';
import type { Json } from './support/api.js';
import { client, freshKey, having, type Answer, type Client } from './support/client.js';
import { operationsOf, type Operation } from './support/contract.js';
import { startSuite, type TestSuite } from './support/suite.js';

let suite: TestSuite;
let operations: readonly Operation[];
let everywhere: Client;

beforeAll(async () => {
  suite = await startSuite();
  operations = (await operationsOf(suite.url)).filter(({ method, takesFile }) => method === 'POST' && !takesFile);
  everywhere = await suite.client(SCOPES);
});
afterAll(() => suite.end());

const send = ({ address, command }: Operation, body: string, as: Client = everywhere): Promise<Answer> =>
  as.send('POST', address, { body, ...(command ? { headers: { 'idempotency-key': freshKey() } } : {}) });
const codesOf = ({ body }: Answer): readonly string[] =>
  ((body['errors'] ?? []) as readonly Json[]).map(({ code }) => code as string);
const withMember = ({ example }: Operation, text: string): string => {
  const given = JSON.stringify(example ?? {});
  return given === '{}' ? `{${text}}` : `${given.slice(0, -1)},${text}}`;
};

describe('at every operation that takes a body', () => {
  it('a body has at most twenty thousand values', async () => {
    for (const operation of operations) {
      for (const member of [`"more":[${Array(20_000).fill(0).join(',')}]`, `"more":[${'{},'.repeat(200_000)}{}]`]) {
        const answer = await send(operation, withMember(operation, member));
        expect([operation.path, answer.status, answer.body['code'], codesOf(answer)]).toEqual([
          operation.path,
          400,
          'too-many-values',
          ['too-many-values'],
        ]);
      }
    }
  });

  it('a number counts only as it is written, and its place is told', async () => {
    for (const operation of operations) {
      for (const number of ['2.9999999999999999', '9007199254740993', '1e400', '1e-400', '12345678.123456789012']) {
        const answer = await send(operation, withMember(operation, `"more":{"count":${number}}`));
        expect([operation.path, number, answer.status, answer.body['errors']]).toEqual([
          operation.path,
          number,
          400,
          [{ pointer: '/more/count', code: 'malformed-json', detail: 'is a number that can not be kept exactly' }],
        ]);
      }
    }
  });

  it('a hundred faults are told, and then that there are more', async () => {
    const members = Array.from({ length: 5_000 }, (_, at) => `"m${at}":1`).join(',');
    for (const operation of operations.filter(({ path }) => !path.startsWith('/access/'))) {
      const text = withMember(operation, members);
      const answer = await send(operation, text);
      expect([operation.path, answer.status, codesOf(answer).length, codesOf(answer).at(-1)]).toEqual([
        operation.path,
        400,
        101,
        'more-faults',
      ]);
      expect(answer.text.length).toBeLessThanOrEqual(Math.max(16 * 1024, text.length));
    }
  });

  it('names as long as a body do not come back', async () => {
    const name = 'n'.repeat(300_000);
    for (const operation of operations) {
      for (const text of [`{"${name}":1}`, `{"${name}":{"a":1,"a":2}}`, `{"a":{"${name}":2.9999999999999999}}`]) {
        const answer = await send(operation, text);
        expect([operation.path, answer.status, answer.text.length < 16 * 1024]).toEqual([operation.path, 400, true]);
      }
    }
  });
});

describe('a person', () => {
  const issue = async (clerk: string | undefined, name = 'office'): Promise<Client> => {
    const { issuer } = suite.running;
    const who = { client: name, ...(clerk === undefined ? {} : { clerk }) };
    return client(suite.url, await issuer.issue({ ...who, scopes: ['intake', 'audit'] }));
  };
  const search = '/v1/audit/checks/_search';

  it('reads as an auditor, and no program does', async () => {
    for (const clerk of [undefined, 'office']) {
      const answer = await (await issue(clerk)).ask(search, { reason: 'sample' });
      expect([answer.status, answer.body['code']]).toEqual([403, 'person-required']);
    }
    expect((await (await issue('a-1')).ask(search, { reason: 'sample' })).status).toBe(200);
  });

  it('says in a check that a clerk did something, and no program does', async () => {
    const program = await issue(undefined);
    const receivedAt = new Date(Date.now() - 60_000).toISOString();
    const intake = { channel: 'electronic', receivedAt, purposes: ['registration'] };
    const application = (await program.command('/v1/applications', intake)).body['id'] as string;
    const check = (performedBy: Json): Json => ({
      application,
      type: 'completenessCheck',
      about: { application },
      missingItems: [],
      performedAt: new Date(Date.now() - 1_000).toISOString(),
      performedBy,
      source: { name: 'case-file', reference: 'case-1' },
    });
    const before = await suite.heads();
    const refused = await program.command('/v1/checks', check({ clerk: 'c-17' }));
    expect([refused.status, refused.body['code']]).toEqual([403, 'person-required']);
    expect(await suite.heads()).toEqual(before);
    const person = await issue('c-17');
    expect((await person.command('/v1/checks', check({ clerk: 'c-17' }))).status).toBe(201);
    // What nobody did is a program's to say.
    const bySystem = await program.command('/v1/checks', check({ system: 'no-such-system' }));
    expect(bySystem.body['code']).not.toBe('person-required');
  });
});

describe('an object that holds as much as it may', () => {
  const codesOfOperation = (path: string): readonly string[] =>
    operations.find((operation) => operation.path === path)!.codes;
  const made = async (path: string, body: object): Promise<string> =>
    having(await everywhere.command(path, body), 201).body['id'] as string;

  it('takes no more, with a code that is documented, and leaves no record of a refusal', async () => {
    const person = await made('/v1/persons', { familyName: 'Voorbeeld', birthDate: '1985-04-12' });
    const party = await made('/v1/parties', {
      ...{ kind: 'privateLegalPerson', register: 'kvk', number: '69599068', name: 'Test Stichting Bolderbast' },
      naturalPersonsBusiness: false,
    });
    const contact = (nr: number) => ({ kind: 'email', value: `n${nr}@example.org`, suppliedBy: 'submitter' });
    for (const [path, id, code] of [
      ['/v1/persons/{id}/contacts', person, 'person-full'],
      ['/v1/parties/{id}/contacts', party, 'party-full'],
    ] as const) {
      const at = path.replace('{id}', id);
      const key = freshKey();
      for (let nr = 1; nr < 100; nr += 1) having(await everywhere.command(at, contact(nr)), 201);
      having(await everywhere.command(at, contact(100), key), 201);
      const before = await suite.heads();
      const answer = having(await everywhere.command(at, contact(101)), 409);
      expect([path, answer.body['code'], answer.body['errors']]).toEqual([
        ...[path, code],
        [expect.objectContaining({ code, most: 100 })],
      ]);
      expect(codesOfOperation(path)).toContain(code);
      expect(await suite.heads()).toEqual(before);
      const replayed = having(await everywhere.command(at, contact(100), key), 201);
      expect(replayed.headers.get('idempotency-replayed')).toBe('true');
      expect(replayed.body['contacts']).toHaveLength(100);
    }
    expect(codesOfOperation('/v1/persons/{id}/documents')).toContain('person-full');
  });
});
