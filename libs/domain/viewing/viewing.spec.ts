import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EH_LEVELS, type EhLevel } from '#libs/scheme';
import {
  sightOfAuthorization,
  sightOfMeans,
  type PlaceAtParty,
  type ViewedAuthorization,
  type ViewedMeans,
} from './viewing.js';

const nobody: PlaceAtParty = { manages: [], isAuthorized: false, hasAdministrator: false, isRestGroup: false };
const viewer = (level: EhLevel = 'EH3') => ({ records: new Set(['him']), level });
const authorization: ViewedAuthorization = {
  representedParty: 'consumer',
  authorizedPerson: 'other',
  level: 'EH3',
  isActive: true,
  isPermitted: true,
};
const at = (places: Readonly<Record<string, Partial<PlaceAtParty>>>) => (party: string) => ({
  ...nobody,
  ...places[party],
});

describe('the sight of an authorization', () => {
  it.each<[string, Partial<PlaceAtParty>, Partial<ViewedAuthorization>, EhLevel, unknown]>([
    ['of the holder', {}, { authorizedPerson: 'him' }, 'EH3', 'whole'],
    ['of the holder with a lower login', {}, { authorizedPerson: 'him' }, 'EH2+', undefined],
    ['of an administrator', { manages: [undefined] }, {}, 'EH3', 'whole'],
    ['of an administrator with a lower login', { manages: [undefined] }, {}, 'EH2', 'existence'],
    ['of an administrator of establishments', { manages: [['a', 'b']] }, { establishments: ['a'] }, 'EH3', 'whole'],
    ['of an administrator of two', { manages: [['a'], ['b']] }, { establishments: ['b'] }, 'EH3', 'whole'],
    ['of an administrator of others', { manages: [['a']] }, { establishments: ['a', 'b'] }, 'EH3', undefined],
    ['of an administrator of establishments, of one for all', { manages: [['a']] }, {}, 'EH3', 'whole'],
    ['of who acts for it as well', { isAuthorized: true }, {}, 'EH3', 'indication'],
    ['of who acts for it, with an administrator', { isAuthorized: true, hasAdministrator: true }, {}, 'EH3', undefined],
    ['of who acts for it, with a lower login', { isAuthorized: true }, {}, 'EH2', undefined],
    ['of who acts for it, of what has ended', { isAuthorized: true }, { isActive: false }, 'EH3', undefined],
    [
      'of who acts for it, of one who is not said to permit it',
      { isAuthorized: true },
      { isPermitted: false },
      'EH3',
      undefined,
    ],
    ['of an administrator, of one who is not', { manages: [undefined] }, { isPermitted: false }, 'EH3', 'whole'],
    ['of the holder, who is not', {}, { authorizedPerson: 'him', isPermitted: false }, 'EH3', 'whole'],
    ['of who acts for an entity of the TRR', { isAuthorized: true, isRestGroup: true }, {}, 'EH3', undefined],
    ['of an administrator of that entity', { manages: [undefined], isRestGroup: true }, {}, 'EH3', 'whole'],
    ['of anybody', {}, {}, 'EH4', undefined],
  ])('%s (VIS-01, VIS-02, RIGHTS-07)', (_who, place, seen, level, expected) => {
    expect(sightOfAuthorization(viewer(level), { ...authorization, ...seen }, at({ consumer: place }))).toBe(expected);
  });

  it.each<[string, Partial<PlaceAtParty>, Partial<PlaceAtParty>, unknown]>([
    ['who manages it sees what was given to it', {}, { manages: [undefined] }, 'whole'],
    ['who manages some establishments of it does not', {}, { manages: [['a']] }, undefined],
    ['nor does who acts for it', {}, { isAuthorized: true }, undefined],
    ['nor who acts for the consumer', { isAuthorized: true }, {}, undefined],
    ['nobody there is shown an entity of the TRR', { isRestGroup: true }, { manages: [undefined] }, undefined],
  ])('of an intermediary: %s (RIGHTS-02, REST-04)', (_who, consumer, intermediary, expected) => {
    const { authorizedPerson: _person, ...given } = { ...authorization, authorizedParty: 'intermediary' };
    expect(sightOfAuthorization(viewer(), given, at({ consumer, intermediary }))).toBe(expected);
  });
});

