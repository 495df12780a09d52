import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from './support/api.js';
import { at, freshNumber } from './support/case.js';
import { faultsOf, freshKey, having, type Answer, type Client } from './support/client.js';
import { NOBODY } from './support/contract.js';
import { startSuite, type TestSuite } from './support/suite.js';

let suite: TestSuite;
let supplier: Client;
beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
});
afterAll(() => suite.end());

const KINDS = ['undertaking', 'privateLegalPerson', 'publicLegalPerson', 'practitioner', 'restGroupEntity'] as const;
const NUMBERS: { readonly [register: string]: () => string } = {
  kvk: () => freshNumber(),
  rsin: () => '858311537',
  professional: () => `P-${freshNumber()}`,
  trr: () => `T-${freshNumber()}`,
};
const TOGETHER: { readonly [kind: string]: readonly string[] } = {
  undertaking: ['kvk', 'rsin'],
  privateLegalPerson: ['kvk', 'rsin'],
  publicLegalPerson: ['kvk', 'rsin'],
  practitioner: ['professional'],
  restGroupEntity: ['trr'],
};

const bodyOf = (more: Json = {}): Json => ({
  kind: 'privateLegalPerson',
  register: 'kvk',
  number: freshNumber(),
  name: 'Test Vereniging',
  naturalPersonsBusiness: false,
  ...more,
});
const register = async (more: Json = {}): Promise<Json> =>
  having(await supplier.command('/v1/parties', bodyOf(more)), 201).body;
const pathOf = (party: Json): string => `/v1/parties/${String(party['id'])}`;
const show = async (party: Json): Promise<Json> => having(await supplier.get(pathOf(party)), 200).body;
const person = async (): Promise<Json> =>
  having(await supplier.command('/v1/persons', { familyName: `Beoefenaar ${freshNumber()}` }), 201).body;

async function writesNothing(ask: () => Promise<Answer>, status: number): Promise<Answer> {
  const before = await suite.heads();
  const answer = having(await ask(), status);
  expect((await suite.heads()).events).toEqual(before.events);
  return answer;
}

describe('kind and register of a party', () => {
  const pairs = KINDS.flatMap((kind) => Object.keys(NUMBERS).map((inRegister) => [kind, inRegister] as const));
  const together = pairs.filter(([kind, inRegister]) => TOGETHER[kind]!.includes(inRegister));
  const body = (kind: string, inRegister: string): Json =>
    bodyOf({ kind, register: inRegister, number: NUMBERS[inRegister]!(), name: `Test ${kind}` });

  it('go together, and one number is one party: the first of three kinds under one RSIN has it', async () => {
    const answered: (readonly [string, string, number])[] = [];
    for (const [kind, inRegister] of together) {
      const { status } = await supplier.command('/v1/parties', body(kind, inRegister));
      answered.push([kind, inRegister, status]);
    }
    expect(answered).toEqual([
      ['undertaking', 'kvk', 201],
      ['undertaking', 'rsin', 201],
      ['privateLegalPerson', 'kvk', 201],
      ['privateLegalPerson', 'rsin', 409],
      ['publicLegalPerson', 'kvk', 201],
      ['publicLegalPerson', 'rsin', 409],
      ['practitioner', 'professional', 201],
      ['restGroupEntity', 'trr', 201],
    ]);
  });

  it.each(pairs.filter((pair) => !together.includes(pair)))('do not as a %s under %s', async (kind, inRegister) => {
    const answer = await writesNothing(() => supplier.command('/v1/parties', body(kind, inRegister)), 400);
    expect(answer.body['code']).toBe('register-not-for-kind');
    expect(faultsOf(answer)).toEqual(['/register register-not-for-kind']);
  });

  it.each<[string, Json, readonly string[]]>([
    ['a trade register number of seven digits', { number: '6959908' }, ['/number invalid-value']],
    ['one of nine digits', { number: '695990841' }, ['/number invalid-value']],
    ['one of zeros', { number: '00000000' }, ['/number invalid-value']],
    ['one with a letter', { number: '6959908A' }, ['/number invalid-value']],
    ['an RSIN that fails the eleven-test', { register: 'rsin', number: '858311538' }, ['/number invalid-value']],
    ['an RSIN of zeros', { register: 'rsin', number: '000000000' }, ['/number invalid-value']],
    [
      'a person that is no practitioner’s',
      { person: NOBODY },
      ['/person person-not-for-kind', '/person unknown-person'],
    ],
    [
      'everything at once',
      { kind: 'practitioner', number: '1234', person: NOBODY },
      ['/number invalid-value', '/person unknown-person', '/register register-not-for-kind'],
    ],
    ['a name of no width', { name: '\u200b\u2060' }, ['/name invalid-value']],
    ['a name that turns its direction', { name: 'Stichting \u202e!' }, ['/name invalid-value']],
    ['an address of private use', { address: '\ue001' }, ['/address invalid-value']],
  ])('refuses %s', async (_what, more, faults) => {
    const answer = await writesNothing(() => supplier.command('/v1/parties', bodyOf(more)), 400);
    expect(faultsOf(answer)).toEqual(faults);
  });

  it('a practitioner’s party names its person (AMB-76)', async () => {
    const practitioner = await person();
    const party = await register({
      kind: 'practitioner',
      register: 'professional',
      number: `BIG-${freshNumber()}`,
      person: practitioner['id'],
    });
    expect(await show(party)).toMatchObject({ person: practitioner['id'] });
  });
});

