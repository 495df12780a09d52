import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { localIssuer, ROLES, type Role } from '#libs/platform';
import { fileKeyProvider } from '#libs/vault';
import { client, freshKey, type Answer } from './support/client.js';
import { operationsOf, type Operation } from './support/contract.js';
import { startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

let suite: TestSuite;
let operations: readonly Operation[];
let guarded: readonly Operation[];

beforeAll(async () => {
  suite = await startSuite();
  operations = await operationsOf(suite.url);
  guarded = operations.filter(({ scopes }) => scopes.length > 0);
});
afterAll(() => suite.end());

const call = ({ method, address, example, command }: Operation, token: string): Promise<Answer> =>
  client(suite.url, token).send(method, address, {
    ...(method === 'POST' ? { body: example ?? {} } : {}),
    ...(command ? { headers: { 'idempotency-key': freshKey() } } : {}),
  });
const named = ({ method, path }: Operation): string => `${method} ${path}`;

/** Calls every operation and answers those that did not get the status, with what they got. */
async function otherThan(status: number, of: readonly Operation[], token: string): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const operation of of) {
    const answer = await call(operation, token);
    if (answer.status !== status) wrong.push(`${named(operation)}: ${answer.status}`);
  }
  return wrong;
}

describe('every operation of the contract', () => {
  it('is a whole contract: all five apps are in it, and most of it is guarded', () => {
    const paths = operations.map(({ path }) => path);
    for (const path of [
      '/v1/checks',
      '/v1/means',
      '/v1/authorizations',
      '/v1/revocation-requests',
      '/access/v1/evaluation',
    ]) {
      expect(paths).toContain(path);
    }
    expect(guarded.length).toBeGreaterThan(25);
  });

  it('answers 401 without a token, and writes nothing', async () => {
    const before = await suite.heads();
    expect(await otherThan(401, guarded, '')).toEqual([]);
    expect(await suite.heads()).toEqual(before);
  });

  it.each([...(Object.keys(ROLES) as Role[]), 'nobody' as const])(
    'answers 403 to the role %s where the role has no scope for it, and lets it in elsewhere',
    async (role) => {
      const scopes: readonly string[] = role === 'nobody' ? [] : ROLES[role];
      const token = await suite.token(role === 'nobody' ? [] : role);
      const may = ({ scopes: needed }: Operation): boolean => needed.some((scope) => scopes.includes(scope));
      const before = await suite.heads();
      expect(
        await otherThan(
          403,
          guarded.filter((operation) => !may(operation)),
          token,
        ),
      ).toEqual([]);
      expect(await suite.heads()).toEqual(before);
      for (const operation of guarded.filter(may)) {
        const { status } = await call(operation, token);
        expect([named(operation), status === 401 || status === 403 || status >= 500]).toEqual([
          named(operation),
          false,
        ]);
      }
      // What was begun by it writes for a while more.
      const auditor = await suite.client('auditor');
      await until('no simulation goes on', async () => {
        const { body } = await auditor.ask('/v1/policy-simulations/_search', { reason: 'Is any open?' });
        const items = body['items'] as readonly { readonly status: string }[];
        return items.every(({ status }) => status !== 'open');
      });
    },
  );

  it('judges the token before the body: a stranger learns nothing about his request', async () => {
    for (const { method, address } of guarded.filter((operation) => operation.method === 'POST')) {
      const answer = await client(suite.url, 'no token').send(method, address, { body: '{ not json' });
      expect([address, answer.status]).toEqual([address, 401]);
    }
  });

  it('answers without a token what is open', async () => {
    const open = operations.filter(({ scopes }) => scopes.length === 0);
    expect(open.length).toBeGreaterThan(0);
    expect(await otherThan(200, open, '')).toEqual([]);
  });
});

describe('tokens', () => {
  const read = (token: string): Promise<Answer> => client(suite.url, token).get('/v1/services');
  const settings = { mode: 'development', publicBaseUrl: 'http://localhost', oin: '00000099000000001000' } as const;

  it('takes a token of the installation itself', async () => {
    expect((await read(await suite.token('supplier'))).status).toBe(200);
  });

  it('refuses what a withdrawn key signed, also a token that it has just taken, and takes those of the new key', async () => {
    const old = await suite.token('supplier');
    expect((await read(old)).status).toBe(200);
    const [{ id }] = (await suite.running.open.vault.verificationKeys('token')) as unknown as readonly [
      { readonly id: string },
    ];
    // Another process on the same folder, as `npm run token-keys` is.
    await (await fileKeyProvider(join(suite.place.dataDir, 'keys'))).withdraw('token', id);
    await until('the token of the withdrawn key is refused', async () => (await read(old)).status === 401);
    expect((await read(await suite.token('supplier'))).status).toBe(200);
  });

  it.each<[string, () => Promise<string>]>([
    [
      'has expired',
      () =>
        suite.running.issuer.issue({
          role: 'supplier',
          client: 'late',
          issuedAt: Math.floor(Date.now() / 1_000) - 7_200,
          lifetimeSeconds: 3_600,
        }),
    ],
    [
      'is of another issuer under the same name',
      () => {
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        return localIssuer({ id: 'k1', privateKey }, settings).issue({ role: 'supplier', client: 'foreign' });
      },
    ],
    ['was cut short', async () => (await suite.token('supplier')).slice(0, -20)],
    [
      'was given more scopes afterwards',
      async () => {
        const [head, body, signature] = (await suite.token([])).split('.') as [string, string, string];
        const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
        const altered = Buffer.from(JSON.stringify({ ...claims, scope: 'registration' })).toString('base64url');
        return [head, altered, signature].join('.');
      },
    ],
    [
      'has no signature',
      async () => {
        const [, body] = (await suite.token('supplier')).split('.') as [string, string];
        return `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${body}.`;
      },
    ],
    ['is no token', async () => 'abc'],
  ])('refuses one that %s', async (_what, make) => {
    const answer = await read(await make());
    expect([answer.status, answer.body['code']]).toEqual([401, 'unauthenticated']);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });
});
