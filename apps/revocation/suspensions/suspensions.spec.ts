import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import { later } from '#libs/kernel';
import { at, memoryBackbone, paperRegistration, uuid, type MemoryBackbone } from '#libs/testing';
import { changeSuspension } from './suspensions.handler.js';

const { authorizationFacts, checkOf, ids, meansFacts, recordChecks, recordPaperRegistration } = paperRegistration;
const { authorization, company, director, employee, means } = ids;

/** When it is asked for, and when it is judged. */
const asked = at('2026-03-09T10:00:00Z');
const now = later(asked, 60_000);
const [paper, electronic, ordered] = [uuid('appl', 6), uuid('appl', 7), uuid('appl', 8)];
const [ofAdministrator, administration] = [uuid('means', 8), uuid('auth', 8)];
const [directorsCard, employeesCard] = [uuid('doc', 11), uuid('doc', 12)];

let memory: MemoryBackbone;
const start = async (options: Parameters<typeof memoryBackbone>[1] = {}): Promise<void> => {
  memory = await memoryBackbone(() => Date.parse(now), options);
  await recordPaperRegistration(memory, []);
  for (const [person, document] of [
    [director, directorsCard],
    [employee, employeesCard],
  ] as const) {
    await memory.record('person', person, {
      type: 'DocumentRecorded',
      data: {
        ...{ person, document, documentType: 'identityCard' },
        ...{ number: { clear: `NX${document.slice(-4)}` }, expiresOn: { clear: '2031-03-01' } },
      },
    });
  }
  const received = (application: string, channel: string, purpose: string, medium: string) =>
    memory.record('application', application, {
      type: 'ApplicationReceived',
      data: { application, channel, receivedAt: asked, purposes: [purpose], medium, late: false },
    });
  await received(paper, 'nonElectronic', 'reinstatement', 'writing');
  await received(electronic, 'electronic', 'reinstatement', 'other');
  await received(ordered, 'nonElectronic', 'suspension', 'writing');
};
beforeEach(() => start());
afterEach(() => memory.close());

const suspended = (object: object): never =>
  ({
    type: 'means' in object ? 'MeansSuspended' : 'AuthorizationSuspended',
    data: { ...object, by: 'party', suspendedAt: asked, breached: false },
  }) as never;

/** The employee's means, of this level and for this party. */
const haveMeans = (stork: 1 | 2 | 3, until: 'active' | 'suspended', party?: string) => {
  const [applied, ...life] = meansFacts(means, employee, 'active', { stork });
  const data = { ...applied!.data, ...(party === undefined ? {} : { party }) };
  const rest = until === 'suspended' ? [suspended({ means })] : [];
  return memory.record('means', means, { ...applied!, data } as never, ...life, ...rest);
};
const haveAuthorization = (m: number, eh: string, data: object = {}) =>
  memory.record(
    'authorization',
    authorization,
    ...authorizationFacts(authorization, {
      authorizedParty: { person: employee, means, pseudonym: 'pseudonym 1' },
      ...{ m, eh, ...data },
    }),
    suspended({ authorization }),
  );
const haveAdministrator = async (
  { stork, m }: { readonly stork: 1 | 2 | 3; readonly m: number },
  person: string = director,
  data: object = {},
) => {
  await memory.record('means', ofAdministrator, ...meansFacts(ofAdministrator, person, 'active', { stork }));
  await memory.record(
    'authorization',
    administration,
    ...authorizationFacts(administration, {
      authority: 'administration',
      authorizedParty: { person, means: ofAdministrator, pseudonym: 'pseudonym 8' },
      ...{ m, ...data },
    }),
  );
};

type Members = Parameters<typeof checkOf>[0] extends infer T ? (T extends { type: infer Type } ? Type : never) : never;
const check = (application: string, type: Members, members: object): CheckFacts =>
  checkOf({ type, application, performedAt: asked, ...members } as never);
const login = (person: string, level: string): CheckFacts =>
  check(electronic, 'authentication', { about: { person }, means: ofAdministrator, level, at: asked });
const attributes = (about: object): CheckFacts =>
  check(paper, 'identityAttributesRecorded', { about, uniquelyIdentifying: true });
const signature = (person: string, document: string): CheckFacts =>
  check(paper, 'signatureComparison', {
    ...{ about: { person }, document, against: 'idCopy', form: 'original', onTheSpot: false, agrees: true },
  });
const copy = (person: string, document: string): CheckFacts =>
  check(paper, 'idCopyEnclosed', { about: { person }, document, presentation: 'paper' });
