import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later } from '#libs/kernel';
import type { CheckFacts } from '#libs/domain';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { seed, type GovernanceData } from '../index.js';
import { loadChecks } from './load-checks.js';
import { judgeLogin, levelOfStork, type Login } from './logins.js';

const { assessedAt, checkOf, ids, meansFacts, receivedAt, recordChecks } = paperRegistration;
const { director, employee, means } = ids;
const HOUR = 3_600_000;
const MINUTE = 60_000;

let memory: MemoryBackbone;
const start = async (data?: GovernanceData): Promise<void> => {
  memory = await memoryBackbone(fixedClock(assessedAt), data === undefined ? {} : { data });
};
beforeEach(() => start());
afterEach(() => memory.close());

const authentication = (members: object): CheckFacts =>
  checkOf({ type: 'authentication', about: { person: director }, level: 'EH3', at: receivedAt, ...members } as never);

/** How a login is judged, beside these other checks of the application. */
async function judge(members: object, beside: readonly string[] = []): Promise<Login> {
  const [id] = await recordChecks(memory, [authentication(members)]);
  const loaded = await loadChecks(memory.backbone, [id!, ...beside], '');
  if ('faults' in loaded) throw new Error('unknown checks');
  const [{ facts }] = loaded.checks as unknown as readonly [{ facts: Parameters<typeof judgeLogin>[1] }];
  const application = { id: ids.application as never, receivedAt };
  return judgeLogin(memory.backbone, facts, { application, records: [director], checks: loaded.checks });
}

const haveMeans = (
  until: 'issued' | 'active' | 'revoked',
  options: Parameters<typeof meansFacts>[3] = {},
  holder = director,
) => memory.record('means', means, ...meansFacts(means, holder, until, options));

