import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askedOf, entries, text, yaml } from '../deploy/deployment-files.js';
import { paperCase } from './support/case.js';
import { having, type Client } from './support/client.js';
import { startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

/** The figures of a running suite against what docs/operations.md, alarms and dashboard take them for (REV-09). */

/** Of what a suite on one machine does not do: a gateway, Kafka, an authorization server of somebody else. */
const ELSEWHERE = /^waarborg_(?:gateway_|relay_|kafka_|issuer_keys_)/;

let suite: TestSuite;
let supplier: Client;
let types: ReadonlyMap<string, string>;
let labels: ReadonlyMap<string, ReadonlySet<string>>;

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
  const of = await paperCase(supplier);
  const [means, login] = [await of.means(), await of.means()];
  const [ended, other] = [await of.authorize(means.id), await of.authorize(login.id)];
  const electronic = await of.revocation({ authorization: ended['id'] }, login.id);
  having(await supplier.command('/v1/revocation-requests', electronic), 201);
  const application = await of.desk.application('nonElectronic', ['revocation'], 1, 'writing');
  const requester = { role: 'legalRepresentative', person: of.director.id };
  const letter = { application, object: { authorization: other['id'] }, requester, checks: [] };
  having(await supplier.command('/v1/revocation-requests', letter), 201);
  await until('what was carried out is counted', async () =>
    (await figures()).includes('waarborg_revocation_effected_seconds_count{'),
  );
  const shown = await figures();
  types = new Map([...shown.matchAll(/^# TYPE (waarborg_\w+) (\w+)$/gm)].map(([, name, type]) => [name!, type!]));
  const found = new Map<string, Set<string>>();
  for (const [, name, list] of shown.matchAll(/^(waarborg_\w+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})? \S+$/gm)) {
    const own = found.get(name!) ?? found.set(name!, new Set()).get(name!)!;
    for (const [, label] of (list ?? '').matchAll(/(\w+)="/g)) if (label !== 'le') own.add(label!);
  }
  labels = found;
});
afterAll(() => suite.end());

const figures = async (): Promise<string> => having(await supplier.get('/metrics'), 200).text;

describe('the figures of a running suite', () => {
  it('are those that docs/operations.md explains', () => {
    const explained = [...entries().keys()].filter((figure) => !ELSEWHERE.test(figure));
    expect([...types.keys()].sort()).toEqual(explained.sort());
  });

  it('have the labels that stand there', () => {
    const met: string[] = [];
    for (const [figure, own] of labels) {
      const told = entries().get(figure)!.labels;
      expect([figure, [...own].filter((label) => !told.includes(label))]).toEqual([figure, []]);
      if (own.size > 0 && own.size === told.length) met.push(figure);
    }
    const ofRevocations = ['decided_seconds', 'effected_seconds', 'everywhere_seconds', 'requests_open'];
    expect(met).toEqual(expect.arrayContaining(ofRevocations.map((name) => `waarborg_revocation_${name}`)));
  });

  it('are asked by alarms and dashboard as what they are: of a histogram its parts, of a counter how it grows', () => {
    const { groups } = yaml('deploy/prometheus/rules.yml') as {
      groups: readonly { rules: readonly { expr: string }[] }[];
    };
    const { panels } = JSON.parse(text('deploy/grafana/dashboards/waarborg.json')) as {
      panels: readonly { targets: readonly { expr: string }[] }[];
    };
    const expressions = [...groups.flatMap(({ rules }) => rules), ...panels.flatMap(({ targets }) => targets)];
    for (const { expr } of expressions) {
      for (const figure of askedOf(expr).figures) {
        const type = types.get(figure);
        if (type === 'histogram') expect(expr).toMatch(new RegExp(`${figure}_(?:bucket|sum|count)\\b`));
        if (type === 'counter') expect(expr).toMatch(new RegExp(`(?:rate|increase)\\(${figure}\\b`));
        if (type === 'gauge') expect(expr).not.toMatch(new RegExp(`(?:rate|increase)\\(${figure}\\b`));
      }
    }
  });
});
