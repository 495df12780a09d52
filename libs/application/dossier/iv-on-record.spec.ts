import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import {
  at,
  fixedClock,
  memoryBackbone,
  paperRegistration,
  uuid,
  weighingScene,
  type MemoryBackbone,
} from '#libs/testing';
import { ivCarriedBy, ivStandingFor, loadAuthorization } from './iv-on-record.js';

const {
  assessedAt,
  authorizationFacts,
  ids,
  lookedUpAt,
  personFacts,
  recordChecks,
  recordPaperRegistration,
  receivedAt,
} = paperRegistration;
const { colleague, confirmation, DAY, elsewhere, fact, MINUTE, of, party, representation } = weighingScene;
const { recordContact, recordPassport } = weighingScene;

let memory: MemoryBackbone;
beforeEach(async () => {
  memory = await memoryBackbone(fixedClock(assessedAt));
  await recordPaperRegistration(memory, []);
  await memory.record('person', colleague, ...personFacts(colleague));
  for (const person of [colleague, ids.director]) await recordPassport(memory, person);
  await recordContact(memory);
});
afterEach(() => memory.close());

const look = (members: object = {}) =>
  fact('specialCircumstancesCheck', party, { asOf: lookedUpAt, outcome: 'none', ...members });
const finding = (members: object = {}) => look({ outcome: 'found', otherRepresentativeRegistered: true, ...members });
const confirmed = [finding(), confirmation(colleague), representation(colleague)];