/** IO2-b. */
const signedBy = (person: string, document: string): readonly CheckFacts[] => [
  ...[attributes({ person }), copy(person, document), signature(person, document)],
];
/** IV2-b, unless it is told otherwise. */
const representation = (more: object = {}): CheckFacts =>
  check(paper, 'representationCheck', {
    ...{ about: { person: director }, party: company, register: 'tradeRegister', via: 'online', asOf: asked },
    ...{ outcome: 'found', basis: 'byName', agrees: true, limitation: 'none', sameDataAsIdentified: true, ...more },
  });
/** IA2 and IG2, so that M is 2. */
const ofParties = (): readonly CheckFacts[] => [
  attributes({ party: company }),
  check(paper, 'tradeRegisterLookup', {
    ...{ about: { party: company }, via: 'online', asOf: asked, outcome: 'found' },
    agreesOn: ['number', 'name', 'address'],
  }),
  attributes({ person: employee }),
  copy(employee, employeesCard),
];

let keys = 0;
interface Asking {
  readonly kind?: 'suspension' | 'reinstatement';
  readonly application?: string;
  readonly object?: object;
  readonly requester?: object;
}
/** How it stands afterwards, or the codes of the refusal. */
async function ask(checks: readonly CheckFacts[], asking: Asking = {}): Promise<unknown> {
  const { kind = 'reinstatement', ...body } = asking;
  const { outcome } = await changeSuspension(
    memory.backbone,
    { client: 'back-office', correlationId: 'trace', idempotencyKey: `key-${String(++keys).padStart(4, '0')}` },
    kind,
    {
      ...{ application: paper, object: { authorization } },
      requester: { role: 'legalRepresentative', person: director },
      checks: [...(await recordChecks(memory, checks))],
      ...body,
    } as never,
  );
  if (outcome.outcome === 'accepted') return (outcome.state as { readonly status: string }).status;
  return outcome.outcome === 'rejected' ? outcome.rejections.map(({ code }) => code) : outcome.outcome;
}
const byAdministrator = { requester: { role: 'administrator', person: director } };
const byHolder = { requester: { role: 'authorizedParty', person: employee }, object: { means } };

describe('SUS-03: what a renewal would be refused for is not lifted by one', () => {
  const whole = (): readonly CheckFacts[] => [
    ...[...signedBy(director, directorsCard), representation(), ...ofParties()],
  ];
  beforeEach(() => haveMeans(3, 'active').then(() => haveAuthorization(2, 'EH2+')));

  it('stands again with all of it', async () => {
    expect(await ask(whole())).toBe('active');
  });

  it.each<[string, () => CheckFacts]>([
    [
      'special-circumstances-unconfirmed',
      () =>
        check(paper, 'specialCircumstancesCheck', {
          ...{ about: { party: company }, asOf: asked, outcome: 'found', otherRepresentativeRegistered: true },
        }),
    ],
    ['inconsistent-identity-data', () => representation({ sameDataAsIdentified: false, basis: 'byFunction' })],
  ])('is refused with %s (AMB-80)', async (code, adverse) => {
    expect(await ask([...whole(), adverse()])).toEqual([code]);
  });

  it('is refused where the operator is the authorized party (REG-09)', async () => {
    await memory.close();
    await start({ operators: { parties: [], persons: [employee] } });
    await haveMeans(3, 'active');
    await haveAuthorization(2, 'EH2+');
    expect(await ask(whole())).toEqual(['operator-is-authorized-party']);
  });

  it('is refused without a score on every aspect, as M is 0 then', async () => {
    expect(await ask([...signedBy(director, directorsCard), representation()])).toEqual(['reinstatement-not-allowed']);
  });

  it('is refused to an administrator of other establishments, in whatever role he comes (ADMIN-10)', async () => {
    await haveAdministrator({ stork: 3, m: 3 }, employee, { establishments: ['000037178598'], scores: { IV: 2 } });
    const checks = [login(employee, 'EH3'), ...ofParties().map((facts) => ({ ...facts, application: electronic }))];
    const { requester } = byHolder;
    expect(await ask(checks as never, { application: electronic, requester })).toContain('outside-establishment');
  });
});

