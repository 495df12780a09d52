import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later, type Instant } from '#libs/kernel';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { administrationBy, administrationOf, holdsMeans, limitsOfHolder, loginsOf, standsWithin } from './submitter.js';
import type { Weighed } from './weighed.js';

const { assessedAt, authorizationFacts, ids, meansFacts } = paperRegistration;
const { company, director, employee, means } = ids;
const elsewhere = uuid('appl', 9);

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
});
afterEach(() => memory.close());

type Until = Parameters<typeof meansFacts>[2];
const haveMeans = (
  until: Until,
  options: Parameters<typeof meansFacts>[3] = {},
  id = means as string,
  holder = director as string,
) => memory.record('means', id, ...meansFacts(id, holder, until, options));

describe('holding a means', () => {
  it.each([
    ['applied', false],
    ['issued', true],
    ['active', true],
    ['revoked', false],
  ] as const)('a person whose means is %s: %s', async (until, holds) => {
    await haveMeans(until);
    expect(await holdsMeans(memory.backbone, director, elsewhere)).toBe(holds);
    expect(await holdsMeans(memory.backbone, employee, elsewhere)).toBe(false);
  });

  it('is not holding already the one that the application itself is for (IO2-c, 003 §4.4.3)', async () => {
    await haveMeans('active');
    expect(await holdsMeans(memory.backbone, director, ids.application)).toBe(false);
    await haveMeans('issued', { application: elsewhere }, uuid('means', 8));
    expect(await holdsMeans(memory.backbone, director, ids.application)).toBe(true);
  });

  it('is found behind any number of means of the application itself (IO2-c)', async () => {
    await haveMeans('active', { application: elsewhere });
    for (let count = 1; count <= 100; count += 1) await haveMeans('issued', {}, uuid('more', count));
    expect(await holdsMeans(memory.backbone, director, ids.application)).toBe(true);
  });

  it('sees what was recorded a moment ago', async () => {
    expect(await holdsMeans(memory.backbone, director, elsewhere)).toBe(false);
    await haveMeans('issued');
    expect(await holdsMeans(memory.backbone, director, elsewhere)).toBe(true);
  });
});

