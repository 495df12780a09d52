import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHECK_TYPES } from '#libs/domain';
import type { Json } from './support/api.js';
import { at, paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { client as clientOf, freshKey, having, type Answer, type Client } from './support/client.js';
import { NOBODY } from './support/contract.js';
import { startSuite, type TestSuite } from './support/suite.js';

/*
 * What somebody does wrong who connects for the first time, with the answers that tell him how to mend it, in both languages.
 * An answer that tells less is a change to be seen here.
 */

type Language = 'en' | 'nl';

let suite: TestSuite;
let supplier: Client;
let network: Client;
let language: Language = 'en';
let intake: PaperCase;
let means: IssuedMeans;
let party: Json;

const PARTY = {
  ...{ kind: 'privateLegalPerson', register: 'kvk', number: '87000001', name: 'Test Vereniging' },
  naturalPersonsBusiness: false,
};
beforeAll(async () => {
  suite = await startSuite();
  await speak('en');
  intake = await paperCase(supplier);
  means = await intake.means();
  party = having(await supplier.command('/v1/parties', PARTY), 201).body;
});
afterAll(() => suite.end());

/** Whoever asks prefers this language from now on. */
async function speak(preferred: Language): Promise<void> {
  language = preferred;
  const speaking = async (role: 'supplier' | 'network'): Promise<Client> =>
    clientOf(suite.url, await suite.token(role), { 'accept-language': preferred });
  supplier = await speaking('supplier');
  network = await speaking('network');
}

const check = (more: Json): Json => ({
  application: intake.application,
  about: { person: intake.employee.id },
  performedAt: at(-1_000),
  performedBy: { clerk: 'clerk-17' },
  source: { name: 'case-file', reference: 'case-1' },
  ...more,
});
const registration = (more: Json): Json => intake.registration(means.id, more);

/** What was done, how it is answered, and what each of its faults says. */
type Mistake = readonly [
  what: string,
  ask: () => Promise<Answer>,
  status: number,
  code: string,
  errors: () => readonly Json[],
];
const none = (): readonly Json[] => [];

const OF_THE_DOOR: readonly Mistake[] = [
  [
    'no token',
    () => clientOf(suite.url, '', { 'accept-language': language }).send('GET', `/v1/parties/${NOBODY}`),
    ...([401, 'unauthenticated', none] as const),
  ],
  [
    'a token of another role',
    () => network.ask('/v1/parties/_search', {}),
    ...([403, 'missing-scope', () => [{ code: 'missing-scope', scope: 'registration' }]] as const),
  ],
  [
    'no idempotency key',
    () => supplier.send('POST', '/v1/parties', { body: PARTY }),
    ...([400, 'required', () => [{ in: 'header', pointer: '/Idempotency-Key', code: 'required' }]] as const),
  ],
  [
    'the key of another request',
    async () => {
      const key = freshKey();
      having(await supplier.command('/v1/persons', { familyName: 'Eerste' }, key), 201);
      return supplier.command('/v1/persons', { familyName: 'Tweede' }, key);
    },
    ...([409, 'idempotency-key-reused', none] as const),
  ],
  [
    'a form instead of JSON',
    () =>
      supplier.send('POST', '/v1/parties', {
        body: 'kind=undertaking',
        headers: { 'idempotency-key': freshKey(), 'content-type': 'application/x-www-form-urlencoded' },
      }),
    ...([415, 'unsupported-media-type', none] as const),
  ],
  [
    'a comma too many',
    () => supplier.command('/v1/parties', '{"kind":"undertaking",}'),
    400,
    'malformed-json',
    () => [{}],
  ],
  ['a list that is read', () => supplier.get('/v1/parties'), 405, 'method-not-allowed', none],
  ['a slash at the end', () => supplier.get('/v1/parties/'), 404, 'not-found', none],
  ['a number where an id belongs', () => supplier.get('/v1/parties/87000001'), 404, 'not-found', none],
];

const OF_BODIES: readonly Mistake[] = [
  [
    'a party that is on record',
    () => supplier.command('/v1/parties', { ...PARTY, name: 'Test Vereniging Anders' }),
    ...([409, 'party-exists', () => [{ code: 'party-exists', party: party['id'] }]] as const),
  ],
  [
    'a kind of check that is none',
    () => supplier.command('/v1/checks', check({ type: 'passportCheck' })),
    ...([
      400,
      'invalid-value',
      () => [
        {
          pointer: '/type',
          code: 'invalid-value',
          names: CHECK_TYPES,
          detail: `must be one of ${CHECK_TYPES.join(', ')}`,
        },
      ],
    ] as const),
  ],
  [
    'a login without what it went by',
    () => supplier.command('/v1/checks', check({ type: 'authentication', level: 'EH3', at: at(-2_000) })),
    ...([
      400,
      'required',
      () => [
        {
          ...{ pointer: '', code: 'required', names: ['means', 'assertion', 'facility'] },
          detail: 'exactly one of means, assertion, facility is required',
        },
      ],
    ] as const),
  ],
  [
    'a day without a time, and without an offset',
    () =>
      supplier.command('/v1/applications', { channel: 'electronic', receivedAt: '2026-03-02', purposes: ['means'] }),
    ...([
      400,
      'invalid-value',
      () => [
        {
          ...{ pointer: '/receivedAt', code: 'invalid-value' },
          detail: 'must be a date-time with an offset, such as 2026-03-02T10:12:00Z',
        },
      ],
    ] as const),
  ],
  [
    'several mistakes at once, of form and of what is not on record',
    () =>
      supplier.command(
        '/v1/authorizations',
        registration({
          representedParty: { party: NOBODY },
          scope: { services: ['uwv'] },
          aimedLevel: 3,
          remarks: 'x',
        }),
      ),
    ...([
      400,
      'invalid-request',
      () => [
        { pointer: '/remarks', code: 'unknown-member' },
        { pointer: '/aimedLevel', code: 'wrong-type' },
        { pointer: '/representedParty/party', code: 'unknown-party' },
        { pointer: '/scope/services/0', code: 'unknown-service' },
      ],
    ] as const),
  ],
];

/** All in one round: what the form says, what is on record, what the clock says, and what members say to each other. */
const OF_SEVERAL: readonly Mistake[] = [
  [
    'an intake by a channel that is none, of tomorrow',
    () =>
      supplier.command('/v1/applications', { channel: 'letter', receivedAt: at(86_400_000), purposes: ['revocation'] }),
    ...([
      400,
      'invalid-request',
      () => [
        { pointer: '/channel', code: 'invalid-value' },
        { pointer: '/medium', code: 'required' },
        { pointer: '/receivedAt', code: 'instant-in-future' },
      ],
    ] as const),
  ],
  [
    'an old intake without a reason and a purpose',
    () =>
      supplier.command('/v1/applications', { channel: 'electronic', receivedAt: at(-40 * 86_400_000), purposes: [] }),
    ...([
      400,
      'invalid-request',
      () => [
        { pointer: '/purposes', code: 'invalid-value' },
        { pointer: '/receivedAt', code: 'late-entry-reason-missing' },
      ],
    ] as const),
  ],
  [
    'a party under a register and a number that are not of its kind, without a name',
    () => supplier.command('/v1/parties', { kind: 'undertaking', register: 'trr', number: '87000002', person: NOBODY }),
    ...([
      400,
      'invalid-request',
      () => [
        { pointer: '/name', code: 'required' },
        { pointer: '/naturalPersonsBusiness', code: 'required' },
        { pointer: '/register', code: 'register-not-for-kind' },
        { pointer: '/person', code: 'person-not-for-kind' },
        { pointer: '/person', code: 'unknown-person' },
      ],
    ] as const),
  ],
  [
    'a person by a member that is none, and an application that is not on record',
    () => supplier.command('/v1/persons', { surname: 'Eerste', application: NOBODY }),
    ...([
      400,
      'invalid-request',
      () => [
        { pointer: '/surname', code: 'unknown-member' },
        { pointer: '', code: 'identifying-attribute-missing' },
        { pointer: '/application', code: 'unknown-application' },
      ],
    ] as const),
  ],
  [
    'an activation of tomorrow on a login that is not on record',
    () =>
      supplier.command(`/v1/authorizations/${NOBODY}/activations`, {
        ...{ application: intake.application, checks: [NOBODY], activatedAt: at(86_400_000) },
      }),
    ...([
      400,
      'invalid-request',
      () => [
        { pointer: '/checks/0', code: 'unknown-check' },
        { pointer: '/activatedAt', code: 'instant-in-future' },
      ],
    ] as const),
  ],
];

const OF_THE_RULES: readonly Mistake[] = [
  [
    'a registration that rests on nothing',
    () => supplier.command('/v1/authorizations', registration({ checks: [] })),
    ...([
      409,
      'aspect-unscored',
      () =>
        (
          [
            ['IA', 'IA1-a', ['identityAttributesRecorded']],
            ['IG', 'IG1-a', ['completenessCheck']],
            ['IV', 'IV1-a', ['separateChannelConfirmation']],
          ] as const
        ).map(([aspect, row, checks]) => ({
          ...{ code: 'aspect-unscored', aspect },
          earnedBy: [{ aspect, score: 1, row, checks }],
        })),
    ] as const),
  ],
  [
    'a level for which a look was left out',
    () =>
      supplier.command(
        '/v1/authorizations',
        registration({ checks: intake.dossier.filter((id) => id !== intake.documentStatusOfDirector) }),
      ),
    ...([
      409,
      'level-not-reached',
      () => [
        {
          ...{ code: 'level-not-reached', aimed: 'EH3', reached: 'EH2+', missing: { aspects: { IO: 3 } } },
          earnedBy: [
            {
              ...{ aspect: 'IO', score: 3, row: 'IO3-d' },
              checks: expect.arrayContaining(['idDocumentStatus', 'bankTransaction']),
            },
            { aspect: 'IO', score: 3, row: 'IO3-e', checks: expect.arrayContaining(['physicalAppearance']) },
          ],
        },
      ],
    ] as const),
  ],
];

describe.each([
  ['at the door', OF_THE_DOOR],
  ['in a body', OF_BODIES],
  ['in several places of a body', OF_SEVERAL],
  ['about the rules', OF_THE_RULES],
])('a mistake of somebody new, %s', (_where, mistakes) => {
  it.each(mistakes)('%s', async (_what, ask, status, code, errors) => {
    const answer = await ask();
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.body['errors'] ?? []).toEqual(errors().map((one) => expect.objectContaining(one)));
    // Whatever it is, the page of its code explains it.
    expect(String(answer.body['type'])).toMatch(new RegExp(`/problems/${code}$`));
    expect((await supplier.get(`/problems/${code}`)).status).toBe(200);
  });

  it.each(mistakes)('is told in Dutch to whoever prefers it: %s', async (_what, ask, status, code) => {
    const [english, dutch] = [await ask(), await inDutch(ask)];
    expect([dutch.status, dutch.body['code']]).toEqual([status, code]);
    expect([english, dutch].map(({ headers }) => headers.get('content-language'))).toEqual(['en', 'nl']);
    expect(dutch.headers.get('vary')).toContain('Accept-Language');
    const texts = textsOf(dutch);
    expect(texts).toHaveLength(textsOf(english).length);
    for (const [index, text] of texts.entries()) expect(text).not.toBe(textsOf(english)[index]);
    // What is no text is the same.
    expect(withoutTexts(dutch)).toEqual(withoutTexts(english));
  });
});

