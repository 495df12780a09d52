import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { suiteProjections } from '#apps/suite';
import { authorizationDecider } from '#libs/domain';
import {
  rebuildProjection,
  replayProjection,
  StoreUnavailable,
  type Projection,
  type ProjectionStore,
} from '#libs/eventing';
import { later, streamId, type AuthorizationId, type PersonId } from '#libs/kernel';
import { mediaFiles, PATIENCE } from '#libs/testing';
import type { Json } from './support/api.js';
import { at, paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { having, type Client } from './support/client.js';
import { askedForRights, destroyedNothing, simulatedSome } from './support/filled-lists.js';
import { liveTable } from './support/read-models.js';
import { startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';
import { handOverCopy, uploadFile } from './support/upload.js';

let suite: TestSuite;
let supplier: Client;
let case1: PaperCase;

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
  case1 = await paperCase(supplier);
  const login = await case1.means();
  for (let count = 0; count < 3; count++) {
    const means = await case1.means();
    const authorization = await case1.authorize(means.id, { awaitsActivation: count === 0 });
    if (count === 1) {
      const application = await case1.desk.application('nonElectronic', ['suspension'], 1, 'writing');
      const requester = { role: 'legalRepresentative', person: case1.director.id };
      const object = { authorization: authorization['id'] };
      having(await supplier.command('/v1/suspensions', { application, object, requester, checks: [] }), 409);
      const request = await case1.revocation({ authorization: authorization['id'] }, login.id);
      having(await supplier.command('/v1/revocation-requests', request), 201);
      having(await supplier.command('/v1/revocation-requests', { ...request, checks: [] }), 201);
    }
    if (count === 2) {
      having(
        await supplier.command('/v1/revocation-requests', await case1.revocation({ means: means.id }, login.id)),
        201,
      );
    }
  }
  await usedAndNoticed(login);
  having(await supplier.command(`/v1/parties/${case1.party}/special-circumstances`, { reported: true }), 200);
  const human = { familyName: 'Tweemaal', givenNames: 'Anna', birthDate: '1971-05-06' };
  const person = async () => having(await supplier.command('/v1/persons', human), 201).body['id'] as string;
  const [first, second] = [await person(), await person()];
  having(await supplier.command(`/v1/persons/${second}/links`, { to: first, same: true }), 200);
  const receiver = { address: 'https://receiver.example/hook', eventTypes: ['MeansRevoked'] };
  const governance = await suite.client('governance');
  having(await governance.command('/v1/webhook-subscriptions', receiver), 201);
  expect((await uploadFile(supplier, case1.application, mediaFiles.pngFile())).status).toBe(201);
  const kept = await handOverCopy(supplier, case1.application, case1.director, mediaFiles.pngFile());
  expect(kept).toMatchObject({ status: 'kept' });
  const hold = { on: { kind: 'application', id: case1.application }, reason: 'Rechtbank, zaak 1' };
  having(await governance.command('/v1/legal-holds', hold), 201);
  await simulatedSome(await suite.client('auditor'));
  await destroyedNothing(suite.running.open.backbone, 1);
  for (const nth of [1, 3]) await askedForRights(suite.running.open.backbone, nth);
  const value = { kind: 'email', value: 'post@example.org', suppliedBy: 'submitter' };
  const added = having(await supplier.command(`/v1/parties/${case1.party}/contacts`, value), 201).body;
  const { id: contact } = (added['contacts'] as readonly Json[])[0]!;
  const asked = {
    type: 'separateChannelConfirmation',
    about: { party: case1.party },
    medium: 'email',
    confirmed: true,
  };
  await case1.desk.check(case1.application, { ...asked, contact }, 1);
});
afterAll(() => suite.end());