describe('PV1: a letter that ends at EH1 does not lift', () => {
  it('an authorization, for an administrator who neither logged in nor signed (ADMIN-08)', async () => {
    await haveMeans(1, 'active');
    await haveAuthorization(1, 'EH1');
    await haveAdministrator({ stork: 1, m: 1 });
    expect(await ask([], byAdministrator)).toEqual(['requester-not-identified']);
    expect(await ask([], { ...byAdministrator, application: electronic })).toEqual([
      ...['form-not-accepted', 'requester-not-identified'],
    ]);
    const disagrees = { ...signature(director, directorsCard), agrees: false } as CheckFacts;
    expect(await ask([disagrees], byAdministrator)).toEqual(['requester-not-identified']);
    expect(await ask([signature(director, directorsCard)], byAdministrator)).toBe('active');
  });

  it('an authorization, for an administrator whose signature agrees with the archived one (ADMIN-09)', async () => {
    await haveMeans(1, 'active');
    await haveAuthorization(1, 'EH1');
    await haveAdministrator({ stork: 1, m: 1 });
    const archived = check(paper, 'archivedSignatureComparison', {
      ...{ about: { person: director }, form: 'original', agrees: true },
    });
    expect(await ask([archived], byAdministrator)).toBe('active');
  });

  it('a means without a party, for its holder', async () => {
    await haveMeans(1, 'suspended');
    expect(await ask([], byHolder)).toEqual(['requester-not-identified']);
    expect(await ask([signature(employee, employeesCard)], byHolder)).toBe('active');
  });

  it('a means for a party, without IV1', async () => {
    await haveMeans(1, 'suspended', company);
    const signed = signature(director, directorsCard);
    expect(await ask([signed, representation({ limitation: 'obstructing' })], { object: { means } })).toEqual([
      'reinstatement-not-allowed',
    ]);
    expect(await ask([signed, representation()], { object: { means } })).toBe('active');
  });
});

describe('PV2, PV3: a means is lifted', () => {
  const identified = signedBy(director, directorsCard);
  it('for the party it was applied for, by who represents it without limitations', async () => {
    await haveMeans(2, 'suspended', company);
    const object = { means };
    expect(await ask([...identified, representation({ limitation: 'obstructing' })], { object })).toEqual([
      'reinstatement-not-allowed',
    ]);
    const found = check(paper, 'specialCircumstancesCheck', {
      ...{ about: { party: company }, asOf: asked, outcome: 'found', otherRepresentativeRegistered: true },
    });
    expect(await ask([...identified, representation()], { object })).toBe('active');
    await memory.record('means', means, suspended({ means }));
    expect(await ask([...identified, representation(), found], { object })).toEqual([
      'special-circumstances-unconfirmed',
    ]);
  });

  it('for no party, by its holder at its level', async () => {
    await haveMeans(2, 'suspended');
    await memory.record('means', ofAdministrator, ...meansFacts(ofAdministrator, employee, 'active', { stork: 2 }));
    expect(await ask(signedBy(employee, employeesCard), byHolder)).toBe('active');
    await memory.record('means', means, suspended({ means }));
    const loggedIn = { ...byHolder, application: electronic };
    expect(await ask([login(employee, 'EH1')], loggedIn)).toEqual(['requester-not-identified']);
    expect(await ask([login(employee, 'EH2')], loggedIn)).toBe('active');
  });
});

describe('ADMIN-03: an administrator', () => {
  it('lifts nothing above his own level, be it the level that it has now', async () => {
    await haveMeans(3, 'active');
    await haveAuthorization(2, 'EH2+');
    await haveAdministrator({ stork: 2, m: 2 });
    const byLogin = { ...byAdministrator, application: electronic };
    expect(await ask([login(director, 'EH3')], byLogin)).toEqual(['admin-level-too-low']);
    expect(await ask(signedBy(director, directorsCard), byAdministrator)).toEqual(['reinstatement-not-allowed']);
    const upgraded = { means: ofAdministrator, application: ids.application, product: 'password-sms', stork: 3 };
    const data = { ...upgraded, issuanceLevel: 3, upgradedAt: paperRegistration.receivedAt };
    await memory.record('means', ofAdministrator, { type: 'MeansUpgraded', data });
    expect(await ask([login(director, 'EH3')], byLogin)).toBe('active');
  });

  it('lifts what is at his level', async () => {
    await haveMeans(2, 'active');
    await haveAuthorization(2, 'EH2');
    await haveAdministrator({ stork: 2, m: 2 });
    expect(await ask([login(director, 'EH2')], { ...byAdministrator, application: electronic })).toBe('active');
  });
});

describe('REV-05: the order of a court', () => {
  it('suspends at EH1 as elsewhere when it was verified, and not before', async () => {
    await haveMeans(1, 'active');
    const order = {
      kind: 'suspension',
      application: ordered,
      requester: { role: 'court' },
      object: { means },
    } as const;
    expect(await ask([], order)).toEqual(['requester-not-identified']);
    const verification = check(ordered, 'courtOrderVerification', {
      ...{ about: { application: ordered }, court: 'RBDHA', order: 'order-2026-17', authentic: true },
    });
    expect(await ask([verification], order)).toBe('suspended');
  });
});
