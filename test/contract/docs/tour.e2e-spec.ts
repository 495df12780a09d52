import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startSuite, type TestSuite } from '../../e2e/support/suite.js';
import { page } from './markdown.js';

const run = promisify(execFile);

/** The shell blocks of the README that belong to the tour, in their order. */
const blocks = [...page('README.md').text.matchAll(/<!-- tour -->\n\n```sh\n([^]*?)```/g)].map(([, block]) => block!);

/** Stands for `npm run token`, which the setup lane runs as it is: prints the token of the role that is asked for. */
const TOKENS = `npm() { while [ "$1" != --role ]; do shift; done; printenv "TOKEN_$2"; }`;

let suite: TestSuite;

beforeAll(async () => {
  suite = await startSuite();
});
afterAll(() => suite.end());

test('the tour of the README works when it is followed to the letter', async () => {
  expect(blocks).toHaveLength(3);
  const tour = blocks.join('\necho\n');
  // The one line that a reader changes whose suite answers elsewhere.
  const script = tour.replace(/^BASE=.*$/m, `BASE=${suite.url}`);
  expect(script).not.toMatch(/localhost/);
  const tokens = await Promise.all(
    (['supplier', 'network', 'auditor'] as const).map(async (role) => [`TOKEN_${role}`, await suite.token(role)]),
  );
  const { stdout } = await run('bash', ['-euc', `${TOKENS}\n${script}`], {
    env: { ...process.env, ...(Object.fromEntries(tokens) as Record<string, string>) },
  });
  const [check, decision, reading] = stdout.split('\n').map((line) => JSON.parse(line) as Record<string, never>);
  expect(check).toMatchObject({ type: 'specialCircumstancesCheck', outcome: 'none', position: expect.any(String) });
  expect(decision).toMatchObject({ decision: false, context: { reasons: [{ code: 'unknown-means' }] } });
  expect(reading).toMatchObject({ items: [{ id: check!['id'] }], reading: expect.any(String) });
});
