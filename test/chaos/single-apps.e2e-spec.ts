import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { testDatabase, unless, type TestDatabase } from '#libs/testing';
import { client } from '../e2e/support/client.js';
import { databaseSettings } from '../e2e/support/suite.js';
import { installation, obstacle, READY_WITHIN, type Installation, type SuiteProcess } from './suite-process.js';

const nobody = randomUUID();
/** Of each app a path that it alone answers, and what it says there. */
const APPS = [
  ['archive', `/v1/applications/${nobody}`, '404 no-such-application'],
  ['assurance', '/.well-known/authzen-configuration', '200 -'],
  ['issuance', `/v1/persons/${nobody}`, '404 no-such-person'],
  ['registration', `/v1/parties/${nobody}`, '404 no-such-party'],
  ['revocation', `/v1/revocation-requests/${nobody}`, '404 no-such-revocation-request'],
] as const;

/** docs/operations.md: an app runs alone on the databases and keys that it shares with the others. */
unless(obstacle()).describe('an app that runs alone', () => {
  let register: TestDatabase;
  let keys: TestDatabase;
  let place: Installation;
  let app: SuiteProcess | undefined;
  let everywhere: readonly unknown[] | undefined;
  beforeAll(async () => {
    [register, keys] = [await testDatabase(), await testDatabase()];
    place = await installation(databaseSettings({ register, keys }));
  }, READY_WITHIN);
  afterEach(async () => {
    await app?.stop();
    app = undefined;
  });
  afterAll(async () => {
    await place?.remove();
    await register?.drop();
    await keys?.drop();
  }, READY_WITHIN);

  it.each(APPS)(
    '%s answers what is its own and nothing else',
    async (name, own, answer) => {
      app = await place.start(name);
      const supplier = client(app.url, place.token('supplier'));
      const answers = await Promise.all(
        APPS.map(async ([, path]) => {
          const { status, body } = await supplier.get(path);
          return [path, `${status} ${String(body['code'] ?? '-')}`];
        }),
      );
      expect(answers).toEqual(APPS.map(([, path]) => [path, path === own ? answer : '404 not-found']));
      // Behind a gateway any app is asked for the page of a problem, whichever answered with it.
      const problems = (await (await fetch(`${app.url}/problems`)).json()) as {
        readonly items: readonly { code: string }[];
      };
      const codes = problems.items.map(({ code }) => code);
      expect(codes.length).toBeGreaterThan(100);
      everywhere ??= codes;
      expect(codes).toEqual(everywhere);
      expect(app.output()).toContain(`Waarborg ${name} answers at `);
    },
    READY_WITHIN,
  );
});
