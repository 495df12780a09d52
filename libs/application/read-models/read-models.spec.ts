import { later, streamId } from '#libs/kernel';
import { STANDINGS, standingAt } from '#libs/domain';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rebuildProjection, StoreUnavailable, type Projection, type StoredEvent } from '#libs/eventing';
import { at, fixedClock, memoryBackbone, paperRegistration, until, uuid, type MemoryBackbone } from '#libs/testing';
import {
  authorizationsProjection,
  meansProjection,
  whereStanding,
  type AuthorizationRow,
  type MeansRow,
} from '../index.js';

const { assessedAt, authorizationFacts, ids, meansFacts } = paperRegistration;

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
});
afterEach(() => memory.close());

const rowsOf = async (projection: Projection<never>) => {
  await memory.backbone.readModels.upToDate(projection as unknown as Projection);
  const { rows } = await memory.stores.projections.snapshot(projection as unknown as Projection);
  return [...rows].sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
};

describe('the list of authorizations', () => {
  it('has a row for each, with its standing, holder and scope, at its first position', async () => {
    await memory.record('authorization', ids.authorization, ...authorizationFacts(ids.authorization, {}, 'revoked'));
    const intermediary = { authorizedParty: { party: ids.otherCompany }, establishments: ['000038509504'] };
    const second = uuid('auth', 2);
    await memory.record('authorization', second, ...authorizationFacts(second, intermediary, 'awaitingActivation'));
    const [first, next] = (await rowsOf(authorizationsProjection as never)) as unknown as AuthorizationRow[];
    expect(first).toMatchObject({
      id: ids.authorization,
      position: (await memory.stores.events.readStream(streamId('authorization', ids.authorization)))[0]!.position,
      revision: 2,
      status: 'revoked',
      representedParty: ids.company,
      authorizedPerson: ids.director,
      means: ids.means,
      authorizedParty: null,
      m: 3,
      eh: 'EH3',
      revokedAt: expect.any(String),
    });
    expect(next).toMatchObject({
      id: second,
      position: (await memory.stores.events.readStream(streamId('authorization', second)))[0]!.position,
      status: 'awaitingActivation',
      authorizedPerson: null,
      means: null,
      authorizedParty: ids.otherCompany,
      establishments: ['000038509504'],
      revokedAt: null,
      revoked: false,
    });
    // Everybody and every party that it names, in whichever role.
    expect([first?.persons, first?.parties]).toEqual([[ids.director], [ids.company]]);
    expect([next?.persons, next?.parties]).toEqual([[ids.director], [ids.company, ids.otherCompany]]);
  });
});

describe('the standing of authorizations', () => {
  it('is found by exactly those that stand so, to the millisecond', async () => {
    const moments = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'].map((day) => at(`${day}T00:00:00Z`));
    let number = 10;
    for (const until of ['awaitingActivation', 'active', 'revoked'] as const) {
      for (const validFrom of moments) {
        // An end before the beginning is on record nowhere; the two would still have to agree about it.
        for (const validUntil of moments) {
          const id = uuid('auth', ++number);
          await memory.record(
            'authorization',
            id,
            ...authorizationFacts(id, { validFrom, validUntil } as never, until),
          );
        }
      }
    }
    const rows = (await rowsOf(authorizationsProjection as never)) as unknown as AuthorizationRow[];
    expect(rows).toHaveLength(48);
    for (const moment of moments.flatMap((one) => [later(one, -1), one, later(one, 1)])) {
      for (const standing of STANDINGS) {
        const found = await memory.stores.projections.search<AuthorizationRow>(authorizationsProjection, {
          where: whereStanding(standing, moment),
          limit: 100,
        });
        expect([moment, standing, found.map(({ id }) => id).sort()]).toEqual([
          moment,
          standing,
          rows.filter((row) => standingAt(row, moment) === standing).map(({ id }) => id),
        ]);
      }
    }
  });
});

describe('the list of means', () => {
  it('has a row for each, with its holder, how far it is and the level it was issued at', async () => {
    await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'active', { stork: 4 }));
    const second = uuid('means', 2);
    await memory.record('means', second, ...meansFacts(second, ids.director, 'applied'));
    const [first, next] = (await rowsOf(meansProjection as never)) as unknown as MeansRow[];
    expect(first).toMatchObject({ holder: ids.employee, status: 'active', stork: 4, issuanceLevel: 4, revision: 2 });
    const [{ position }] = (await memory.stores.events.readStream(streamId('means', second))) as [StoredEvent];
    expect(next).toMatchObject({ holder: ids.director, status: 'applied', stork: null, position });
  });
});

describe.each([
  ['authorizations', authorizationsProjection],
  ['means', meansProjection],
])('the read model of %s', (name, projection) => {
  const write = (until: 'issued' | 'revoked', number: number) =>
    name === 'means'
      ? memory.record('means', uuid('means', number), ...meansFacts(uuid('means', number), ids.employee, until))
      : memory.record(
          'authorization',
          uuid('auth', number),
          ...authorizationFacts(uuid('auth', number), {}, until === 'issued' ? 'active' : 'revoked'),
        );

  it('rebuilt equals the live one', async () => {
    await write('issued', 1);
    await write('revoked', 2);
    const live = await rowsOf(projection as never);
    const { stores, backbone } = memory;
    await rebuildProjection(projection as unknown as Projection, {
      projections: stores.projections,
      feed: stores.feed,
      serializer: backbone.serializer,
      identity: backbone.identity,
    });
    expect(await rowsOf(projection as never)).toStrictEqual(live);
    expect(live).toHaveLength(2);
  });

  it('stops at an event that came before its beginning, and answers nobody from the past', async () => {
    const orphan =
      name === 'means'
        ? memory.record('means', uuid('means', 9), ...meansFacts(uuid('means', 9), ids.employee, 'revoked').slice(3))
        : memory.record(
            'authorization',
            uuid('auth', 9),
            ...authorizationFacts(uuid('auth', 9), {}, 'revoked').slice(2),
          );
    await orphan;
    const { readModels } = memory.backbone;
    await until('it has stopped', () => readModels.run(projection as never).status().state === 'stopped');
    await expect(readModels.upToDate(projection as unknown as Projection)).rejects.toThrow(StoreUnavailable);
    expect(() => readModels.fed(projection as unknown as Projection)).toThrow(StoreUnavailable);
  });
});

describe('the read models of a process', () => {
  it('are each kept once', () => {
    const { readModels } = memory.backbone;
    expect(readModels.run(meansProjection)).toBe(readModels.run(meansProjection));
  });

  it('wait for a position, and know only what is kept here', async () => {
    const { readModels } = memory.backbone;
    const position = await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'active'));
    expect(await readModels.waitFor(meansProjection as unknown as Projection, position)).toBe(true);
    const elsewhere = { ...meansProjection, name: 'elsewhere' } as unknown as Projection;
    expect(() => readModels.waitFor(elsewhere, 1n)).toThrow('is not kept in this process');
    await expect(readModels.upToDate(elsewhere)).rejects.toThrow('is not kept in this process');
  });
});