async function inDutch(ask: () => Promise<Answer>): Promise<Answer> {
  await speak('nl');
  try {
    return await ask();
  } finally {
    await speak('en');
  }
}
const faultsIn = ({ body }: Answer): readonly Json[] => (body['errors'] ?? []) as readonly Json[];
const textsOf = (answer: Answer): readonly unknown[] => [
  ...[answer.body['title'], answer.body['detail']],
  ...faultsIn(answer).map(({ detail }) => detail),
];
const withoutTexts = ({ body }: Answer): Json => {
  const { title: _title, detail: _detail, instance: _instance, errors, ...rest } = body;
  return { ...rest, errors: ((errors ?? []) as readonly Json[]).map(({ detail: _, ...fault }) => fault) };
};

describe('a mistake of somebody new, at use', () => {
  it('an organization by its number alone is a no that says what form it has', async () => {
    const asked = question(means.pseudonym, '69599084');
    const { body } = having(await network.ask('/access/v1/evaluation', asked), 200);
    expect(body).toMatchObject({
      decision: false,
      context: {
        reason_admin: {
          en: 'resource.id names no register: it is register and number, as in kvk:12345678.',
          nl: 'resource.id noemt geen register: het is register en nummer, zoals kvk:12345678.',
        },
      },
    });
  });
});

describe('a mistake of somebody new, about what is there', () => {
  it('an address of the contract that is not built yet says so', async () => {
    const answer = having(await supplier.command('/v1/consents', {}), 404);
    expect(answer.body).toMatchObject({
      code: 'not-found',
      detail: 'The contract describes this address, and this version does not have it yet.',
    });
  });
});