describe('the administration on record', () => {
  const authorize = (
    data: Parameters<typeof authorizationFacts>[1] = {},
    until: Parameters<typeof authorizationFacts>[2] = 'active',
    id: string = ids.authorization,
  ) => memory.record('authorization', id, ...authorizationFacts(id, { authority: 'administration', ...data }, until));
  const onRecord = ({
    person = director,
    party = company,
    ...options
  }: { isLegalRepresentative?: boolean; at?: Instant; party?: string; person?: string; means?: string } = {}) =>
    administrationOf(memory.backbone, person, party, { isLegalRepresentative: false, at: assessedAt, ...options });

  it('is an authority in force with a means that is active', async () => {
    await haveMeans('active');
    await authorize();
    expect(await onRecord()).toStrictEqual({ level: 'EH3', iv: 2 });
  });

  it('is the one that is registered with the means of the login (003 §4.5.1)', async () => {
    await haveMeans('active');
    await haveMeans('active', {}, uuid('means', 8));
    await authorize();
    expect(await onRecord({ means })).toStrictEqual({ level: 'EH3', iv: 2 });
    expect(await onRecord({ means: uuid('means', 8) })).toBeUndefined();
  });

  it('is none with a means alone (ADMIN-06)', async () => {
    await haveMeans('active');
    expect(await onRecord()).toBeUndefined();
    // Nor with an authorization of the other kind.
    await authorize({ authority: 'regular' });
    expect(await onRecord()).toBeUndefined();
  });

  it('is an authority of his own too where he is a legal representative (ADMIN-07)', async () => {
    await haveMeans('active');
    await authorize({ authority: 'regular' });
    expect(await onRecord({ isLegalRepresentative: true })).toStrictEqual({ level: 'EH3', iv: 2 });
  });

  it('is no authority that is exercised jointly, for others, or by an intermediary (CONT-05, CONT-09)', async () => {
    await haveMeans('active');
    await authorize({ nature: { rightOfSubstitution: false, actsIndependently: false } });
    await authorize({ forThirdParties: true }, 'active', uuid('auth', 2));
    await authorize({ authorizedParty: { party: ids.otherCompany } }, 'active', uuid('auth', 3));
    expect(await onRecord()).toBeUndefined();
    await authorize({}, 'active', uuid('auth', 4));
    expect(await onRecord()).toStrictEqual({ level: 'EH3', iv: 2 });
  });

  it('is none with a means that is not on record', async () => {
    await authorize();
    expect(await onRecord()).toBeUndefined();
  });

  it('is of a legal representative only where it is for everything (ADMIN-07)', async () => {
    await haveMeans('active');
    await authorize({ authority: 'regular', scope: { all: false, services: ['urn:service:1'], groups: [] } });
    expect(await onRecord({ isLegalRepresentative: true })).toBeUndefined();
  });

  it('is none once the means is revoked, or not yet activated (ADMIN-12)', async () => {
    await haveMeans('revoked');
    await authorize();
    expect(await onRecord()).toBeUndefined();
    const other = uuid('means', 2);
    await haveMeans('issued', {}, other);
    await authorize({ authorizedParty: { person: director, means: other, pseudonym: 'p' } }, 'active', uuid('auth', 2));
    expect(await onRecord()).toBeUndefined();
  });

  it('is none once the authority is revoked, or before it is activated (ADMIN-12)', async () => {
    await haveMeans('active');
    await authorize({}, 'revoked');
    await authorize({}, 'awaitingActivation', uuid('auth', 2));
    expect(await onRecord()).toBeUndefined();
  });

  it('is in force half-open (ADMIN-12, REG-08)', async () => {
    const from = at('2026-02-01T00:00:00Z');
    const until = at('2026-03-01T00:00:00Z');
    await haveMeans('active');
    await authorize({ validFrom: from, validUntil: until });
    expect(await onRecord({ at: later(from, -1) })).toBeUndefined();
    expect(await onRecord({ at: from })).toBeDefined();
    expect(await onRecord({ at: later(until, -1) })).toBeDefined();
    expect(await onRecord({ at: until })).toBeUndefined();
  });

  it('is of this person for this party', async () => {
    await haveMeans('active');
    await authorize();
    expect(await onRecord({ party: ids.otherCompany })).toBeUndefined();
    expect(await onRecord({ person: employee })).toBeUndefined();
  });

  it('has the level that its M, its means and its submitter carry now (AMB-66)', async () => {
    await haveMeans('active', { stork: 2 });
    await authorize();
    expect(await onRecord()).toMatchObject({ level: 'EH2' });
    await haveMeans('active', { stork: 4 }, uuid('means', 2), employee);
    const authorizedParty = { person: employee, means: uuid('means', 2), pseudonym: 'p' };
    await authorize({ authorizedParty, submitterLevel: 'EH2+' }, 'active', uuid('auth', 2));
    expect(await onRecord({ person: employee })).toMatchObject({ level: 'EH2+' });
  });

  it('has the IV under which it was registered, and none without one', async () => {
    await haveMeans('active');
    await authorize({ scores: { IA: 2, IO: 3, IG: 3, IV: 2 } });
    expect(await onRecord()).toMatchObject({ iv: 2 });
    await haveMeans('active', {}, uuid('means', 2), employee);
    const authorizedParty = { person: employee, means: uuid('means', 2), pseudonym: 'p' };
    await authorize({ authorizedParty, scores: {} }, 'active', uuid('auth', 2));
    expect(await onRecord({ person: employee })).toBeUndefined();
  });

  it('is the best of several', async () => {
    await haveMeans('active');
    await authorize({ m: 1, scores: { IV: 1 } }, 'active', uuid('auth', 2));
    await authorize();
    await authorize({ m: 2, scores: { IV: 1 } }, 'active', uuid('auth', 3));
    expect(await onRecord()).toStrictEqual({ level: 'EH3', iv: 2 });
  });

  it('of one level is the one that reaches furthest: without establishments, then with the higher IV', async () => {
    await haveMeans('active');
    await authorize();
    await authorize({ scores: { IV: 1 } }, 'active', uuid('auth', 2));
    await authorize({ establishments: ['000038509504'] }, 'active', uuid('auth', 3));
    expect(await onRecord()).toStrictEqual({ level: 'EH3', iv: 2 });
  });

  it('of one level is the one without establishments, though another has a higher IV, and whichever came first', async () => {
    await haveMeans('active');
    const limited = { establishments: ['000038509504'], scores: { IV: 2 } };
    await authorize(limited);
    await authorize({ scores: { IV: 1 } }, 'active', uuid('auth', 2));
    expect(await onRecord()).toStrictEqual({ level: 'EH3', iv: 1 });
    await authorize(limited, 'active', uuid('auth', 3));
    expect(await onRecord()).toStrictEqual({ level: 'EH3', iv: 1 });
  });

  it('is one that covers what he acts on, before one of a higher level that does not (ADMIN-10)', async () => {
    await haveMeans('active');
    await authorize({ establishments: ['000038509504'] });
    await authorize({ m: 2, eh: 'EH2+' }, 'active', uuid('auth', 2));
    const covering = (limit: readonly string[] | undefined) =>
      administrationOf(memory.backbone, director, company, {
        isLegalRepresentative: false,
        at: assessedAt,
        covers: (his) => standsWithin([limit], his),
      });
    expect(await covering(['000038509504'])).toMatchObject({ level: 'EH3', establishments: ['000038509504'] });
    expect(await covering(['000038509505'])).toStrictEqual({ level: 'EH2+', iv: 2 });
    expect(await covering(undefined)).toStrictEqual({ level: 'EH2+', iv: 2 });
  });

  it('is found behind any number of other authorizations, by whichever means he logged in', async () => {
    await haveMeans('active');
    await authorize();
    const other = uuid('means', 8);
    await haveMeans('active', {}, other);
    const byOther = { authorizedParty: { person: director, means: other, pseudonym: 'p' } };
    for (let count = 2; count <= 101; count += 1) {
      await authorize({ authority: 'regular', ...byOther }, 'active', uuid('auth', count));
    }
    expect(await onRecord()).toStrictEqual({ level: 'EH3', iv: 2 });
    expect(await onRecord({ means })).toStrictEqual({ level: 'EH3', iv: 2 });
  });

  it('is found by every record of the human (MEANS-ID2-ii.b)', async () => {
    const twin = uuid('person', 7);
    const [registered] = paperRegistration.personFacts(twin, undefined, director);
    await memory.record('person', director, ...paperRegistration.personFacts(director));
    await memory.record('person', twin, registered!, {
      type: 'PersonLinked',
      data: { person: twin, to: director },
    });
    await haveMeans('active');
    await authorize();
    expect(await onRecord({ person: twin })).toStrictEqual({ level: 'EH3', iv: 2 });
  });

  it('and the means of a later record are those of the first one (MEANS-ID2-ii.b, IO2-c-holder)', async () => {
    const twin = uuid('person', 7);
    await memory.record('person', director, ...paperRegistration.personFacts(director));
    const [registered] = paperRegistration.personFacts(twin, undefined, director);
    await memory.record('person', twin, registered!, { type: 'PersonLinked', data: { person: twin, to: director } });
    await haveMeans('active', {}, means, twin);
    await authorize({ authorizedParty: { person: twin, means, pseudonym: 'p' }, establishments: ['000038509504'] });
    expect(await holdsMeans(memory.backbone, director, elsewhere)).toBe(true);
    expect(await onRecord({ person: director })).toMatchObject({ level: 'EH3', iv: 2 });
    expect(await limitsOfHolder(memory.backbone, director, company, assessedAt)).toStrictEqual([['000038509504']]);
  });
});