const recorded: Json = { type: 'identityAttributesRecorded', uniquelyIdentifying: true };

/** An intake for a change with a look-up of the party. */
async function changeOf(
  party: Json,
  purposes: readonly string[] = ['change'],
  look = recorded,
): Promise<{ application: string; check: string }> {
  const application = having(
    await supplier.command('/v1/applications', { channel: 'electronic', receivedAt: at(-5_000), purposes }),
    201,
  ).body['id'] as string;
  const check = having(
    await supplier.command('/v1/checks', {
      application,
      about: { party: party['id'] },
      ...look,
      performedAt: at(-1_000),
      performedBy: { clerk: 'clerk-17' },
      source: { name: 'trade-register', reference: 'look-1' },
    }),
    201,
  ).body['id'] as string;
  return { application, check };
}

describe('a correction of a party', () => {
  const correct = (party: Json, body: Json, key = freshKey()): Promise<Answer> =>
    supplier.command(`${pathOf(party)}/corrections`, body, key);

  it.each([
    ['open', { naturalPersonsBusiness: false }],
    ['sealed', { kind: 'undertaking', naturalPersonsBusiness: true }],
  ])('changes what is named, keeps the rest, and is answered again by its key: %s', async (_how, more) => {
    const party = await register({ ...more, name: 'Test Mis', address: 'Dam 1, Amsterdam' });
    const { application, check } = await changeOf(party);
    const body = { application, checks: [check], set: { name: 'Test Mist', email: 'post@example.org' } };
    const key = freshKey();
    const corrected = having(await correct(party, body, key), 200);
    const expected = { name: 'Test Mist', address: 'Dam 1, Amsterdam', email: 'post@example.org' };
    expect(corrected.body).toMatchObject(expected);
    const { position, ...object } = corrected.body;
    expect(await show(party)).toEqual(object);
    expect(having(await correct(party, body, key), 200).body).toEqual(corrected.body);
    const heads = await suite.heads();
    having(await correct(party, body), 200);
    expect((await suite.heads()).events).toBe(heads.events);
    const second = { application, checks: [check], set: { address: 'Dam 2, Amsterdam' } };
    expect(having(await correct(party, second), 200).body).toMatchObject({ ...expected, address: 'Dam 2, Amsterdam' });
    const list = await supplier.ask('/v1/parties/_search', {
      register: 'kvk',
      number: party['number'],
      after: position,
    });
    const [row] = having(list, 200).body['items'] as [Json];
    expect(row['name']).toBe(more.naturalPersonsBusiness ? undefined : 'Test Mist');
  });

  it('names the person of a practitioner', async () => {
    const [first, second] = [await person(), await person()];
    const party = await register({
      kind: 'practitioner',
      register: 'professional',
      number: `BIG-${freshNumber()}`,
      person: first['id'],
    });
    const { application, check } = await changeOf(party, ['change'], {
      type: 'professionalRegisterLookup',
      asOf: at(-2_000),
      outcome: 'found',
      registerDesignated: true,
      identifierAgrees: true,
    });
    const set = { person: second['id'] };
    expect(having(await correct(party, { application, checks: [check], set }), 200).body).toMatchObject(set);
    const other = await register();
    const change = await changeOf(other);
    const answer = await writesNothing(
      () => correct(other, { application: change.application, checks: [change.check], set }),
      400,
    );
    expect(faultsOf(answer)).toEqual(['/set/person person-not-for-kind']);
  });

  it('rests on an application for a change, and on its checks about that party', async () => {
    const [party, another] = [await register(), await register()];
    const change = await changeOf(party);
    const elsewhere = await changeOf(party);
    const ofAnother = await changeOf(another);
    const registration = await changeOf(party, ['registration']);
    const set = { name: 'Test Anders' };
    const { application, check } = change;
    for (const [status, body, faults] of [
      [
        400,
        { application: NOBODY, checks: [NOBODY], set },
        ['/application unknown-application', '/checks/0 unknown-check'],
      ],
      [400, { application, checks: [], set }, ['/checks invalid-value']],
      [400, { application, checks: [check], set: {} }, ['/set required']],
      [
        400,
        { application, checks: [check], set: { number: '12345678' } },
        ['/set required', '/set/number unknown-member'],
      ],
      [400, { application, checks: [check], set: { person: NOBODY } }, ['/set/person unknown-person']],
      [400, { application, checks: [check], set: { name: '\u200b' } }, ['/set/name invalid-value']],
      [400, { application: ofAnother.application, checks: [ofAnother.check], set }, ['/checks/0 check-not-in-dossier']],
      [409, { application, checks: [elsewhere.check], set }, ['/checks/0 evidence-not-reusable']],
      [
        409,
        { application: registration.application, checks: [registration.check], set },
        ['- purpose-not-in-application'],
      ],
    ] as const) {
      const answer = await writesNothing(() => correct(party, body), status);
      expect([body, faultsOf(answer)]).toEqual([body, faults]);
    }
  });
});

