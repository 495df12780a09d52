import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { later, type Instant } from '#libs/kernel';
import { dossierProjections, hasContact, seed, type GovernanceData } from '#libs/application';
import { NothingToReplay } from '#libs/eventing';
import { CHECK_TYPES, type PersonEvent, type RegisteredParty, type RegisteredPerson } from '#libs/domain';
import { at, fixedClock, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { applicationsProjection } from '../applications/applications.projection.js';
import { judgeCheck, recordCheck } from './record-check.handler.js';

const { ids, meansFacts, personFacts, recordChecks, recordPaperRegistration, checkOf } = paperRegistration;
const clock = fixedClock(at('2026-03-02T15:00:00Z'));
const decision = { reference: 'decision-1', body: 'Issuer', date: '2026-01-01' };
const from = at('2026-01-01T00:00:00Z');
const DAY = 24 * 3_600_000;

/** The seed, where one product has a form of delivery and a remote method that were decided to be as good. */
const data: GovernanceData = {
  ...seed,
  meansProducts: seed.meansProducts.map((entry) =>
    entry.value.id !== 'password-sms'
      ? entry
      : {
          ...entry,
          value: {
            ...entry.value,
            equivalences: [
              { from, value: { id: 'courier', reason: 'r', decision, of: 'delivery', equivalentTo: 3 } },
              {
                from: later(from, 3_650 * DAY),
                value: { id: 'locker', reason: 'r', decision, of: 'delivery', equivalentTo: 3 },
              },
              {
                from,
                value: { id: 'video', reason: 'r', decision, of: 'remoteIdentification', equivalentTo: 'iii.e' },
              },
            ],
          },
        },
  ),
};

let memory: MemoryBackbone;
const card = uuid('means', 2);
const again = uuid('person', 3);

beforeEach(async () => {
  memory = await memoryBackbone(clock, { data, readModels: [...dossierProjections, applicationsProjection] });
  await recordPaperRegistration(memory, []);
  await memory.record('means', ids.means, ...meansFacts(ids.means, ids.employee, 'applied'));
  await memory.record('means', card, {
    ...meansFacts(card, ids.employee, 'applied')[0]!,
    data: { ...meansFacts(card, ids.employee, 'applied')[0]!.data, product: 'certificate-card' },
  } as never);
  // The employee once more, under a record of his own.
  await memory.record('person', again, ...personFacts(again, uuid('doc', 3)));
});
afterEach(() => memory.close());

const sender = { client: 'back-office', key: 'key-00000001' };
async function faults(members: object): Promise<readonly string[]> {
  const common = {
    application: ids.application,
    performedAt: '2026-03-02T11:00:00Z',
    performedBy: { clerk: 'clerk-17' },
    source: { name: 'case-file', reference: 'f-1' },
  };
  const judged = await judgeCheck(memory.backbone, { ...common, ...members }, sender);
  return judged.faults.map(({ pointer, code }) => `${pointer} ${code}`);
}
const delivery = (more: object) => ({ type: 'meansDelivery', about: { means: ids.means }, ...more });
const linked = (person: string, to: string) =>
  memory.record('person', person, { type: 'PersonLinked', data: { person, to } } as unknown as PersonEvent);

describe('an equivalence', () => {
  it('is known when the product of the means has it, for this and nothing else (PROOF-11)', async () => {
    expect(await faults(delivery({ form: 'other', equivalence: 'courier' }))).toEqual([]);
    expect(await faults(delivery({ form: 'other', equivalence: 'video' }))).toEqual([
      '/equivalence unknown-equivalence',
    ]);
    const ofCard = { ...delivery({ form: 'other', equivalence: 'courier' }), about: { means: card } };
    expect(await faults(ofCard)).toEqual(['/equivalence unknown-equivalence']);
    const remote = { type: 'remoteIdentification', about: { person: ids.employee } };
    expect(await faults({ ...remote, equivalence: 'video' })).toEqual([]);
    expect(await faults({ ...remote, equivalence: 'courier' })).toEqual(['/equivalence unknown-equivalence']);
  });

  it('is known before its date: it counts for what is issued from then on', async () => {
    expect(await faults(delivery({ form: 'other', equivalence: 'locker' }))).toEqual([]);
  });
});

describe('who handed a means over (PROOF-04)', () => {
  it.each<[string, object, boolean]>([
    ['unverified', {}, true],
    ['passwordObtainedInPerson', {}, true],
    ['qualifiedCertificate', { signature: { technology: 'nonPki', comparableQuality: true } }, true],
    ['other', { equivalence: 'courier' }, true],
    ['twoDispatches', { oneByPostToOfficialAddress: true }, false],
    ['oneTimeLink', { singleUse: true, expires: true }, false],
    ['registeredLetter', { addressValidated: true }, false],
  ])('is said of a delivery, or not, by its form: %s', async (form, members, isTaken) => {
    expect(await faults(delivery({ form, ...members }))).toEqual([]);
    expect(await faults(delivery({ form, ...members, handedBy: ids.director }))).toEqual(
      isTaken ? [] : ['/handedBy invalid-value'],
    );
  });
});

describe('two records of one human', () => {
  const joint = (cosigner: string) => ({
    type: 'representationCheck',
    about: { person: ids.employee },
    party: ids.company,
    register: 'tradeRegister',
    via: 'online',
    asOf: '2026-03-02T10:00:00Z',
    outcome: 'found',
    basis: 'byName',
    agrees: true,
    limitation: 'obstructing',
    cosigners: [cosigner],
    sameDataAsIdentified: true,
  });

  it.each([
    ['linked to the one', () => linked(again, ids.employee)],
    ['linked from the one', () => linked(ids.employee, again)],
  ])('are one person when they are linked: %s', async (_way, link) => {
    const [appearance] = await recordChecks(memory, [
      checkOf({
        type: 'physicalAppearance',
        about: { person: again },
        document: uuid('doc', 3),
        mode: 'appeared',
        documentShown: 'original',
      }),
    ]);
    const afterwards = delivery({ form: 'afterPhysicalIdentification', appearance });
    expect(await faults(afterwards)).toEqual(['/appearance not-of-holder']);
    expect(await faults(joint(again))).toEqual([]);
    await link();
    expect(await faults(afterwards)).toEqual([]);
    expect(await faults(joint(again))).toEqual(['/cosigners/0 same-person']);
  });
});

describe('a contact', () => {
  it('is one of the party or of the person who was asked', () => {
    const owner = (...contacts: string[]) =>
      ({ contacts: new Map(contacts.map((id) => [id, {}])) }) as unknown as RegisteredParty & RegisteredPerson;
    expect(hasContact([owner('a'), owner('b')], 'b')).toBe(true);
    expect(hasContact([owner('a'), owner('b')], 'c')).toBe(false);
  });
});

describe('a check whose moments lie within what the clocks may differ', () => {
  it('is taken as the caller states them, one after the other', async () => {
    const moment = (milliseconds: number): Instant => later(clock.now(), milliseconds);
    const login = { type: 'authentication', about: { person: ids.employee }, level: 'EH3', means: ids.means };
    expect(await faults({ ...login, at: moment(4_990), performedAt: moment(5_000) })).toEqual([]);
    expect(await faults({ ...login, at: moment(5_000), performedAt: moment(4_999) })).toEqual([
      '/at moment-after-performed',
    ]);
    expect(await faults({ ...login, at: moment(5_001), performedAt: moment(5_001) })).toEqual([
      '/performedAt instant-in-future',
      '/at instant-in-future',
    ]);
  });
});

describe('a check with a choice of which nothing is made', () => {
  const login = { type: 'authentication', about: { person: ids.employee }, level: 'EH3', at: '2026-03-02T10:30:00Z' };
  const body = {
    application: ids.application,
    performedAt: '2026-03-02T11:00:00Z',
    performedBy: { clerk: 'clerk-17' },
    source: { name: 'case-file', reference: 'f-1' },
  };

  it('has one fault that names the choice', async () => {
    expect((await judgeCheck(memory.backbone, { ...body, ...login }, sender)).faults).toEqual([
      {
        pointer: '',
        code: 'required',
        detail: {
          en: 'exactly one of means, assertion, facility is required',
          nl: 'precies een van deze is verplicht: means, assertion, facility',
        },
        facts: { names: ['means', 'assertion', 'facility'] },
      },
    ]);
  });

  it('has what it names looked up all the same', async () => {
    expect(await faults({ ...login, application: uuid('appl', 9), about: { person: uuid('person', 9) } })).toEqual([
      ' required',
      '/application unknown-application',
      '/about/person unknown-person',
    ]);
    expect(await faults({ ...login, means: ids.means, facility: true, about: { person: uuid('person', 9) } })).toEqual([
      ' invalid-value',
      '/about/person unknown-person',
    ]);
  });
});

describe('a check of an unknown kind', () => {
  it('has the kinds named', async () => {
    const { faults: found } = await judgeCheck(memory.backbone, { type: 'guess' }, sender);
    const kind = found.find(({ pointer }) => pointer === '/type');
    expect(kind).toMatchObject({ code: 'invalid-value', facts: { names: CHECK_TYPES } });
    expect(kind!.detail!.en).toBe(`must be one of ${CHECK_TYPES.join(', ')}`);
  });
});

describe('a check that comes again and has faults by now', () => {
  /** Of an earlier contract, which knew another member. */
  const earlier = {
    ...checkOf({ type: 'completenessCheck', about: { application: ids.application }, missingItems: [] } as never),
    contactSource: 'case-file',
  };
  const request = { client: sender.client, idempotencyKey: sender.key, correlationId: 'test' };
  const answered = (body: object) => {
    const again = { ...request, replayOnly: true };
    return judgeCheck(memory.backbone, body, { ...sender, replayed: true }).then(({ value }) =>
      recordCheck(memory.backbone, again, value!),
    );
  };

  it('is judged like any other, and where it was answered before compared with what was sent then', async () => {
    expect((await judgeCheck(memory.backbone, earlier, sender)).faults).toMatchObject([{ pointer: '/contactSource' }]);
    await expect(answered(earlier)).rejects.toBeInstanceOf(NothingToReplay);
    const first = await recordCheck(memory.backbone, request, {
      check: earlier as never,
      onRecord: {
        application: {
          status: 'received',
          purposes: ['registration'],
          receivedAt: at('2026-03-02T10:00:00Z'),
        } as never,
      },
    });
    expect(first).toMatchObject({ outcome: 'accepted', replayed: false });
    expect(await answered(earlier)).toMatchObject({ outcome: 'accepted', replayed: true });
    const { secrets } = memory.backbone;
    const { clerkReference } = secrets;
    // Whom such a body names is not kept: it may be anything, and the key store forgets no clerk.
    Object.assign(secrets, { clerkReference: () => Promise.reject(new Error('asked')) });
    expect(await answered({ ...earlier, performedBy: { clerk: 'anything' } })).toEqual({ outcome: 'key-reused' });
    Object.assign(secrets, { clerkReference });
    expect(await answered({ ...earlier, missingItems: ['x'] })).toEqual({ outcome: 'key-reused' });
  });
});

describe('what is no check at all', () => {
  it.each([[undefined], [null], [[]], ['text'], [7]])('has a fault and nothing to look up: %j', async (body) => {
    const judged = await judgeCheck(memory.backbone, body, sender);
    expect(judged.faults).toMatchObject([{ pointer: '' }]);
  });

  it('has those members looked up that can be read', async () => {
    const judged = await judgeCheck(
      memory.backbone,
      {
        type: 'guess',
        application: uuid('appl', 9),
        source: { name: 'hearsay' },
        about: null,
        cosigners: { length: 1 },
      },
      { client: sender.client },
    );
    expect(judged.faults.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/type invalid-value',
      '/performedAt required',
      '/performedBy required',
      '/about wrong-type',
      '/source/reference required',
      '/application unknown-application',
      '/source/name unknown-source',
    ]);
  });
});
