import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later, type Instant } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { loadChecks } from './load-checks.js';
import { administrationOf, authenticatedLevel, holdsMeans, levelOfStork } from './submitter.js';

const { assessedAt, authorizationFacts, checkOf, ids, meansFacts, recordChecks } = paperRegistration;
const { company, director, employee, means } = ids;

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
    expect(await holdsMeans(memory.backbone, director)).toBe(holds);
    expect(await holdsMeans(memory.backbone, employee)).toBe(false);
  });

  it('sees what was recorded a moment ago', async () => {
    expect(await holdsMeans(memory.backbone, director)).toBe(false);
    await haveMeans('issued');
    expect(await holdsMeans(memory.backbone, director)).toBe(true);
  });
});

describe('the administration on record', () => {
  const authorize = (
    data: Parameters<typeof authorizationFacts>[1] = {},
    until: Parameters<typeof authorizationFacts>[2] = 'active',
    id: string = ids.authorization,
  ) => memory.record('authorization', id, ...authorizationFacts(id, { authority: 'administration', ...data }, until));
  const onRecord = (options: { isLegalRepresentative?: boolean; at?: Instant; party?: string; person?: string } = {}) =>
    administrationOf(memory.backbone, options.person ?? director, options.party ?? company, {
      isLegalRepresentative: options.isLegalRepresentative ?? false,
      at: options.at ?? assessedAt,
    });

  it('is an authority in force with a means that is active', async () => {
    await haveMeans('active');
    await authorize();
    expect(await onRecord()).toStrictEqual({ level: 'EH3', iv: 3 });
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
    expect(await onRecord({ isLegalRepresentative: true })).toStrictEqual({ level: 'EH3', iv: 3 });
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
    await authorize({ m: 2, scores: { IV: 2 } }, 'active', uuid('auth', 3));
    expect(await onRecord()).toStrictEqual({ level: 'EH3', iv: 3 });
  });

  it('of one level is the one that reaches furthest: without establishments, then with the higher IV', async () => {
    await haveMeans('active');
    await authorize();
    await authorize({ scores: { IV: 2 } }, 'active', uuid('auth', 2));
    await authorize({ establishments: ['000038509504'] }, 'active', uuid('auth', 3));
    expect(await onRecord()).toStrictEqual({ level: 'EH3', iv: 3 });
  });
});

describe('the level of a login', () => {
  const login = (members: object = {}): CheckFacts =>
    checkOf({
      type: 'authentication',
      about: { person: director },
      level: 'EH3',
      at: at('2026-03-02T10:00:00Z'),
      assertion: 'assertion-1',
      ...members,
    });
  const levelOf = async (...logins: readonly CheckFacts[]) => {
    const loaded = await loadChecks(memory.backbone, await recordChecks(memory, logins), '/checks');
    if ('faults' in loaded) throw new Error('unknown checks');
    return authenticatedLevel(memory.backbone, director, ids.application, loaded.checks);
  };

  it('is none without a login', async () => {
    expect(await levelOf()).toBeUndefined();
    expect(await levelOf(checkOf({ type: 'emailConfirmation', about: { person: director }, confirmed: true }))).toBe(
      undefined,
    );
  });

  it('is the highest of the named ones (ARCH-08)', async () => {
    expect(await levelOf(login({ level: 'EH2' }), login(), login({ level: 'EH2+' }))).toBe('EH3');
  });

  it('is of this person and this application', async () => {
    expect(await levelOf(login({ about: { person: employee } }))).toBeUndefined();
    expect(await levelOf(login({ application: uuid('appl', 9) }))).toBeUndefined();
  });

  it('with a means of ours is at most what that means carries', async () => {
    await haveMeans('active', { stork: 2 });
    expect(await levelOf(login({ means }))).toBe('EH2');
    expect(await levelOf(login({ means, level: 'EH1' }))).toBe('EH1');
  });

  it('with a means that is another’s, not active or unknown is none', async () => {
    await haveMeans('active', {}, means, employee);
    await haveMeans('issued', {}, uuid('means', 2));
    await haveMeans('revoked', {}, uuid('means', 3));
    for (const used of [means, uuid('means', 2), uuid('means', 3), uuid('means', 4)]) {
      expect(await levelOf(login({ means: used }))).toBeUndefined();
    }
  });

  it('of each STORK level is the highest level it is good for (LVL-15)', () => {
    expect(([1, 2, 3, 4] as const).map(levelOfStork)).toStrictEqual(['EH1', 'EH2', 'EH3', 'EH4']);
  });
});