describe('PROOF-09: within the establishments of an administrator', () => {
  it('lies what is limited to some of his, each time', () => {
    const his = ['000038509504', '000038509505'];
    expect(standsWithin([['000038509504']], his)).toBe(true);
    expect(standsWithin([his, ['000038509505']], his)).toBe(true);
    expect(standsWithin([['000038509504', '000038509506']], his)).toBe(false);
    expect(standsWithin([['000038509504'], undefined], his)).toBe(false);
    expect(standsWithin([undefined], undefined)).toBe(true);
    // A means with no standing authorization for the consumer reaches nothing beyond.
    expect(standsWithin([], his)).toBe(true);
  });

  it('are the limits of every standing authorization of the holder for the consumer', async () => {
    await haveMeans('active');
    const register = (id: string, data: object, until: Parameters<typeof authorizationFacts>[2] = 'active') =>
      memory.record('authorization', id, ...authorizationFacts(id, data, until));
    await register(uuid('auth', 1), { establishments: ['000038509504'] });
    await register(uuid('auth', 2), {}, 'awaitingActivation');
    await register(uuid('auth', 3), { establishments: ['000038509507'] }, 'revoked');
    await register(uuid('auth', 4), { establishments: ['000038509508'], validUntil: assessedAt });
    await register(uuid('auth', 5), { establishments: ['000038509509'], representedParty: ids.otherCompany });
    expect(await limitsOfHolder(memory.backbone, director, company, assessedAt)).toStrictEqual([
      undefined,
      ['000038509504'],
    ]);
  });
});

it('PROOF-09: none of these limits is left out, however many authorizations there are', async () => {
  await haveMeans('active');
  // The oldest one reaches further than all that came after it.
  await memory.record('authorization', uuid('auth', 1), ...authorizationFacts(uuid('auth', 1), {}, 'active'));
  for (let count = 2; count <= 102; count += 1) {
    const id = uuid('auth', count);
    await memory.record('authorization', id, ...authorizationFacts(id, { establishments: ['000038509504'] }, 'active'));
  }
  const limits = await limitsOfHolder(memory.backbone, director, company, assessedAt);
  expect([limits.length, limits.at(-1)]).toEqual([102, undefined]);
  expect(standsWithin(limits, ['000038509504'])).toBe(false);
});

