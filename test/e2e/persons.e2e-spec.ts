import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { amsterdamDate } from '#libs/testing';
import type { Json } from './support/api.js';
import { at } from './support/case.js';
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

let count = 0;
/** A family name that nobody of this run has, of letters only. */
const freshName = (): string =>
  `Naam${String(++count)
    .padStart(4, '0')
    .replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!)}`;
const freshNumber = (): string => `N${randomUUID().replaceAll('-', '').slice(0, 10).toUpperCase()}`;

const register = async (body: Json): Promise<Json> => having(await supplier.command('/v1/persons', body), 201).body;
const pathOf = (person: Json): string => `/v1/persons/${String(person['id'])}`;
const show = async (person: Json): Promise<Json> => having(await supplier.get(pathOf(person)), 200).body;
const passport = (number: string, more: Json = {}): Json => ({
  documentType: 'passport',
  number,
  issuingState: 'NLD',
  expiresOn: '2031-03-09',
  ...more,
});
const record = async (person: Json, document: Json): Promise<Json> =>
  having(await supplier.command(`${pathOf(person)}/documents`, document), 201).body;
const link = (person: Json, body: Json): Promise<Answer> => supplier.command(`${pathOf(person)}/links`, body);
const unresolved = (...others: readonly Json[]): Json => ({
  duplicate: 'unresolved',
  duplicates: expect.arrayContaining(
    others.map(({ id }) => ({ person: id, outcome: 'unresolved' })),
  ) as unknown as Json[],
});

async function writesNothing(ask: () => Promise<Answer>, status: number): Promise<Answer> {
  const before = await suite.heads();
  const answer = having(await ask(), status);
  expect((await suite.heads()).events).toEqual(before.events);
  return answer;
}

describe('a human under another spelling (MEANS-ID2-ii.b)', () => {
  const birth = { birthDate: '1971-05-06', birthPlace: "'s-Gravenhage" };

  it.each<[string, (name: string) => string]>([
    ['in capitals', (name) => name.toUpperCase()],
    ['with marks', (name) => name.replace('a', 'á')],
    ['with an o that Unicode takes apart no further', (name) => name.replace('N', 'Ñ')],
    ['with blanks around and within', (name) => `  ${name} `],
    ['with full-width letters', (name) => name.replace('a', 'ａ')],
  ])('is asked about: %s', async (_how, spelled) => {
    const name = freshName();
    const one = await register({ familyName: name, ...birth });
    expect(await register({ familyName: spelled(name), ...birth })).toMatchObject(unresolved(one));
  });

  it.each([
    ['Strauß', 'STRAUSS'],
    ['Sørensen', 'Sorensen'],
    ['Łuczak', 'Luczak'],
    ['Đorđević', 'Dordevic'],
    ['Ærø', 'Aero'],
    ['Œuf', 'Oeuf'],
    ['Işık', 'Isik'],
    ['Þór', 'Thor'],
    ['Ĳzer', 'IJzer'],
    ['O’Brien', "O'Brien"],
    ['Smit–Bakker', 'smit-bakker'],
  ])('is asked about: %s and %s', async (name, other) => {
    const mark = freshName();
    const one = await register({ familyName: `${name} ${mark}`, ...birth });
    const two = await register({ familyName: `${other} ${mark}`, ...birth });
    expect(two).toMatchObject(unresolved(one));
    // The name itself stays as it was sent.
    expect(await show(two)).toMatchObject({ familyName: `${other} ${mark}` });
    expect(one).toMatchObject({ duplicate: 'none', duplicates: [] });
  });
});