describe('PROOF-06: a login with a means of ours', () => {
  it('counts for no more than that means carries', async () => {
    await haveMeans('active', { stork: 2 });
    expect(await judge({ means, at: later(receivedAt, 1) })).toStrictEqual({ level: 'EH2' });
    expect(await judge({ means, at: later(receivedAt, 1), level: 'EH1' })).toStrictEqual({ level: 'EH1' });
  });

  it('counts for no more than the service it went through was assessed for; the weakest where none is named (MEANS-03)', async () => {
    await memory.close();
    const weaker = { ...seed.meansProducts[0]!.value.mechanism, factors: 1 as const };
    const product = seed.meansProducts[0]!.value;
    const assessments = [...product.assessments, { authenticationService: 'weak-service-1', mechanism: weaker }];
    await start({ ...seed, meansProducts: [{ ...seed.meansProducts[0]!, value: { ...product, assessments } }] });
    await haveMeans('active');
    expect(await judge({ means, authenticationService: 'authentication-service-1' })).toStrictEqual({ level: 'EH3' });
    expect(await judge({ means, authenticationService: 'weak-service-1' })).toStrictEqual({ level: 'EH2' });
    expect(await judge({ means, authenticationService: 'unknown-1' })).toStrictEqual({ level: 'EH2' });
    expect(await judge({ means })).toStrictEqual({ level: 'EH2' });
  });

  it('counts for nothing where the means is another’s, unknown or not in use', async () => {
    expect(await judge({ means })).toStrictEqual({ why: 'means-of-another-person' });
    await haveMeans('active', {}, employee);
    expect(await judge({ means })).toStrictEqual({ why: 'means-of-another-person' });
  });

  it.each(['issued', 'revoked'] as const)('counts for nothing where the means is %s', async (until) => {
    await haveMeans(until);
    expect(await judge({ means })).toStrictEqual({ why: 'means-not-active' });
  });

  it('counts for nothing where the means was suspended then, whoever lifted that since', async () => {
    const [from, until] = [later(receivedAt, MINUTE), later(receivedAt, 2 * MINUTE)];
    const ofSuspension = (type: string, when: object) =>
      ({
        type,
        data: { means, by: 'party', requester: { role: 'authorizedParty' }, breached: false, ...when },
      }) as never;
    await memory.record(
      'means',
      means,
      ...meansFacts(means, director, 'active'),
      ofSuspension('MeansSuspended', { suspendedAt: from }),
      ofSuspension('MeansSuspensionLifted', { liftedAt: until }),
    );
    const [counts, not] = [{ level: 'EH3' }, { why: 'means-not-active' }];
    expect(await judge({ means, at: later(from, -1) })).toStrictEqual(counts);
    expect(await judge({ means, at: from })).toStrictEqual(not);
    expect(await judge({ means, at: later(until, -1) })).toStrictEqual(not);
    expect(await judge({ means, at: until })).toStrictEqual(counts);
  });

  it('counts where it is the one that takes the means into use, and not where it is older', async () => {
    const facts = meansFacts(means, director, 'active').map((event) => {
      if (event.type === 'MeansActivated')
        return { ...event, data: { ...event.data, activatedAt: later(receivedAt, HOUR) } };
      return event.type === 'MeansIssued'
        ? { ...event, data: { ...event.data, issuedAt: later(receivedAt, -HOUR) } }
        : event;
    });
    await memory.record('means', means, ...facts);
    expect(await judge({ means, at: receivedAt })).toStrictEqual({ level: 'EH3' });
    expect(await judge({ means, at: later(receivedAt, -HOUR - 1) })).toStrictEqual({ why: 'means-not-active' });
  });

  it('counts from its issuance on, and where it was taken into use within a session of the login', async () => {
    const life = (issuedAt: string, activatedAt: string) =>
      meansFacts(means, director, 'active').map((event) => {
        if (event.type === 'MeansActivated') return { ...event, data: { ...event.data, activatedAt } };
        return event.type === 'MeansIssued' ? { ...event, data: { ...event.data, issuedAt } } : event;
      }) as never[];
    const judged = async (issued: number, activated: number) => {
      await memory.close();
      await start();
      await memory.record('means', means, ...life(later(receivedAt, issued), later(receivedAt, activated)));
      return judge({ means, at: receivedAt });
    };
    const [counts, not] = [{ level: 'EH3' }, { why: 'means-not-active' }];
    expect(await judged(0, 0)).toStrictEqual(counts);
    expect(await judged(1, 1)).toStrictEqual(not);
    expect(await judged(0, 2 * HOUR)).toStrictEqual(counts);
    expect(await judged(0, 2 * HOUR + 1)).toStrictEqual(not);
    expect(await judged(-HOUR, -1)).toStrictEqual(counts);
  });

  it('is one that activates: of several before the activation only the last counts', async () => {
    const life = meansFacts(means, director, 'active').map((event) =>
      event.type === 'MeansActivated'
        ? { ...event, data: { ...event.data, activatedAt: later(receivedAt, 2 * MINUTE) } }
        : event.type === 'MeansIssued'
          ? { ...event, data: { ...event.data, issuedAt: receivedAt } }
          : event,
    );
    await memory.record('means', means, ...(life as never[]));
    const beside = async (at: string, members: object = {}) => {
      const [id] = await recordChecks(memory, [authentication({ means, at, ...members })]);
      return judge({ means, at: later(receivedAt, MINUTE) }, [id!]);
    };
    expect(await beside(receivedAt)).toStrictEqual({ level: 'EH3' });
    expect(await beside(later(receivedAt, 2 * MINUTE + 1))).toStrictEqual({ level: 'EH3' });
    expect(await beside(later(receivedAt, 2 * MINUTE), { means: uuid('means', 9) })).toStrictEqual({ level: 'EH3' });
    expect(await beside(later(receivedAt, 2 * MINUTE))).toStrictEqual({ why: 'means-not-active' });
    expect(await beside(later(receivedAt, MINUTE + 1))).toStrictEqual({ why: 'means-not-active' });
  });

  it('carries the lowest level where nobody knows its product any more', async () => {
    const [applied, ...life] = meansFacts(means, director, 'active');
    const unknown = { ...applied!, data: { ...applied!.data, product: 'product-of-old' } } as never;
    await memory.record('means', means, unknown, ...life);
    expect(await judge({ means })).toStrictEqual({ level: 'EH1' });
  });
});