/** One that was used, and one that was noticed long before its time. */
async function usedAndNoticed({ id: means, pseudonym }: IssuedMeans): Promise<void> {
  const authorization = (await case1.authorize(means))['id'] as AuthorizationId;
  const network = await suite.client('network');
  await until('it is used', async () => {
    const answer = await network.ask('/access/v1/evaluation', question(pseudonym, case1.organization));
    return having(answer, 200).body['decision'] === true;
  });
  const { commands, now } = suite.running.open.backbone;
  const [countsFrom, revokesAt] = [later(now(), -1_000), later(now(), 1_000_000_000)];
  const noticed = await commands.execute(
    authorizationDecider,
    streamId('authorization', authorization),
    () => ({
      ...{ type: 'ReviewNonUse', lastUsedAt: null, recordsUpTo: '0', now: now() },
      periods: { countsFrom, noticeFrom: countsFrom, revokesAt },
      addressees: [{ role: 'authorizedPerson', kind: 'person', id: case1.employee.id as PersonId }],
      told: [],
      erased: [],
    }),
    {
      ...{ participant: 'test', client: 'test', key: 'notice', requestHash: 'notice' },
      ...{ actor: { system: 'test' }, correlationId: 'test' },
    },
  );
  expect(noticed).toMatchObject({ outcome: 'accepted', events: [{ type: 'AuthorizationNonUseNoticed' }] });
}

/** Every row of the live table, with every column. */
async function liveRows({ name }: Projection): Promise<readonly string[]> {
  const table = await liveTable(suite.place.register, name);
  const rows = await suite.place.register.query<{ row: string }>(
    `select to_jsonb(t)::text as row from ${table} t order by 1`,
  );
  return rows.map(({ row }) => row);
}

async function fed(projection: Projection): Promise<void> {
  const { backbone } = suite.running.open;
  const head = await (projection.log === 'records' ? backbone.records : backbone.feed).head();
  await until(`${projection.name} has seen everything`, () => backbone.readModels.waitFor(projection, head));
}

async function rebuild(projection: Projection): Promise<{ readonly events: number; readonly rows: number }> {
  const { backbone, stores } = suite.running.open;
  const { feed, records, serializer, identity } = backbone;
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await rebuildProjection(projection, {
        ...{ projections: stores.projections, feed, records, serializer, identity },
      });
    } catch (error) {
      // A projector that is just opening its table holds a lock for a moment.
      if (!(error instanceof StoreUnavailable) || performance.now() > end) throw error;
    }
  }
}

const names = suiteProjections.map((projection) => projection.name);
const projectionOf = (name: string): Projection => suiteProjections.find((projection) => projection.name === name)!;

