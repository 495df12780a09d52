import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { testDatabase, unless } from '#libs/testing';
import type { Json } from '../../e2e/support/api.js';
import { installation, obstacle, READY_WITHIN } from '../../chaos/suite-process.js';
import { DOCUMENTS } from '../../e2e/support/contract.js';
import { databaseSettings, startSuite, type TestSuite } from '../../e2e/support/suite.js';
import { judgedByRules, noDesignRules } from './design-rules.js';

interface Media {
  readonly schema?: Json;
  readonly examples?: Record<string, { readonly value: unknown }>;
}
interface Operation {
  readonly summary?: string;
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<string, { readonly content?: Record<string, Media> }>;
}

let suite: TestSuite;
let contracts: Readonly<Record<string, Json>>;

beforeAll(async () => {
  suite = await startSuite();
  contracts = Object.fromEntries(
    await Promise.all(DOCUMENTS.map(async (path) => [path, await (await fetch(`${suite.url}${path}`)).json()])),
  ) as Record<string, Json>;
});
afterAll(() => suite.end());

describe.each(DOCUMENTS)('the contract at %s', (served) => {
  unless(noDesignRules()).it('has no error by the published design rules', async () => {
    const errors = (await judgedByRules(contracts[served]!)).filter(({ severity }) => severity === 0);
    expect(errors.map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`)).toEqual([]);
  });

  unless(noDesignRules()).it('would be found faulty when it is', async () => {
    const paths = contracts[served]!['paths'] as Json;
    const [first] = Object.values(paths);
    // One operation is enough to be wrong about, and takes a fraction of the time.
    const faulty = { ...contracts[served], paths: { '/Wrong_Path/': first } };
    expect((await judgedByRules(faulty)).filter(({ severity }) => severity === 0)).not.toEqual([]);
  });

  it('has for every operation an example of what is sent and of what comes back, valid by its own schema', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'contract', ...contracts[served] });
    const wrong: string[] = [];
    let examples = 0;
    // Bytes of a file stand in no document: what they may be is said by their type alone.
    const isFile = (pointer: string): boolean => /content\/(?:application~1pdf|image~1(?:png|jpeg))$/.test(pointer);
    const judge = (where: string, pointer: string, media: Media): void => {
      const values = Object.values(media.examples ?? {}).map(({ value }) => value);
      if (values.length === 0 && !isFile(pointer)) wrong.push(`${where}: no example`);
      if (media.schema === undefined) wrong.push(`${where}: no schema`);
      const valid = ajv.compile({ $ref: `contract#${pointer}/schema` });
      for (const value of values) {
        examples++;
        if (!valid(value)) wrong.push(`${where}: ${ajv.errorsText(valid.errors)}`);
      }
    };
    const escape = (text: string): string => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
    for (const [path, methods] of Object.entries(
      contracts[served]!['paths'] as Record<string, Record<string, Operation>>,
    )) {
      for (const [method, operation] of Object.entries(methods)) {
        if (method !== 'get' && method !== 'post') continue;
        const name = `${method} ${path}`;
        const base = `/paths/${escape(path)}/${method}`;
        if (operation.summary === undefined) wrong.push(`${name}: no summary`);
        for (const [type, media] of Object.entries(operation.requestBody?.content ?? {})) {
          judge(`${name} body`, `${base}/requestBody/content/${escape(type)}`, media);
        }
        for (const [status, { content }] of Object.entries(operation.responses)) {
          if (/^2/.test(status) && content === undefined) wrong.push(`${name} ${status}: no content`);
          for (const [type, media] of Object.entries(content ?? {})) {
            judge(`${name} ${status}`, `${base}/responses/${status}/content/${escape(type)}`, media);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(examples).toBeGreaterThan(served === '/v1/openapi.json' ? 500 : 10);
  });
});

unless(obstacle()).describe('the contract that a build has left', () => {
  it(
    'names the installation that serves it: its address, its participant and whom to write to',
    async () => {
      const [register, keys] = [await testDatabase(), await testDatabase()];
      const base = 'https://register.supplier.example';
      const place = await installation({
        ...databaseSettings({ register, keys }),
        ...{ PUBLIC_BASE_URL: base, PARTICIPANT_NAME: 'Test leverancier', CONTACT_EMAIL: 'desk@supplier.example' },
      });
      try {
        const { url } = await place.start();
        for (const served of DOCUMENTS) {
          const text = await (await fetch(`${url}${served}`)).text();
          expect(JSON.parse(text)).toMatchObject({
            info: { contact: { name: 'Test leverancier', url: `${base}/v1/status`, email: 'desk@supplier.example' } },
            servers: [{ url: base + served.replace('/openapi.json', '') }],
          });
          expect(text).not.toMatch(/[\w-]+\.invalid/);
        }
      } finally {
        await place.remove();
        await register.drop();
        await keys.drop();
      }
    },
    READY_WITHIN,
  );
});
