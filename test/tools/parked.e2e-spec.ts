import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { openPostgresStores, type PostgresStores } from '#libs/adapters/postgres';
import type { ParkedStep, ParkedWithBytes } from '#libs/eventing';
import { streamId } from '#libs/kernel';
import { testDatabase, unless, type TestDatabase } from '#libs/testing';
import { fileKeyProvider } from '#libs/vault';
import { installation, obstacle, READY_WITHIN, type Ended, type Installation } from '../chaos/suite-process.js';
import { databaseSettings } from '../e2e/support/suite.js';

const PROCESS = 'revocation-process';
const stream = streamId('revocationRequest', 'r1');
const at = (position: bigint) => ({ store: 's', epoch: 1, position });
const FAILED: ParkedStep = {
  ...{ process: PROCESS, at: at(12n), stream, type: 'RevocationAccepted', reason: 'no-such-registration' },
  state: 'failed',
};
const ID = '00000000-0000-4000-8000-000000000001';
const MESSAGE: ParkedWithBytes = {
  ...{ reaction: 'confirmations', id: ID, topic: 'register.means.events.v1', place: '3/17', key: 'means-m1' },
  ...{ bytes: Buffer.from('{}'), reason: 'no CloudEvent', state: 'failed' },
};
const WAITING: ParkedStep = { ...FAILED, at: at(15n), reason: 'stands behind another', state: 'waiting' };

/** docs/operations.md, Parked steps: what an operator types to decide. */
unless(obstacle()).describe('npm run parked', () => {
  let register: TestDatabase;
  let keys: TestDatabase;
  let place: Installation;
  let stores: PostgresStores;
  beforeAll(async () => {
    [register, keys] = [await testDatabase(), await testDatabase()];
    place = await installation(databaseSettings({ register, keys }));
    // An installation has keys before it has a register.
    await fileKeyProvider(join(place.dataDir, 'keys'));
    stores = await openPostgresStores({ database: register.logins.application, owner: register.logins.owner });
    for (const step of [FAILED, WAITING]) await stores.parkedSteps.park(step);
    await stores.parkedMessages.park(MESSAGE);
  });
  afterAll(async () => {
    await stores?.close();
    await place?.remove();
    await register?.drop();
    await keys?.drop();
  }, READY_WITHIN);

  const parked = (...words: readonly string[]): Promise<Ended> => place.tool('parked', ...words);

  it('lists what waits for a person, and what waits behind it', async () => {
    const { status, output } = await parked('list');
    expect(status).toBe(0);
    expect(output.trimEnd().split('\n').slice(-4)).toEqual([
      `${PROCESS} 12 failed: RevocationAccepted of ${stream}: no-such-registration`,
      `${PROCESS} 15 waiting: RevocationAccepted of ${stream}: stands behind another`,
      `confirmations ${ID} failed: register.means.events.v1 3/17 of means-m1: no CloudEvent`,
      '3 parked',
    ]);
  });

  it.each([
    ['nothing is said', [], 'npm run parked -- list | replay NAME PLACE | drop NAME PLACE'],
    ['no position is named', ['replay', PROCESS], 'npm run parked -- list'],
    ['the position is none', ['drop', PROCESS, '-1'], 'npm run parked -- list'],
    ['nothing stands there', ['drop', PROCESS, '13'], `${PROCESS} has no step at position 13 to drop`],
    ['it is of another process', ['replay', 'another', '12'], 'another has no step at position 12 to replay'],
    ['there is no such message', ['drop', PROCESS, ID], `${PROCESS} has no message ${ID} to drop`],
    ['it only waits', ['replay', PROCESS, '15'], `${PROCESS} has no step at position 15 to replay`],
  ])('changes nothing where %s', async (_what, words, message) => {
    const ended = await parked(...words);
    expect(ended).toMatchObject({ status: 1 });
    expect(ended.output).toContain(message);
    expect(ended.output).not.toMatch(/^\s+at /m);
    expect(await stores.parkedSteps.list()).toEqual([FAILED, WAITING]);
  });

  it('wants one tried again, and gives one up', async () => {
    expect(await parked('replay', PROCESS, '12')).toMatchObject({ status: 0 });
    expect(await stores.parkedSteps.list()).toEqual([{ ...FAILED, state: 'released' }, WAITING]);
    expect(await parked('drop', PROCESS, '12')).toMatchObject({ status: 0 });
    expect(await stores.parkedSteps.list()).toEqual([WAITING]);
  });

  it('wants a message tried again, and gives it up', async () => {
    expect(await parked('replay', 'confirmations', ID)).toMatchObject({ status: 0 });
    expect((await stores.parkedMessages.list()).map(({ state }) => state)).toEqual(['released']);
    expect(await parked('drop', 'confirmations', ID)).toMatchObject({ status: 0 });
    expect(await stores.parkedMessages.list()).toEqual([]);
  });
});