describe('a rebuild', () => {
  it('is tested for every read model of the product', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['applications', 'checks', 'parties', 'revocation-requests']));
  });

  it.each(names)('of %s equals the live table, row by row and column by column', async (name) => {
    const projection = projectionOf(name);
    await fed(projection);
    const live = await liveRows(projection);
    expect(live.length).toBeGreaterThan(0);
    const { rows } = await rebuild(projection);
    expect(rows).toBe(live.length);
    expect(await liveRows(projection)).toEqual(live);
  });

  it.each(names)('is seen to be none that %s needs: replayed it is the same, row by row (ARCH-14)', async (name) => {
    const projection = projectionOf(name);
    await fed(projection);
    const { backbone, stores } = suite.running.open;
    const { feed, records, serializer, identity } = backbone;
    const parts = { projections: stores.projections, feed, records, serializer, identity };
    const replayed = await replayProjection(projection, parts);
    expect([name, replayed]).toEqual([name, expect.objectContaining({ verdict: 'equal', differences: 0 })]);
    expect((replayed as { readonly rows: number }).rows).toBeGreaterThan(0);
  });

  it('would be seen to differ: a row that was changed by hand is put right', async () => {
    const projection = projectionOf('applications');
    const live = await liveRows(projection);
    await suite.place.register.query(
      `update ${await liveTable(suite.place.register, 'applications')} set channel = 'electronic'`,
    );
    expect(await liveRows(projection)).not.toEqual(live);
    await rebuild(projection);
    expect(await liveRows(projection)).toEqual(live);
  });

  it('keeps the promise of a position that was given while it ran, although nothing comes after it', async () => {
    const projection = projectionOf('applications');
    const { backbone, stores } = suite.running.open;
    const { feed, serializer, identity } = backbone;
    let made: Json = {};
    // The command comes after the last event was read for the new table and before that table takes the old one's place.
    const projections: ProjectionStore = {
      open: (of) => stores.projections.open(of),
      checkpoint: (of) => stores.projections.checkpoint(of),
      leave: (of) => stores.projections.leave(of),
      retire: (of) => stores.projections.retire(of),
      load: (of, keys) => stores.projections.load(of, keys),
      commit: (of, changes, from, to) => stores.projections.commit(of, changes, from, to),
      find: (of, key) => stores.projections.find(of, key),
      search: (of, query) => stores.projections.search(of, query),
      searchColumns: (of, columns, query) => stores.projections.searchColumns(of, columns, query),
      snapshot: (of) => stores.projections.snapshot(of),
      async replace(of, rows, checkpoint, catchUp) {
        if (made['id'] === undefined) {
          const body = { channel: 'electronic', receivedAt: at(-1_000), purposes: ['reinstatement'] };
          made = having(await supplier.command('/v1/applications', body), 201).body;
          const position = { after: made['position'], limit: 1 };
          having(await supplier.ask('/v1/applications/_search', position), 200);
        }
        return stores.projections.replace(of, rows, checkpoint, catchUp);
      },
    };
    await rebuildProjection(projection, { projections, feed, serializer, identity });
    const shown = having(
      await supplier.ask('/v1/applications/_search', { purpose: 'reinstatement', after: made['position'] }),
      200,
    );
    expect((shown.body['items'] as Json[]).map(({ id }) => id)).toEqual([made['id']]);
  });

  it.each(names)('of %s while commands run loses none of them', async (name) => {
    const projection = projectionOf(name);
    let going = true;
    const made: string[] = [];
    const working = Array.from({ length: 3 }, async () => {
      while (going) {
        const body = { channel: 'electronic', receivedAt: at(-1_000), purposes: ['means'] };
        const { body: application } = having(await supplier.command('/v1/applications', body), 201);
        made.push(application['id'] as string);
        // Of its own: how many there will be depends on the machine, and an application holds 500.
        await case1.desk.check(
          application['id'] as string,
          { type: 'identityAttributesRecorded', about: { person: case1.employee.id }, uniquelyIdentifying: true },
          0,
        );
      }
    });
    try {
      for (let count = 0; count < 3; count++) {
        const before = made.length;
        await rebuild(projection);
        await until('commands ran beside it', () => made.length > before);
      }
    } finally {
      going = false;
      await Promise.all(working);
    }
    // The live one goes on from where the rebuild put it; afterwards another rebuild has to find nothing to mend.
    await fed(projection);
    const { feed, records } = suite.running.open.backbone;
    await settled(projection, await (projection.log === 'records' ? records : feed).head());
    const live = await liveRows(projection);
    await rebuild(projection);
    expect(await liveRows(projection)).toEqual(live);
    if (name === 'applications') {
      expect(live.filter((row) => made.some((id) => row.includes(id)))).toHaveLength(made.length);
    }
  });
});

/** Waits until the stored table itself has come to the position: a rebuild may have put it back for a moment. */
async function settled(projection: Projection, head: bigint): Promise<void> {
  await until(`${projection.name} has caught up after the rebuild`, async () => {
    const { checkpoint } = await suite.running.open.stores.projections.open(projection);
    const behind = await suite.place.register.query<{ count: string }>(
      'select count(*) from waarborg.events where position > $1 and position <= $2 and type = any($3)',
      [String(checkpoint?.position ?? 0n), String(head), projection.handles],
    );
    return behind[0]!.count === '0';
  });
}