describe('PROOF-06: a login proves the act it was made for', () => {
  beforeEach(() => haveMeans('active', {}).then(() => undefined));

  it('not earlier than a session before the intake, not later than its check', async () => {
    const performedAt = later(receivedAt, HOUR);
    const when = (moment: string) => judge({ means, at: moment, performedAt });
    expect(await when(receivedAt)).toStrictEqual({ level: 'EH3' });
    expect(await when(performedAt)).toStrictEqual({ level: 'EH3' });
    expect(await when(later(performedAt, 1))).toStrictEqual({ why: 'login-outside-session' });
    expect(await when(later(receivedAt, -2 * HOUR - 1))).toStrictEqual({ why: 'login-outside-session' });
    expect(await when(at('2026-02-09T09:00:00+01:00'))).toStrictEqual({ why: 'login-outside-session' });
  });

  it('by the session of the profile in force, twelve hours at most', async () => {
    for (const [sessionMinutes, hours] of [
      [30, 0.5],
      [6_000, 12],
    ] as const) {
      await memory.close();
      const [profile] = seed.registerProfiles;
      await start({ ...seed, registerProfiles: [{ ...profile!, value: { ...profile!.value, sessionMinutes } }] });
      await memory.record(
        'means',
        means,
        ...meansFacts(means, director, 'active').map(
          (event) =>
            ({
              ...event,
              data: { ...event.data, issuedAt: at('2026-02-01T00:00:00Z'), activatedAt: at('2026-02-01T00:00:00Z') },
            }) as never,
        ),
      );
      expect(await judge({ means, at: later(receivedAt, -hours * HOUR) })).toStrictEqual({ level: 'EH3' });
      expect(await judge({ means, at: later(receivedAt, -hours * HOUR - 1) })).toStrictEqual({
        why: 'login-outside-session',
      });
    }
  });
});

describe('ADMIN-05: a login through the register’s own facility', () => {
  it('gives no level, and with an assessment no more than that one', async () => {
    expect(await judge({ facility: true })).toStrictEqual({ why: 'facility-without-level' });
    await memory.close();
    const [profile] = seed.registerProfiles;
    await start({ ...seed, registerProfiles: [{ ...profile!, value: { ...profile!.value, ownFacility: 'EH2' } }] });
    expect(await judge({ facility: true })).toStrictEqual({ level: 'EH2' });
    expect(await judge({ facility: true, level: 'EH1' })).toStrictEqual({ level: 'EH1' });
  });
});

describe('PROOF-06: a login that is an outside assertion', () => {
  const validation = (members: object = {}) =>
    checkOf({
      type: 'eSignatureValidation',
      about: { person: director },
      signature: { technology: 'pki', chainComplete: true, revocationStatus: 'good' },
      source: { name: 'authentication-service-1', reference: 'assertion-1' },
      ...members,
    } as never);
  const judged = async (members: object = {}) => {
    const [signatureValidation] = await recordChecks(memory, [validation(members)]);
    return judge({ assertion: { reference: 'assertion-1', signatureValidation } }, [signatureValidation!]);
  };

  it('counts with the valid signature of that very assertion', async () => {
    expect(await judged()).toStrictEqual({ level: 'EH3' });
  });

  it.each([
    [
      'a signature that is not good',
      { signature: { technology: 'pki', chainComplete: false, revocationStatus: 'good' } },
    ],
    ['another assertion', { source: { name: 'authentication-service-1', reference: 'assertion-2' } }],
    ['somebody else', { about: { person: employee } }],
    ['another application', { application: uuid('appl', 9) }],
  ])('counts for nothing with the validation of %s', async (_of, members) => {
    expect(await judged(members)).toStrictEqual({ why: 'assertion-not-validated' });
  });

  it('counts for nothing with the validation of another signature than it names', async () => {
    const named = await recordChecks(memory, [
      validation(),
      checkOf({
        type: 'emailConfirmation',
        about: { person: director },
        confirmed: true,
        source: { name: 'authentication-service-1', reference: 'assertion-1' },
      } as never),
    ]);
    const judgedBy = (signatureValidation: string) =>
      judge({ assertion: { reference: 'assertion-1', signatureValidation } }, named);
    expect(await judgedBy(named[0]!)).toStrictEqual({ level: 'EH3' });
    // Neither another one beside it counts, nor a check that is no validation.
    expect(await judgedBy(uuid('check', 9_999))).toStrictEqual({ why: 'assertion-not-validated' });
    expect(await judgedBy(named[1]!)).toStrictEqual({ why: 'assertion-not-validated' });
  });

  it('counts for nothing with nothing behind it', async () => {
    const assertion = { reference: 'assertion-1', signatureValidation: uuid('check', 9_999) };
    expect(await judge({ assertion })).toStrictEqual({ why: 'assertion-not-validated' });
    // A login of the first release named an assertion and nothing else.
    expect(await judge({})).toStrictEqual({ why: 'assertion-not-validated' });
  });
});

it('of each STORK level is the highest level it is good for (LVL-15)', () => {
  expect(([1, 2, 3, 4] as const).map(levelOfStork)).toStrictEqual(['EH1', 'EH2', 'EH3', 'EH4']);
});
