import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { ivCarriedBy, ivStandingFor, loadAuthorization } from './iv-on-record.js';

const { assessedAt, authorizationFacts, checkOf, ids, lookedUpAt, recordChecks, receivedAt } = paperRegistration;
const DAY = 24 * 3_600_000;

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
});
afterEach(() => memory.close());

const look = (members: object = {}) =>
  checkOf({
    type: 'specialCircumstancesCheck',
    about: { party: ids.company },
    asOf: lookedUpAt,
    outcome: 'none',
    ...members,
  } as never);

async function registered(checks: readonly ReturnType<typeof look>[], data: object = {}, ruleSet = 'eh-1.5') {
  const named = await recordChecks(memory, checks);
  const facts = authorizationFacts(ids.authorization, { checks: named, registeredAt: assessedAt, ...data });
  await memory.recordUnder(ruleSet, 'authorization', ids.authorization, ...facts);
}
const carried = async (): Promise<number> =>
  ivCarriedBy(memory.backbone, (await loadAuthorization(memory.backbone, ids.authorization))!);

describe('PROOF-12: the IV score that an authorization carries for later ones', () => {
  it('is 3 under an earlier rule set only with a look of its time among its own checks', async () => {
    await registered([look()]);
    expect(await carried()).toBe(3);
  });

  it.each([
    ['no look', []],
    ['a look at another party', [look({ about: { party: ids.otherCompany } })]],
    ['a look of another application', [look({ application: uuid('appl', 9) })]],
    ['a look that was too old then', [look({ asOf: later(assessedAt, -5 * DAY) })]],
    ['a look that came after it', [look({ asOf: later(assessedAt, 1) })]],
    ['a finding, whoever confirmed it', [look({ outcome: 'found', otherRepresentativeRegistered: false })]],
    ['an answer that never came', [look({ outcome: 'unavailable' })]],
  ])('is 2 with %s', async (_what, checks) => {
    await registered(checks);
    expect(await carried()).toBe(2);
  });

  it('is 3 as registered where the rule set gives it for a proven look alone', async () => {
    await registered([], {}, 'eh-1.5.1');
    expect(await carried()).toBe(3);
  });

  it('is 3 with a look of the very moment, and up to the days that an answer counts', async () => {
    await registered([look({ asOf: assessedAt })]);
    expect(await carried()).toBe(3);
  });

  it('is 3 with a look at just less than five days before', async () => {
    await registered([look({ asOf: later(assessedAt, 1 - 5 * DAY) })]);
    expect(await carried()).toBe(3);
  });

  it('is 2 with another check that says none, of this party and of its time', async () => {
    const other = checkOf({
      type: 'tradeRegisterLookup',
      about: { party: ids.company },
      via: 'online',
      asOf: lookedUpAt,
      outcome: 'none',
      agreesOn: [],
    } as never);
    await registered([other]);
    expect(await carried()).toBe(2);
  });

  it('is 2 without the rule set that it was decided under, as of the first release', async () => {
    await memory.record('authorization', ids.authorization, ...authorizationFacts(ids.authorization, {}));
    expect(await carried()).toBe(2);
  });

  it('is nothing of an authorization that is not on record', async () => {
    expect(await loadAuthorization(memory.backbone, uuid('auth', 9))).toBeUndefined();
  });

  it('is what it was where it was less', async () => {
    await registered([], { scores: { IV: 2 } }, 'eh-1.5.1');
    expect(await carried()).toBe(2);
  });

  it('is 2 where nobody knows the rule set any more', async () => {
    await registered([], {}, 'eh-9');
    expect(await carried()).toBe(2);
  });
});

describe('PROOF-12: what stands now', () => {
  const standing = (moment = assessedAt) =>
    ivStandingFor(memory.backbone, {
      representedParty: ids.company,
      at: moment,
      column: 'authorizedPerson',
      ids: [ids.director],
    });

  it('is the highest of those that are active and not expired', async () => {
    expect(await standing()).toBe(0);
    await registered([look()]);
    expect(await standing()).toBe(3);
    expect(await standing(at('2029-01-01T00:00:00Z'))).toBe(0);
    expect(await standing(later(receivedAt, -400 * DAY))).toBe(0);
  });

  it('is the highest of several, in whatever order they were registered, and none that is to come', async () => {
    const register = (number: number, scores: object, data: object = {}) =>
      memory.recordUnder(
        'eh-1.5.1',
        'authorization',
        uuid('auth', number),
        ...authorizationFacts(uuid('auth', number), { scores, ...data }),
      );
    await register(2, { IV: 1 });
    expect(await standing()).toBe(1);
    await register(3, { IV: 2 });
    await register(4, { IV: 1 });
    await register(5, {});
    expect(await standing()).toBe(2);
    await register(6, { IV: 3 }, { validFrom: later(assessedAt, 1) });
    expect(await standing()).toBe(2);
    await register(7, { IV: 3 }, { validFrom: assessedAt });
    expect(await standing()).toBe(3);
  });
});
