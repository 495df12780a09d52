import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { suiteProjections } from '#apps/suite';
import { testDatabase, unless, type TestDatabase } from '#libs/testing';
import { installation, obstacle, READY_WITHIN, type Installation, type SuiteProcess } from '../chaos/suite-process.js';
import { client, having } from '../e2e/support/client.js';
import { paperCase } from '../e2e/support/case.js';
import { liveTable } from '../e2e/support/read-models.js';
import { databaseSettings } from '../e2e/support/suite.js';

/** docs/operations.md, Proving a read model: what is typed beside a suite that runs (ARCH-14). */
unless(obstacle()).describe('npm run replay', () => {
  let register: TestDatabase;
  let keys: TestDatabase;
  let place: Installation;
  let suite: SuiteProcess;
  beforeAll(async () => {
    [register, keys] = [await testDatabase(), await testDatabase()];
    place = await installation(databaseSettings({ register, keys }));
    suite = await place.start();
    const supplier = client(suite.url, place.token('supplier'));
    const own = await paperCase(supplier);
    const { body } = having(await supplier.get(`/v1/persons/${own.director.id}`), 200);
    expect(body['id']).toBe(own.director.id);
  }, READY_WITHIN);
  afterAll(async () => {
    await place?.remove();
    await register?.drop();
    await keys?.drop();
  }, READY_WITHIN);

  it('finds every read model equal to what the log makes of it', async () => {
    const { status, output } = await place.tool('replay');
    const said = output.trimEnd().split('\n');
    expect([status, said.at(-1)]).toEqual([
      0,
      `${suiteProjections.length} read models are what the log makes of them.`,
    ]);
    for (const { name } of suiteProjections) {
      const about = said.filter((line) => line.startsWith(`${name}: `));
      expect([name, about.length >= 1 && /: (?:equal: \d+ rows|not there)/.test(about.at(-1)!)]).toEqual([name, true]);
    }
    expect(output).toMatch(/^applications: equal: 1 rows, made of [1-9]\d* facts up to \d+$/m);
  });

  it('names the first row that somebody has changed, and changes nothing itself', async () => {
    const table = await liveTable(register, 'applications');
    const rows = async (): Promise<readonly object[]> => register.query(`select * from ${table} order by 1`);
    await register.query(`update ${table} set channel = 'electronic'`);
    const changed = await rows();
    const { status, output } = await place.tool('replay', 'applications', 'checks');
    expect(status).toBe(1);
    expect(output).toMatch(
      /^applications: DIFFERENT in 1 of 1 rows; row [0-9a-f-]{36}, channel: there is "electronic", and the log makes "nonElectronic"$/m,
    );
    expect(output).toMatch(/^checks: equal/m);
    expect(output).toContain('Not what the log makes of it: applications.');
    expect(await rows()).toEqual(changed);
    expect((await place.tool('rebuild', 'applications')).status).toBe(0);
    expect((await place.tool('replay', 'applications')).status).toBe(0);
  });

  it('says which there are where one is named that is none', async () => {
    const { status, output } = await place.tool('replay', 'aplications');
    expect([status, output]).toEqual([1, expect.stringContaining('there is no read model aplications; there are')]);
  });
});