describe('the sight of a means', () => {
  it.each<[string, Partial<PlaceAtParty>, Partial<ViewedMeans>, EhLevel, unknown]>([
    ['of its holder', {}, { holder: 'him' }, 'EH3', 'whole'],
    ['of its holder with a lower login', {}, { holder: 'him' }, 'EH2', undefined],
    ['of who manages what it was applied for', { manages: [undefined] }, {}, 'EH3', 'indication'],
    ['of who manages some establishments', { manages: [['a']] }, {}, 'EH3', undefined],
    ['of who acts for it', { isAuthorized: true }, {}, 'EH3', undefined],
  ])('%s (RIGHTS-01, VIS-02)', (_who, place, seen, level, expected) => {
    const means: ViewedMeans = { holder: 'other', party: 'consumer', level: 'EH3', ...seen };
    expect(sightOfMeans(viewer(level), means, at({ consumer: place }))).toBe(expected);
  });
});

describe('whatever stands in the register', () => {
  const party = fc.constantFrom('a', 'b', 'c', 'd');
  const person = fc.constantFrom('him', 'his', 'her', 'them');
  const level = fc.constantFrom(...EH_LEVELS);
  const establishments = fc.option(fc.subarray(['1', '2', '3'], { minLength: 1 }), { nil: undefined });
  const place: fc.Arbitrary<PlaceAtParty> = fc.record({
    manages: fc.array(establishments, { maxLength: 2 }),
    isAuthorized: fc.boolean(),
    hasAdministrator: fc.boolean(),
    isRestGroup: fc.boolean(),
  });
  const places = fc.record({ a: place, b: place, c: place, d: place });
  const register = fc.array(
    fc
      .record({
        representedParty: party,
        to: fc.oneof(
          person.map((one) => ({ authorizedPerson: one })),
          party.map((one) => ({ authorizedParty: one })),
        ),
        establishments,
        level,
        isActive: fc.boolean(),
        isPermitted: fc.boolean(),
      })
      .map(({ to, establishments: only, ...rest }): ViewedAuthorization => ({
        ...rest,
        ...to,
        ...(only === undefined ? {} : { establishments: only }),
      })),
    { maxLength: 20 },
  );
  const viewing = level.map((reached) => ({ records: new Set(['him', 'his']), level: reached }));

  it('nobody sees what is neither his own nor of an organization at which he has a place (VIS-05)', () => {
    fc.assert(
      fc.property(viewing, register, places, (who, all, known) => {
        for (const one of all) {
          const sight = sightOfAuthorization(who, one, (id) => known[id as keyof typeof known]);
          if (sight === undefined) continue;
          const hasPlace = (id: string | undefined): boolean => {
            const { manages, isAuthorized } = id === undefined ? nobody : known[id as keyof typeof known];
            return manages.length > 0 || isAuthorized;
          };
          const isHis = one.authorizedPerson !== undefined && who.records.has(one.authorizedPerson);
          expect(isHis || hasPlace(one.representedParty) || hasPlace(one.authorizedParty)).toBe(true);
        }
      }),
    );
  });

  it('whoever is no administrator sees nothing of a higher level than his login, and with a higher one never less (RIGHTS-07)', () => {
    const rank = { whole: 2, indication: 1, existence: 0 } as const;
    fc.assert(
      fc.property(viewing, register, places, level, (who, all, known, other) => {
        const placeAt = (id: string): PlaceAtParty => known[id as keyof typeof known];
        for (const one of all) {
          const sight = sightOfAuthorization(who, one, placeAt);
          const isBelow = EH_LEVELS.indexOf(who.level) < EH_LEVELS.indexOf(one.level);
          if (isBelow) expect([undefined, 'existence']).toContain(sight);
          if (sight === 'existence') expect(placeAt(one.representedParty).manages.length).toBeGreaterThan(0);
          if (EH_LEVELS.indexOf(other) < EH_LEVELS.indexOf(who.level)) continue;
          const higher = sightOfAuthorization({ ...who, level: other }, one, placeAt);
          expect(higher === undefined ? -1 : rank[higher]).toBeGreaterThanOrEqual(
            sight === undefined ? -1 : rank[sight],
          );
        }
      }),
    );
  });
});