describe('a record that lacks an attribute', () => {
  const whole = { givenNames: 'Anna', birthDate: '1985-04-12', birthPlace: 'Utrecht' };

  it.each<[string, Json, Json]>([
    ['the place of birth and the given names', whole, { birthDate: '1985-04-12' }],
    ['the date of birth', whole, { birthPlace: 'UTRECHT' }],
    ['the date of birth, and is the first', { birthPlace: 'Utrecht' }, whole],
    ['the place of birth, and is the first', { birthDate: '1985-04-12' }, whole],
  ])('is compared on what it has: it lacks %s', async (_what, first, second) => {
    const familyName = freshName();
    const one = await register({ familyName, ...first });
    expect(await register({ familyName, ...second })).toMatchObject(unresolved(one));
  });

  it.each<[string, Json, Json]>([
    ['has the family name only', whole, {}],
    ['has names only', whole, { givenNames: 'Anna' }],
    ['has another date of birth', whole, { ...whole, birthDate: '1990-01-01' }],
    ['shares nothing but the family name', { birthDate: '1985-04-12' }, { birthPlace: 'Utrecht' }],
  ])('is nobody’s duplicate when it %s', async (_what, first, second) => {
    const familyName = freshName();
    await register({ familyName, ...first });
    expect(await register({ familyName, ...second })).toMatchObject({ duplicate: 'none', duplicates: [] });
  });
});