describe('a contact of a party', () => {
  it('is shown with who supplied it, and recorded once', async () => {
    const party = await register();
    const { check } = await changeOf(party);
    const path = `${pathOf(party)}/contacts`;
    const key = freshKey();
    const telephone = { kind: 'telephone', value: '+31 30 1234567', suppliedBy: check };
    const made = having(await supplier.command(path, telephone, key), 201);
    expect(having(await supplier.command(path, telephone, key), 201).body).toEqual(made.body);
    const email = { kind: 'email', value: 'post@example.org', suppliedBy: 'submitter' };
    having(await supplier.command(path, email), 201);
    expect((await show(party))['contacts']).toEqual([
      { id: expect.any(String), ...telephone },
      { id: expect.any(String), ...email },
    ]);
  });

  it('is supplied by the submitter or by a check about that party', async () => {
    const [party, another] = [await register(), await register()];
    const { check } = await changeOf(another);
    for (const [suppliedBy, fault] of [
      [NOBODY, '/suppliedBy unknown-check'],
      [check, '/suppliedBy check-not-in-dossier'],
      ['trade-register', '/suppliedBy invalid-value'],
    ] as const) {
      const body = { kind: 'telephone', value: '+31 30 1234567', suppliedBy };
      const ask = () => supplier.command(`${pathOf(party)}/contacts`, body);
      expect(faultsOf(await writesNothing(ask, 400))).toEqual([fault]);
    }
  });
});
