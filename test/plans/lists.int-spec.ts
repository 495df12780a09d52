import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPostgresStores, searchStatement, tableOf, type PostgresStores } from '#libs/adapters/postgres';
import type { Condition, Projection, Query } from '#libs/eventing';
import type { Scope } from '#libs/platform';
import { testDatabase, type TestDatabase } from '#libs/testing';
import { operationsOf } from '../e2e/support/contract.js';
import { ask, listsOf, showsEverything, valuesOf, wholeList } from '../e2e/support/lists.js';
import { startMemorySuite, type AskedSearch, type MemorySuite } from '../e2e/support/memory-suite.js';
import { filled } from '../e2e/support/filled-lists.js';

const ROWS = Number(process.env['WAARBORG_PLANS_ROWS'] ?? 100_000);

/**
 * Ten years of a register, the oldest first: half of it has expired, one party and one person are in a tenth of all rows,
 * what is rare is rare. Texts are SQL over `n`, the place of the row; absent columns are null.
 */
const at = (days: string): string =>
  `to_char(timestamp '2026-01-01' + (${days}) * interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const AGE = `(n - ${ROWS}) * 3650.0 / ${ROWS}`;
const id = (kind: string, number: string): string => `md5('${kind}' || (${number}))::uuid::text`;
const skewed = (kind: string, of: number): string => id(kind, `case when n % 10 = 0 then 0 else n % ${of} end`);
const COMMON: Readonly<Record<string, string>> = {
  position: 'n',
  revision: '1',
  application: id('application', 'n / 2'),
  recordedAt: at(AGE),
  receivedAt: at(AGE),
  performedAt: at(AGE),
  registeredAt: at(AGE),
  facts: `'{}'`,
  scope: `'{}'`,
  nature: `'{}'`,
  request: `'{}'`,
  late: 'n % 500 = 0',
  person: skewed('person', 50_000),
  representedParty: skewed('party', 20_000),
  authorizedPerson: skewed('person', 50_000),
  means: id('means', 'n'),
  holder: skewed('person', 50_000),
  party: skewed('party', 20_000),
  persons: `array[${skewed('person', 50_000)}, ${id('person', 'n % 7000')}]`,
  parties: `array[${skewed('party', 20_000)}]`,
};
const FILLED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  applications: {
    channel: `case when n % 3 = 0 then 'electronic' else 'nonElectronic' end`,
    purposes: `case when n % 1000 = 0 then array['reinstatement'] when n % 2 = 0 then array['means', 'registration'] else array['revocation'] end`,
    late: 'n % 500 = 0',
    means: `array[${id('means', 'n')}]`,
    authorizations: `array[${id('authorization', 'n')}]`,
  },
  parties: {
    kind: `case when n % 1000 = 0 then 'restGroupEntity' else 'undertaking' end`,
    register: `case when n % 1000 = 1 then 'trr' else 'kvk' end`,
    number: '(10000000 + n)::text',
  },
  authorizations: {
    status: `case when n % 20 = 0 then 'awaitingActivation' when n % 20 < 4 then 'revoked' else 'active' end`,
    revoked: 'n % 20 between 1 and 3',
    validFrom: `case when n > ${ROWS - 50} then ${at('30')} else ${at(AGE)} end`,
    validUntil: at(`${AGE} + 1825`),
  },
  authorization_ends: {
    status: `case when n % 20 = 0 then 'awaitingActivation' else 'active' end`,
    validFrom: at(AGE),
    validUntil: at(`${AGE} + 1825`),
    // As the read model counts it: the later a row was recorded, the later it ends.
    ends: `1000000000000000 - (extract(epoch from timestamp '2026-01-01' + (${AGE} + 1825) * interval '1 day') * 1000)`,
  },
  non_use_notices: { revokes: `1000000000000000 - n` },
  means: {
    status: `case when n % 1000 = 0 then 'applied' when n % 10 = 0 then 'revoked' else 'active' end`,
  },
  revocation_requests: {
    mutation: `case when n % 20 = 0 then 'suspension' else 'revocation' end`,
    status: `case when n % 1000 = 0 then 'accepted' when n % 10 = 0 then 'refused' else 'effected' end`,
    breached: `case when n % 10 = 0 then null else n % 999 = 1 end`,
    dueAt: `case when n % 10 > 0 then ${at(AGE)} end`,
    authorization: `case when n % 2 = 0 then ${id('authorization', 'n')} end`,
    means: `case when n % 2 = 1 then ${id('means', 'n')} end`,
  },
  revocation_deadlines: {
    mutation: `case when n % 20 = 0 then 'suspension' else 'revocation' end`,
    urgency: `253402300800000 - n`,
    dueAt: at(AGE),
    lateAt: at(AGE),
    nextAt: at(AGE),
    status: `case when n % 1000 = 0 then 'received' when n % 1000 = 1 then 'accepted' when n % 10 = 0 then 'refused' else 'effected' end`,
    open: 'n % 1000 < 2',
    endsAt: `'9999-12-31T23:59:59.999Z'`,
    breached: `case when n % 1000 < 2 or n % 10 = 0 then null else n % 999 = 1 end`,
  },
  checks: {
    type: `(array['idCopyEnclosed', 'idDocumentStatus', 'tradeRegisterLookup', 'authentication'])[1 + n % 4]`,
    authorizations: `array[${id('authorization', 'n / 10')}]`,
    means: `array[${id('means', 'n / 10')}]`,
  },
  audited_documents: {
    documentType: `case when n % 1000 = 0 then 'residencePermit' when n % 10 = 0 then 'identityCard' else 'passport' end`,
    actors: `array['back-office', ${id('clerk', 'n % 30')}]`,
  },
  policy_simulations: {
    status: `case when n = ${ROWS} then 'open' when n % 20 = 0 then 'cancelled' when n % 999 = 1 then 'failed' else 'completed' end`,
    shownUntil: at(`${AGE} + 30`),
  },
  audited_persons: {
    documents: `array[${id('document', 'n')}]`,
    means: `array[${id('means', 'n')}]`,
  },
};

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

async function fill(database: TestDatabase, projection: Projection): Promise<void> {
  const { table } = projection;
  const expressions = { ...COMMON, ...FILLED[table.name], [table.key]: id(table.name, 'n') };
  const columns = Object.keys(table.columns).filter((column) => column in expressions);
  await database.query(
    `insert into read_model."${tableOf(projection).name}" (${columns.map((column) => `"${snakeCase(column)}"`).join(', ')})
     select ${columns.map((column) => `(${expressions[column]!})::${table.columns[column]!}`).join(', ')}
     from generate_series(1, ${ROWS}) n`,
  );
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}
const scanned = (plan: Plan): readonly string[] => [
  ...(plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name']!] : []),
  ...(plan.Plans ?? []).flatMap(scanned),
];

/** The same question about what is most common in the table: an index has to serve that as well. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const askedOfTheCommonest = (query: Query, commonest: Readonly<Record<string, string>>): Query => ({
  ...query,
  where: query.where.map((condition): Condition => {
    const common = commonest[condition.column];
    const about = 'value' in condition && UUID.test(String(condition.value)) && common !== undefined;
    return about ? ({ ...condition, value: common } as Condition) : condition;
  }),
});

/** Conditions by their shape: one of each is enough, but a word of a choice is a shape of its own. */
const shapeOf = ({ projection, query }: AskedSearch): string =>
  JSON.stringify([
    projection.name,
    query.after !== undefined,
    query.where.map((condition) => [
      condition.column,
      condition.is,
      'value' in condition && !/\d{4}/.test(String(condition.value)) ? String(condition.value) : '',
    ]),
  ]);

describe(`every search that a list asks for, alone and in pairs, on ${ROWS} rows`, () => {
  let suite: MemorySuite;
  let database: TestDatabase;
  let stores: PostgresStores;
  let searches: readonly AskedSearch[];

  beforeAll(async () => {
    suite = await startMemorySuite({ telling: { language: 'nl' } });
    await filled(suite);
    const before = suite.searches.length;
    for (const list of listsOf(await operationsOf(suite.url))) {
      const client = await suite.client(list.operation.scopes as readonly Scope[]);
      // What is searched by exactly what one knows is found by its keyed hash, in the key store.
      if (!(await showsEverything(client, list))) continue;
      const whole = await wholeList(client, list, {}, 3);
      if (list.path === '/v1/revocation-requests/_search') {
        for (const more of [{}, { status: 'received' }, { dueBefore: '2026-01-02T00:00:00Z' }]) {
          await ask(client, list, { order: 'due', ...more });
        }
      }
      for (const [index, filter] of list.filters.entries()) {
        for (const value of valuesOf(list, filter, whole, 1)) {
          await ask(client, list, { [filter.name]: value });
          for (const other of list.filters.slice(index + 1)) {
            for (const more of valuesOf(list, other, whole, 1).slice(0, 5)) {
              await ask(client, list, { [filter.name]: value, [other.name]: more });
            }
          }
        }
      }
    }
    searches = [...new Map(suite.searches.slice(before).map((asked) => [shapeOf(asked), asked])).values()];
    database = await testDatabase();
    stores = await openPostgresStores({ database: database.url });
    for (const projection of new Set(searches.map((asked) => asked.projection))) {
      await stores.projections.open(projection);
      await fill(database, projection);
    }
    await database.query('analyze');
  }, 600_000);
  afterAll(async () => {
    await stores.close();
    await database.drop();
    await suite.end();
  });

  const planOf = async ({ projection, query }: AskedSearch): Promise<Plan> => {
    const { text, values } = searchStatement(tableOf(projection), query);
    const [row] = await database.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (format json) ${text}`, values);
    return row!['QUERY PLAN'][0].Plan;
  };

  it('is served by an index, on any page', async () => {
    expect(searches.length).toBeGreaterThan(100);
    const commonest = Object.fromEntries(
      await Promise.all(
        [
          ['persons', 'person'],
          ['parties', 'party'],
          ['representedParty', 'party'],
          ['authorizedPerson', 'person'],
          ['holder', 'person'],
          ['party', 'party'],
        ].map(async ([column, kind]) => {
          const [row] = await database.query<{ id: string }>(`select ${id(kind!, '0')} as id`);
          return [column!, row!.id] as const;
        }),
      ),
    ) as Readonly<Record<string, string>>;
    const wrong: unknown[] = [];
    for (const { projection, query } of searches) {
      const middle = { order: BigInt(ROWS / 2), key: '80000000-0000-4000-8000-000000000000' };
      for (const where of [query.where, askedOfTheCommonest(query, commonest).where]) {
        for (const after of [undefined, middle]) {
          const asked = { projection, query: { where, limit: 101, ...(after && { after }) } };
          const tables = scanned(await planOf(asked));
          if (tables.length > 0) wrong.push({ list: projection.name, where, after: after !== undefined });
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 600_000);
});
