import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { suiteModules } from '#apps/suite';
import { connect, OPERATIONS, ProblemError } from '#libs/client';
import { contractsOf } from '#libs/composition';
import type { Contracts } from '#libs/platform';

/* What the README of the client package says, held against the package and the contract. */

const README = readFileSync(new URL('../../../libs/client/README.md', import.meta.url), 'utf8');
const BASE = 'https://register.example';

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: object };
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}

let contracts: Contracts;
beforeAll(async () => {
  contracts = await contractsOf(suiteModules, BASE);
});

/** Operations of both documents, but for those that are open to whoever looks (contract, keys, pages). */
const operations = (): readonly Operation[] =>
  [contracts.v1, contracts.access].flatMap(({ paths }) =>
    Object.values(paths).flatMap((methods) => Object.values(methods) as unknown as Operation[]),
  );
const types = ({ requestBody, responses }: Operation): readonly string[] => [
  ...Object.keys(requestBody?.content ?? {}),
  ...Object.entries(responses).flatMap(([status, { content = {} }]) => (/^2/.test(status) ? Object.keys(content) : [])),
];
const isFile = (operation: Operation): boolean =>
  types(operation).some((type) => type !== 'application/json' && type !== 'text/plain');

describe('the README of the client package', () => {
  it('says of which operations there are none: those that take or give a file', () => {
    const missing = operations().filter(({ operationId }) => !Object.hasOwn(OPERATIONS, operationId));
    expect(missing.map(({ operationId }) => operationId)).toEqual(
      operations()
        .filter(isFile)
        .map(({ operationId }) => operationId),
    );
    expect(missing.length).toBeGreaterThan(0);
    expect(README).toContain('All but\n  those that take or give a file');
  });

  it('names operations that there are, in its example and besides', () => {
    const named = [...README.matchAll(/waarborg\.(?:api|answers|lists)\.([a-z]\w+)/g)].map(([, name]) => name!);
    expect(named).toEqual(['partiesRegister', 'partiesRegister', 'partiesSearch']);
    for (const name of [...named, 'evaluateAccessPost']) expect(OPERATIONS).toHaveProperty(name);
  });

  it('has an example that does what it says: a command, a refusal, a list', async () => {
    const [, example] = /```ts\n([^]*?)```/.exec(README)!;
    const printed: unknown[][] = [];
    const sent: { readonly url: string; readonly body: string | undefined }[] = [];
    const answers = [
      [201, { id: 'a', position: 'x' }],
      [409, { type: 't', title: 't', status: 409, code: 'conflict', detail: 'd', errors: [], instance: 'urn:trace:1' }],
      [200, { items: [{ id: 'a', name: 'Test Stichting Bolderbast' }], next: null }],
    ] as const;
    const hearing: typeof connect = (connection) =>
      connect({
        base: connection.base,
        fetch: async (url, { body }) => {
          const [status, answer] = answers[sent.length]!;
          sent.push({ url, body });
          return { status, headers: new Headers(), text: async () => JSON.stringify(answer) };
        },
      });
    // The text itself, but for the import and the words that only types have.
    const script = example!
      .replace(/^import .*$/m, '')
      .replaceAll(' as const', '')
      .replaceAll(/\]!/g, ']');
    const run = new Function('connect', 'ProblemError', 'process', 'console', `return (async () => {${script}})();`);
    await run(
      hearing,
      ProblemError,
      { env: { WAARBORG_BASE: BASE } },
      { log: (...words: unknown[]) => void printed.push(words) },
    );
    expect(sent.map(({ url }) => url)).toEqual([
      ...[`${BASE}/v1/parties`, `${BASE}/v1/parties`, `${BASE}/v1/parties/_search`],
    ]);
    expect(printed).toEqual([
      ['registered', 'a'],
      ['refused', 409, 'conflict', [], '1'],
      ['listed', 'a', 'Test Stichting Bolderbast'],
    ]);
  });
});