describe('a duplicate of several records', () => {
  it('is unresolved until each is answered, and all of them are shown', async () => {
    const familyName = freshName();
    const dated = await register({ familyName, birthDate: '1985-04-12' });
    const placed = await register({ familyName, birthPlace: 'Utrecht' });
    const both = await register({ familyName, birthDate: '1985-04-12', birthPlace: 'Utrecht', givenNames: 'Anna' });
    expect(both).toMatchObject({ duplicate: 'unresolved' });
    expect(new Set((both['duplicates'] as Json[]).map(({ person }) => person))).toEqual(
      new Set([dated['id'], placed['id']]),
    );
    const first = having(await link(both, { to: dated['id'], same: true }), 200).body;
    expect(first).toMatchObject({ duplicate: 'unresolved', duplicateOf: placed['id'] });
    await record(placed, passport(freshNumber()));
    await record(both, passport(freshNumber()));
    const second = having(await link(both, { to: placed['id'], same: false, distinguishedBy: ['document'] }), 200).body;
    expect(second).toMatchObject({ duplicate: 'linked', duplicateOf: dated['id'] });
    expect(second['duplicates']).toEqual(
      expect.arrayContaining([
        { person: dated['id'], outcome: 'linked' },
        { person: placed['id'], outcome: 'none', distinguishedBy: ['document'] },
      ]),
    );
  });

  it('is of everybody who shares an identifier, not of the first alone', async () => {
    const body = { familyName: freshName(), birthDate: '1985-04-12' };
    const people = [await register(body), await register(body), await register(body)];
    const fourth = await register(body);
    expect(fourth).toMatchObject(unresolved(...people));
    expect(fourth['duplicates']).toHaveLength(3);
  });

  it('is asked about by exactly one of those who come at once', async () => {
    const body = { familyName: freshName(), birthDate: '1985-04-12' };
    const made = await Promise.all(Array.from({ length: 6 }, () => supplier.command('/v1/persons', body)));
    const people = await Promise.all(made.map((answer) => show(having(answer, 201).body)));
    const asked = people.map(({ duplicates }) => (duplicates as Json[]).length).sort();
    expect(asked).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('a false match', () => {
  const twins = async (more: readonly [Json, Json] = [{}, {}]): Promise<readonly [Json, Json]> => {
    const body = { familyName: freshName(), birthDate: '1985-04-12', birthPlace: 'Utrecht' };
    return [await register({ ...body, ...more[0] }), await register({ ...body, ...more[1] })];
  };

  it('has an honest exit: not the same, by what differs in the records', async () => {
    const [one, two] = await twins([{ givenNames: 'Anna' }, { givenNames: 'Berta' }]);
    expect(two).toMatchObject(unresolved(one));
    const key = freshKey();
    const body = { to: one['id'], same: false, distinguishedBy: ['givenNames'] };
    const answer = await supplier.command(`${pathOf(two)}/links`, body, key);
    expect(having(answer, 200).body).toMatchObject({
      duplicate: 'none',
      duplicates: [{ person: one['id'], outcome: 'none', distinguishedBy: ['givenNames'] }],
    });
    const again = await supplier.command(`${pathOf(two)}/links`, body, key);
    expect(having(again, 200).body).toEqual(answer.body);
  });

  it.each<[string, readonly [Json, Json], readonly string[]]>([
    ['is the same in both', [{ givenNames: 'Anna' }, { givenNames: 'ANNA' }], ['givenNames']],
    ['one record lacks', [{}, { givenNames: 'Berta' }], ['givenNames']],
    ['are documents that nobody has', [{ givenNames: 'Anna' }, { givenNames: 'Berta' }], ['document']],
    ['is only half true', [{ givenNames: 'Anna' }, { givenNames: 'Berta' }], ['givenNames', 'birthDate']],
  ])('is no false match by what %s: refused, and recorded as such', async (_what, more, distinguishedBy) => {
    const [one, two] = await twins(more);
    const before = await suite.heads();
    const answer = await writesNothing(() => link(two, { to: one['id'], same: false, distinguishedBy }), 409);
    expect(answer.body).toMatchObject({ code: 'not-distinguished' });
    expect((await suite.heads()).records).toBe(before.records + 1n);
  });

  it('is said with what tells them apart, and a match without', async () => {
    const [one, two] = await twins();
    const to = one['id'];
    for (const [body, faults] of [
      [{ to, same: false }, ['/distinguishedBy required']],
      [{ to, same: false, distinguishedBy: [] }, ['/distinguishedBy invalid-value']],
      [{ to, same: false, distinguishedBy: ['shoeSize'] }, ['/distinguishedBy invalid-value']],
      [{ to, same: false, distinguishedBy: ['document', 'document'] }, ['/distinguishedBy invalid-value']],
      [{ to, same: true, distinguishedBy: ['document'] }, ['/distinguishedBy invalid-value']],
      [{ to }, ['/same required']],
      [{ to: 'x', same: false }, ['/distinguishedBy required', '/to invalid-value']],
      [{ to: NOBODY, same: true }, ['/to unknown-person']],
    ] as const) {
      expect([body, faultsOf(await writesNothing(() => link(two, body), 400))]).toEqual([body, faults]);
    }
  });

  it('is answered once, about somebody who was recognized', async () => {
    const [one, two] = await twins([{ givenNames: 'Anna' }, { givenNames: 'Berta' }]);
    const stranger = await register({ familyName: freshName() });
    const codeOf = async (body: Json): Promise<unknown> => having(await link(two, body), 409).body['code'];
    expect(await codeOf({ to: stranger['id'], same: true })).toBe('no-such-duplicate');
    expect(await codeOf({ to: stranger['id'], same: false, distinguishedBy: ['givenNames'] })).toBe(
      'no-such-duplicate',
    );
    having(await link(two, { to: one['id'], same: true }), 200);
    expect(await codeOf({ to: one['id'], same: false, distinguishedBy: ['givenNames'] })).toBe('duplicate-answered');
    having(await link(two, { to: one['id'], same: true }), 200);
  });
});

describe('an identity document', () => {
  it('counts by type, issuing state and number, however the number is written', async () => {
    const number = freshNumber();
    const one = await register({ familyName: freshName() });
    await record(one, passport(number));
    const holding = async (document: Json): Promise<Json> =>
      record(await register({ familyName: freshName() }), document);
    expect(await holding(passport(`${number.slice(0, 3)} ${number.slice(3)}`.toLowerCase()))).toMatchObject(
      unresolved(one),
    );
    expect(await holding(passport(`${number.slice(0, 3)}-${number.slice(3)}`))).toMatchObject(unresolved(one));
    expect(await holding(passport(number, { issuingState: 'BEL' }))).toMatchObject({ duplicate: 'none' });
    expect(await holding(passport(number, { documentType: 'identityCard' }))).toMatchObject({ duplicate: 'none' });
  });

  it('is shown as it was sent', async () => {
    const person = await record(
      await register({ familyName: freshName() }),
      passport('nx 12-34567', { issuer: 'Ede' }),
    );
    expect(person['documents']).toEqual([{ id: expect.any(String), ...passport('nx 12-34567', { issuer: 'Ede' }) }]);
  });

  it.each<[string, Json, string]>([
    ['no issuing state', { issuingState: undefined }, '/issuingState required'],
    ['a state that there is not', { issuingState: 'ZZZ' }, '/issuingState invalid-value'],
    ['a state of two letters', { issuingState: 'NL' }, '/issuingState invalid-value'],
    ['a state in small letters', { issuingState: 'nld' }, '/issuingState invalid-value'],
    ['a number of too little', { number: 'A 1' }, '/number invalid-value'],
    ['a number of other signs', { number: 'NX1234\u200b567' }, '/number invalid-value'],
    ['a day that there is not', { expiresOn: '2031-02-29' }, '/expiresOn invalid-value'],
  ])('with %s is refused', async (_what, more, fault) => {
    const person = await register({ familyName: freshName() });
    const ask = () => supplier.command(`${pathOf(person)}/documents`, passport(freshNumber(), more));
    expect(faultsOf(await writesNothing(ask, 400))).toEqual([fault]);
  });
});

describe('impossible values of a person', () => {
  const tomorrow = amsterdamDate(Date.now() + 86_400_000);

  it.each<[string, Json, readonly string[]]>([
    ['a birth date to come', { birthDate: tomorrow }, ['/birthDate invalid-value']],
    ['a birth date of another age', { birthDate: '1799-12-31' }, ['/birthDate invalid-value']],
    ['a name of blanks', { familyName: ' \u00a0\u3000' }, ['/familyName invalid-value']],
    ['a name of no width', { familyName: '\u200b\u200d' }, ['/familyName invalid-value']],
    ['a name of marks', { familyName: '\u0301\u0308' }, ['/familyName invalid-value']],
    ['a filler for a name', { familyName: '\u3164' }, ['/familyName invalid-value']],
    ['a name that turns its direction', { familyName: 'Jan\u202enesn' }, ['/familyName invalid-value']],
    ['a name with a control character', { givenNames: 'An\u0007na' }, ['/givenNames invalid-value']],
    ['a name of private use', { givenNames: 'An\ue000na' }, ['/givenNames invalid-value']],
    ['a place with a joiner', { birthPlace: 'Utr\u200cecht' }, ['/birthPlace invalid-value']],
    ['an address with a line separator', { address: 'Dam 1\u2028Amsterdam' }, ['/address invalid-value']],
    ['a mail address with a hidden sign', { email: 'a\u200bb@example.org' }, ['/email invalid-value']],
    ['a telephone number without digits', { telephone: '(-) (-) (-)' }, ['/telephone invalid-value']],
    ['an application that is unknown', { application: NOBODY }, ['/application unknown-application']],
    [
      'all of it at once',
      { familyName: '\u200b', birthDate: tomorrow, email: 'x', nickname: 'Jan' },
      ['/birthDate invalid-value', '/email invalid-value', '/familyName invalid-value', '/nickname unknown-member'],
    ],
  ])('are refused: %s', async (_what, more, faults) => {
    const ask = () => supplier.command('/v1/persons', { familyName: freshName(), ...more });
    expect(faultsOf(await writesNothing(ask, 400))).toEqual(faults);
  });

  it('are not today’s date of birth', async () => {
    const today = amsterdamDate(Date.now());
    await register({ familyName: freshName(), birthDate: today });
  });
});

/** An intake for a change with a check about the person. */
async function changeOf(
  person: Json,
  purposes: readonly string[] = ['change'],
): Promise<{ application: string; check: string }> {
  const application = having(
    await supplier.command('/v1/applications', { channel: 'electronic', receivedAt: at(-5_000), purposes }),
    201,
  ).body['id'] as string;
  const check = having(
    await supplier.command('/v1/checks', {
      application,
      type: 'identityAttributesRecorded',
      about: { person: person['id'] },
      uniquelyIdentifying: true,
      performedAt: at(-1_000),
      performedBy: { clerk: 'clerk-17' },
      source: { name: 'case-file', reference: 'change-1' },
    }),
    201,
  ).body['id'] as string;
  return { application, check };
}

describe('a correction of a person', () => {
  const correct = (person: Json, body: Json, key = freshKey()): Promise<Answer> =>
    supplier.command(`${pathOf(person)}/corrections`, body, key);

  it('changes what is named, keeps the rest, and is answered again by its key', async () => {
    const familyName = freshName();
    const person = await register({ familyName, birthDate: '1985-04-12', email: 'a@example.org' });
    const { application, check } = await changeOf(person);
    const body = { application, checks: [check], set: { birthDate: '1985-04-21', address: 'Dam 1, Amsterdam' } };
    const key = freshKey();
    const corrected = having(await correct(person, body, key), 200);
    expect(corrected.body).toMatchObject({
      familyName,
      birthDate: '1985-04-21',
      email: 'a@example.org',
      address: 'Dam 1, Amsterdam',
    });
    const { position: _position, ...object } = corrected.body;
    expect(await show(person)).toEqual(object);
    expect(having(await correct(person, body, key), 200).body).toEqual(corrected.body);
    // The same again under another key finds nothing to correct.
    const heads = await suite.heads();
    having(await correct(person, body), 200);
    expect((await suite.heads()).events).toBe(heads.events);
    expect(having(await correct(person, { ...body, set: { birthPlace: 'Ede' } }, key), 409).body['code']).toBe(
      'idempotency-key-reused',
    );
  });

  it('answers a question that rested on the mistake, on both sides, and asks those that follow', async () => {
    const body = { familyName: freshName(), birthDate: '1985-04-12' };
    const [one, other] = [await register(body), await register({ ...body, birthDate: '1990-01-01' })];
    const mistaken = await register(body);
    expect(mistaken).toMatchObject(unresolved(one));
    const later = await register(body);
    expect(later['duplicates']).toHaveLength(2);
    const { application, check } = await changeOf(mistaken);
    const answer = await correct(mistaken, { application, checks: [check], set: { birthDate: '1990-01-01' } });
    expect(having(answer, 200).body['duplicates']).toEqual([{ person: other['id'], outcome: 'unresolved' }]);
    expect((await show(later))['duplicates']).toEqual([{ person: one['id'], outcome: 'unresolved' }]);
    // By the old date he is found no more, by the new one he is.
    expect((await register(body))['duplicates']).toHaveLength(2);
    expect((await register({ ...body, birthDate: '1990-01-01' }))['duplicates']).toHaveLength(2);
  });

  it('rests on an application for a change, and on its checks about that person', async () => {
    const [person, another] = [
      await register({ familyName: freshName() }),
      await register({ familyName: freshName() }),
    ];
    const change = await changeOf(person);
    const elsewhere = await changeOf(person);
    const ofAnother = await changeOf(another);
    const registration = await changeOf(person, ['registration']);
    const set = { familyName: freshName() };
    for (const [status, body, faults] of [
      [
        400,
        { application: NOBODY, checks: [NOBODY], set },
        ['/application unknown-application', '/checks/0 unknown-check'],
      ],
      [400, { application: change.application, checks: [], set }, ['/checks invalid-value']],
      [400, { application: change.application, checks: [change.check], set: {} }, ['/set required']],
      [400, { application: change.application, checks: [change.check] }, ['/set required']],
      [
        400,
        { application: change.application, checks: [change.check], set: { familyName: '\u200b' } },
        ['/set/familyName invalid-value'],
      ],
      [
        400,
        { application: change.application, checks: [change.check], set: { documents: [] } },
        ['/set required', '/set/documents unknown-member'],
      ],
      [
        400,
        { application: change.application, checks: [change.check], set: { birthDate: '2999-01-01' } },
        ['/set/birthDate invalid-value'],
      ],
      [400, { application: ofAnother.application, checks: [ofAnother.check], set }, ['/checks/0 check-not-in-dossier']],
      [409, { application: change.application, checks: [elsewhere.check], set }, ['/checks/0 evidence-not-reusable']],
      [
        409,
        { application: registration.application, checks: [registration.check], set },
        ['- purpose-not-in-application'],
      ],
    ] as const) {
      const answer = await writesNothing(() => correct(person, body), status);
      expect([body, faultsOf(answer)]).toEqual([body, faults]);
    }
  });
});

describe('a contact of a person', () => {
  const add = (person: Json, body: Json, key = freshKey()): Promise<Answer> =>
    supplier.command(`${pathOf(person)}/contacts`, body, key);

  it('is shown with who supplied it, and recorded once', async () => {
    const person = await register({ familyName: freshName() });
    const { check } = await changeOf(person);
    const key = freshKey();
    const email = { kind: 'email', value: 'wayfarer@example.org', suppliedBy: check };
    const made = having(await add(person, email, key), 201);
    expect(made.headers.get('location')).toBe(pathOf(person));
    expect(having(await add(person, email, key), 201).body).toEqual(made.body);
    having(await add(person, { kind: 'telephone', value: '+31 30 1234567', suppliedBy: 'submitter' }), 201);
    having(await add(person, { kind: 'postalAddress', value: 'Dam 1, Amsterdam', suppliedBy: 'submitter' }), 201);
    expect((await show(person))['contacts']).toEqual([
      { id: expect.any(String), ...email },
      { id: expect.any(String), kind: 'telephone', value: '+31 30 1234567', suppliedBy: 'submitter' },
      { id: expect.any(String), kind: 'postalAddress', value: 'Dam 1, Amsterdam', suppliedBy: 'submitter' },
    ]);
  });

  it('is of its kind, and supplied by the submitter or by a check about that person', async () => {
    const [person, another] = [
      await register({ familyName: freshName() }),
      await register({ familyName: freshName() }),
    ];
    const { check } = await changeOf(another);
    for (const [body, faults] of [
      [{ kind: 'email', value: 'nobody', suppliedBy: 'submitter' }, ['/value invalid-value']],
      [{ kind: 'telephone', value: 'nobody@example.org', suppliedBy: 'submitter' }, ['/value invalid-value']],
      [{ kind: 'postalAddress', value: ' \u200b', suppliedBy: 'submitter' }, ['/value invalid-value']],
      [{ kind: 'pigeon', value: 'x', suppliedBy: 'somebody' }, ['/kind invalid-value', '/suppliedBy invalid-value']],
      [{ kind: 'telephone', value: '+31 30 1234567' }, ['/suppliedBy required']],
      [{ kind: 'telephone', value: '+31 30 1234567', suppliedBy: NOBODY }, ['/suppliedBy unknown-check']],
      [{ kind: 'telephone', value: '+31 30 1234567', suppliedBy: check }, ['/suppliedBy check-not-in-dossier']],
    ] as const) {
      expect([body, faultsOf(await writesNothing(() => add(person, body), 400))]).toEqual([body, faults]);
    }
  });
});

describe('finding a person again', () => {
  const search = (body: Json): Promise<Answer> => supplier.ask('/v1/persons/_search', body);
  const idsIn = ({ body }: Answer): readonly unknown[] => (body['items'] as Json[]).map(({ id }) => id);

  it('is exact: by family name and birth date in any spelling, or by a document', async () => {
    const familyName = freshName();
    const number = freshNumber();
    const one = await register({ familyName, birthDate: '1985-04-12', givenNames: 'Anna' });
    const whole = await record(one, passport(number));
    await register({ familyName, birthDate: '1985-04-13' });
    await register({ familyName: `${familyName}x`, birthDate: '1985-04-12' });
    await register({ familyName, birthPlace: 'Utrecht' });
    const { position: _position, ...item } = whole;
    const byName = having(await search({ familyName: ` ${familyName.toUpperCase()}`, birthDate: '1985-04-12' }), 200);
    expect(byName.body).toEqual({ items: [item], next: null });
    const document = { type: 'passport', issuingState: 'NLD', number: `${number.slice(0, 4)}-${number.slice(4)}` };
    expect(idsIn(having(await search({ document }), 200))).toEqual([one['id']]);
    for (const body of [
      { familyName, birthDate: '1985-04-14' },
      { familyName: familyName.slice(0, -1), birthDate: '1985-04-12' },
      { document: { ...document, issuingState: 'BEL' } },
      { document: { ...document, type: 'identityCard' } },
      { document: { ...document, number: number.slice(0, -1) } },
    ]) {
      expect([body, having(await search(body), 200).body]).toEqual([body, { items: [], next: null }]);
    }
  });

  it('is paged like other lists, latest first', async () => {
    const body = { familyName: freshName(), birthDate: '1985-04-12' };
    const people: unknown[] = [];
    for (let number = 0; number < 5; number += 1) people.push((await register(body))['id']);
    const found: unknown[] = [];
    let cursor: Json = {};
    for (;;) {
      const page = having(await search({ ...body, limit: 2, ...cursor }), 200);
      found.push(...idsIn(page));
      if (page.body['next'] === null) break;
      cursor = { cursor: page.body['next'] };
    }
    expect(found).toEqual(people.reverse());
    const foreign = await search({ ...body, birthDate: '1985-04-13', ...cursor });
    expect(faultsOf(having(foreign, 400))).toEqual(['/cursor invalid-cursor']);
  });

  it('follows a correction', async () => {
    const familyName = freshName();
    const person = await register({ familyName, birthDate: '1985-04-12' });
    const { application, check } = await changeOf(person);
    const set = { birthDate: '1985-04-21' };
    having(await supplier.command(`${pathOf(person)}/corrections`, { application, checks: [check], set }), 200);
    expect(idsIn(having(await search({ familyName, birthDate: '1985-04-12' }), 200))).toEqual([]);
    expect(idsIn(having(await search({ familyName, birthDate: '1985-04-21' }), 200))).toEqual([person['id']]);
  });

  it.each<[string, Json, readonly string[]]>([
    ['nothing', {}, [' required']],
    ['a name alone', { familyName: 'Jansen' }, ['/birthDate required']],
    ['a date alone', { birthDate: '1985-04-12' }, ['/familyName required']],
    [
      'given names',
      { familyName: 'Jansen', birthDate: '1985-04-12', givenNames: 'Anna' },
      ['/givenNames unknown-member'],
    ],
    [
      'both ways at once',
      {
        familyName: 'Jansen',
        birthDate: '1985-04-12',
        document: { type: 'passport', issuingState: 'NLD', number: 'NX12' },
      },
      ['/document invalid-value'],
    ],
    [
      'half a document',
      { document: { type: 'passport' } },
      ['/document/issuingState required', '/document/number required'],
    ],
    ['a position of nowhere', { familyName: 'Jansen', birthDate: '1985-04-12', after: 'x' }, ['/after invalid-value']],
  ])('is refused with %s', async (_what, body, faults) => {
    expect(faultsOf(having(await search(body), 400))).toEqual(faults);
  });

  it('is the supplier’s own: other roles are refused', async () => {
    const body = { familyName: 'Jansen', birthDate: '1985-04-12' };
    for (const role of ['network', 'auditor', 'operations'] as const) {
      having(await (await suite.client(role)).ask('/v1/persons/_search', body), 403);
    }
  });
});

describe('a submission’s own data (PROOF-04)', () => {
  it('are a person registered with the application that they came in with', async () => {
    const holder = await register({ familyName: freshName(), birthDate: '1985-04-12' });
    const { application } = await changeOf(holder);
    const { familyName } = holder;
    const shown = await register({ familyName, birthDate: '1985-04-12', application });
    expect(shown).toMatchObject({ application, ...unresolved(holder) });
    expect(await show(shown)).toMatchObject({ application });
  });
});
