import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlaceAtParty } from '#libs/domain';
import type { EhLevel } from '#libs/scheme';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { authorizationsProjection, type AuthorizationRow } from '../read-models/authorizations.js';
import type { Viewer } from './viewer.js';
import { whereSeen } from './where-seen.js';

/** What a list looks through for a viewer: what he may see, also where a level is none, and nothing that is hidden from him. */

const { authorizationFacts } = paperRegistration;
const now = at('2026-03-09T10:00:00Z');
const [party, intermediary] = [uuid('party', 1), uuid('party', 2)];
const nobody: PlaceAtParty = { manages: [], isAuthorized: false, hasAdministrator: false, isRestGroup: false };

let memory: MemoryBackbone;
beforeEach(async () => void (memory = await memoryBackbone(fixedClock(now))));
afterEach(() => memory.close());

const looked = async (level: EhLevel, place: Partial<PlaceAtParty>): Promise<readonly string[]> => {
  const { store } = memory.backbone.readModels;
  await memory.backbone.readModels.upToDate(authorizationsProjection);
  const viewer = { records: new Set([uuid('person', 9)]), level, at: now } as unknown as Viewer;
  const found = await Promise.all(
    whereSeen(viewer, () => ({ ...nobody, ...place }), {
      ...{ consumers: [party], intermediaries: [], least: 'indication' },
    }).map((where) => store.search<AuthorizationRow>(authorizationsProjection, { where, limit: 100 })),
  );
  return [...new Set(found.flat().map(({ id }) => id))].sort();
};

describe('what a list looks through', () => {
  it('has what an intermediary was given, by the level that its M carries (RIGHTS-07, AMB-72)', async () => {
    const [low, high] = [uuid('auth', 1), uuid('auth', 2)];
    const given = (m: number) => ({ representedParty: party, authorizedParty: { party: intermediary }, eh: null, m });
    await memory.record('authorization', low, ...authorizationFacts(low, given(2) as never));
    await memory.record('authorization', high, ...authorizationFacts(high, given(3) as never));
    expect(await looked('EH2+', { manages: [undefined] })).toEqual([low]);
    expect(await looked('EH3', { manages: [undefined] })).toEqual([low, high]);
    expect(await looked('EH4', { manages: [undefined] })).toEqual([low, high]);
  });

  it('has nobody of an entity of the TRR for those who act for it (REST-04)', async () => {
    const colleague = uuid('auth', 1);
    const facts = { representedParty: party, displayPermitted: true };
    await memory.record('authorization', colleague, ...authorizationFacts(colleague, facts as never));
    expect(await looked('EH3', { isAuthorized: true })).toEqual([colleague]);
    expect(await looked('EH3', { isAuthorized: true, isRestGroup: true })).toEqual([]);
  });
});