async function registered(checks: readonly CheckFacts[], data: object = {}, ruleSet = 'eh-1.5') {
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

  it('is 3 with a finding that another representative confirmed, whom the register shows (PROOF-02)', async () => {
    await registered(confirmed);
    expect(await carried()).toBe(3);
  });

  it.each<[string, readonly CheckFacts[]]>([
    ['no look', []],
    ['a look at another party', [look({ about: { party: ids.otherCompany } })]],
    ['a look of another application', [look({ application: elsewhere })]],
    ['an answer that never came', [look({ outcome: 'unavailable' })]],
    ['a finding that nobody confirmed', [finding(), representation(colleague)]],
    ['a finding that was asked about and not confirmed', [...confirmed.slice(2), finding(), unconfirmed()]],
    ['a finding that a stranger confirmed', [finding(), confirmation(colleague)]],
    ['a finding that the applicant confirmed', [finding(), confirmation(ids.director), representation(ids.director)]],
    ['a confirmation of nothing', confirmed.slice(1)],
    ['a finding beside a look that found nothing', [look(), finding()]],
  ])('is 2 with %s', async (_what, checks) => {
    await registered(checks);
    expect(await carried()).toBe(2);
  });

  function unconfirmed(members: object = {}): CheckFacts {
    return confirmation(colleague, 'representative', { confirmed: false, ...members });
  }

  it('is 3 with the applicant’s own confirmation where he is the only one (AMB-63)', async () => {
    const alone = finding({ otherRepresentativeRegistered: false });
    await registered([alone, confirmation(ids.director), representation(ids.director)]);
    expect(await carried()).toBe(3);
  });

  it('is 3 with a finding at another party, which stands in nobody’s way here', async () => {
    const toParty = { authorizedParty: { party: ids.otherCompany } };
    await registered([look(), finding({ about: { party: ids.otherCompany } })], toParty);
    expect(await carried()).toBe(3);
  });

  it('is 2 where the application took its answer back before it was registered', async () => {
    const minute = later(lookedUpAt, MINUTE);
    await recordChecks(memory, [unconfirmed({ performedAt: minute })]);
    await registered(confirmed);
    expect(await carried()).toBe(2);
  });

  it('is 2 where the application had found something that it does not rest on', async () => {
    await recordChecks(memory, [finding({ asOf: later(lookedUpAt, -MINUTE) })]);
    await registered([look()]);
    expect(await carried()).toBe(2);
  });

  it('is what it was then, whatever the application hears later', async () => {
    await registered(confirmed);
    const notFound = representation(colleague, { outcome: 'notFound', asOf: assessedAt });
    await recordChecks(memory, [unconfirmed({ performedAt: assessedAt }), notFound]);
    expect(await carried()).toBe(3);
  });

  const nextElsewhere = () => recordChecks(memory, [finding({ application: elsewhere, asOf: assessedAt })]);

  it('is what it was then, whatever another application finds later', async () => {
    await registered(confirmed);
    await nextElsewhere();
    expect(await carried()).toBe(3);
  });

  it('is 2 where another application had found something after the confirmation (PROOF-02)', async () => {
    await nextElsewhere();
    await registered(confirmed);
    expect(await carried()).toBe(2);
  });

  it('is what it was then, whatever the application finds later', async () => {
    await registered([look()]);
    await recordChecks(memory, [finding()]);
    expect(await carried()).toBe(3);
  });

  it.each([
    ['the grantor of the proxy', { legalRepresentative: colleague }],
    ['the authorized person', { authorizedParty: { person: colleague, means: ids.means, pseudonym: 'p' } }],
    ['the submitter', { submitter: { person: colleague, role: 'legalRepresentative' } }],
  ])('is 2 with a finding that %s confirmed, beside whom another is registered', async (_who, data) => {
    await registered(confirmed, data);
    expect(await carried()).toBe(2);
  });

  it('is 3 with whatever else it rests on, somebody who is nobody in it as well', async () => {
    await registered([fact('emailConfirmation', of(colleague), { confirmed: true }), look()]);
    expect(await carried()).toBe(3);
  });

  it.each([
    ['check', { checks: [uuid('check', 900_000)] }],
    ['application', { application: uuid('appl', 7) }],
    ['represented party', { representedParty: uuid('party', 7) }],
  ])('is 2 where its %s is not on record', async (_what, data) => {
    await registered([look()], data);
    expect(await carried()).toBe(2);
  });

  it('is 3 as registered where the rule set gives it for a proven look alone', async () => {
    await registered([], {}, 'eh-1.5.1');
    expect(await carried()).toBe(3);
  });

  describe.each<[string, (asOf: string) => readonly CheckFacts[]]>([
    ['a look that found nothing', (asOf) => [look({ asOf })]],
    [
      'a confirmed finding',
      (asOf) => [
        finding({ asOf }),
        confirmation(colleague, 'representative', { performedAt: later(assessedAt, 1) }),
        representation(colleague),
      ],
    ],
  ])('has the time of %s', (_what, checks) => {
    it.each([
      ['before the receipt of its application', later(receivedAt, -1), assessedAt, 2],
      ['at the receipt of its application', receivedAt, assessedAt, 3],
      ['at the very moment', assessedAt, assessedAt, 3],
      ['after it', later(assessedAt, 1), assessedAt, 2],
      ['just less than five days before', receivedAt, later(receivedAt, 5 * DAY - 1), 3],
      ['five days before', receivedAt, later(receivedAt, 5 * DAY), 2],
    ])('%s', async (_when, asOf, registeredAt, iv) => {
      await registered(checks(asOf), { registeredAt });
      expect(await carried()).toBe(iv);
    });
  });

  it('is 2 with another check that says none, of this party and of its time', async () => {
    const members = { via: 'online', asOf: lookedUpAt, outcome: 'none', agreesOn: [] };
    await registered([fact('tradeRegisterLookup', party, members)]);
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

  it('is one that is suspended, where it was active before', async () => {
    const suspended = (authorization: string) =>
      ({
        type: 'AuthorizationSuspended',
        data: { authorization, by: 'party', suspendedAt: assessedAt, breached: false },
      }) as never;
    const register = (number: number, until: 'active' | 'awaitingActivation', scores: object, data: object = {}) =>
      memory.recordUnder(
        'eh-1.5.1',
        'authorization',
        uuid('auth', number),
        ...authorizationFacts(uuid('auth', number), { scores, ...data }, until),
        suspended(uuid('auth', number)),
      );
    await register(2, 'awaitingActivation', { IV: 3 });
    await register(3, 'active', { IV: 3 }, { validFrom: later(assessedAt, 1) });
    expect(await standing()).toBe(0);
    await register(4, 'active', { IV: 2 });
    expect(await standing()).toBe(2);
    expect(await standing(at('2029-01-01T00:00:00Z'))).toBe(0);
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
    for (let number = 8; number <= 107; number += 1) await register(number, { IV: 1 });
    expect(await standing()).toBe(3);
  });
});