describe('ARCH-08, PROOF-06: the level of a login', () => {
  const login = (person: string, level?: string, used?: string): Weighed =>
    ({
      check: {
        facts: { type: 'authentication', about: { person }, ...(used === undefined ? {} : { means: used }) },
      },
      ...(level === undefined ? {} : { login: { level } }),
    }) as never;
  it('is the highest of those that count, of this human', () => {
    const levels = (...evidence: readonly Weighed[]) => loginsOf(evidence, director).map(({ level }) => level);
    expect(levels(login(director, 'EH2'), login(director, 'EH3'), login(director, 'EH2+'))).toEqual([
      'EH3',
      'EH2+',
      'EH2',
    ]);
    expect(levels(login(employee, 'EH4'), login(director, 'EH2'), login(director))).toEqual(['EH2']);
  });
  it('is of the means that he logged in with', () => {
    const logins = [login(director, 'EH2', uuid('means', 8)), login(director, 'EH3', means)];
    expect(loginsOf(logins, director)[0]).toEqual({ level: 'EH3', means });
  });
  it('is none where he did not log in, or no login counts', () => {
    expect(loginsOf([], director)).toEqual([]);
    expect(loginsOf([login(employee, 'EH4'), login(director)], director)).toEqual([]);
  });
});

describe('003 §4.5.1: the authority of whoever logged in more than once', () => {
  const [second, third] = [uuid('means', 8), uuid('means', 9)];
  const authorize = (used: string, data: object, id: string) =>
    memory.record(
      'authorization',
      id,
      ...authorizationFacts(id, {
        authority: 'administration',
        authorizedParty: { person: director, means: used, pseudonym: 'p' },
        ...data,
      }),
    );
  const by = async (logins: Parameters<typeof administrationBy>[3]['logins'], limit?: readonly string[]) => {
    const asked = {
      isLegalRepresentative: false,
      at: assessedAt,
      covers: (his?: readonly string[]) => standsWithin([limit], his),
    };
    const both = [logins, [...logins].reverse()] as const;
    const [one, other] = await Promise.all(
      both.map((named) => administrationBy(memory.backbone, director, company, { ...asked, logins: named })),
    );
    // The order in which they are named decides nothing.
    expect(other).toStrictEqual(one);
    return one;
  };
  const at3 = (used: string) => ({ level: 'EH3', means: used }) as const;
  beforeEach(async () => {
    for (const used of [means, second, third]) await haveMeans('active', {}, used);
  });

  it('is by the login with whose means one is registered, also where another login is of a higher level', async () => {
    await authorize(means, {}, uuid('auth', 1));
    const administration = { level: 'EH3', iv: 2 };
    // Which one it was is said as well: what rests on it is recorded by that (ARCH-10).
    const authorization = uuid('auth', 1);
    expect(await by([at3(means), at3(second)])).toStrictEqual({ administration, authorization, login: at3(means) });
    const higher = { level: 'EH4', means: second } as const;
    expect(await by([at3(means), higher])).toStrictEqual({ administration, authorization, login: at3(means) });
    expect(await by([at3(second), at3(third)])).toBeUndefined();
  });

  it('is the one that covers what he acts on, and then the one that carries most with its login', async () => {
    await authorize(means, { establishments: ['000038509504'] }, uuid('auth', 1));
    await authorize(second, { m: 2, eh: 'EH2+' }, uuid('auth', 2));
    expect(await by([at3(means), at3(second)], ['000038509505'])).toMatchObject({ login: at3(second) });
    expect(await by([at3(means), at3(second)], ['000038509504'])).toMatchObject({ login: at3(means) });
    const low = { level: 'EH2', means } as const;
    expect(await by([low, at3(second)], ['000038509504'])).toMatchObject({ login: at3(second) });
  });

  it('is any without a login, and any by a login that names no means of ours', async () => {
    await authorize(means, {}, uuid('auth', 1));
    expect(await by([])).toStrictEqual({
      administration: { level: 'EH3', iv: 2 },
      authorization: uuid('auth', 1),
    });
    expect(await by([{ level: 'EH3' }])).toMatchObject({ login: { level: 'EH3' } });
    expect(
      await administrationBy(memory.backbone, employee, company, {
        isLegalRepresentative: false,
        at: assessedAt,
        logins: [],
      }),
    ).toBeUndefined();
  });
});
