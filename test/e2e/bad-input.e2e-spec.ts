import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodePosition } from '#libs/platform';
import type { Json } from './support/api.js';
import { at, paperCase, UWV, type IssuedMeans, type PaperCase } from './support/case.js';
import { faultsOf, freshKey, having, type Answer, type Client } from './support/client.js';
import { NOBODY, operationsOf, type Operation } from './support/contract.js';
import { startSuite, type TestSuite } from './support/suite.js';

let suite: TestSuite;
let governance: Client;
let supplier: Client;
let operations: readonly Operation[];
let reads: readonly Operation[];
let case1: PaperCase;
let case2: PaperCase;
let means: IssuedMeans;
let everywhere: Client;

beforeAll(async () => {
  suite = await startSuite();
  supplier = await suite.client('supplier');
  governance = await suite.client('governance');
  everywhere = await suite.client([
    'intake',
    'issuance',
    'registration',
    'revocation',
    'governance',
    'decision',
    'audit',
  ]);
  case1 = await paperCase(supplier);
  case2 = await paperCase(supplier);
  means = await case1.means();
  const all = await operationsOf(suite.url);
  operations = all.filter(({ method, takesFile }) => method === 'POST' && !takesFile);
  reads = all.filter(({ method, scopes }) => method === 'GET' && scopes.length > 0);
});
afterAll(() => suite.end());

/** Asks, and makes sure that neither log has grown and that the answer is a whole problem. */
async function writesNothing(ask: () => Promise<Answer>, status: number): Promise<Answer> {
  const before = await suite.heads();
  const answer = having(await ask(), status);
  expect(await suite.heads()).toEqual(before);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    type: expect.stringContaining(`/problems/${String(answer.body['code'])}`),
    title: expect.any(String),
    status,
    detail: expect.any(String),
    code: expect.any(String),
    instance: expect.any(String),
  });
  return answer;
}

const send = ({ address, command }: Operation, body: unknown): Promise<Answer> =>
  everywhere.send('POST', address, { body, ...(command ? { headers: { 'idempotency-key': freshKey() } } : {}) });

describe('every operation that takes a body', () => {
  const ofOurs = (): readonly Operation[] => operations.filter(({ path }) => !path.startsWith('/access/'));

  it.each(['{', '{"a":}', '', 'null', '[]', '"text"', '7', '{"a":1,"a":2}', `${'['.repeat(400)}${']'.repeat(400)}`])(
    'refuses the body %.30j',
    async (body) => {
      for (const operation of operations) {
        const answer = await writesNothing(() => send(operation, body), 400);
        expect([operation.path, answer.body['code']]).not.toEqual([operation.path, 'internal-error']);
      }
    },
  );

  it('refuses a member that it does not know, and says where', async () => {
    for (const operation of ofOurs()) {
      const answer = await writesNothing(() => send(operation, { ...operation.example, unheardOf: true }), 400);
      expect([operation.path, faultsOf(answer)]).toEqual([
        operation.path,
        expect.arrayContaining(['/unheardOf unknown-member']),
      ]);
    }
  });

  it('refuses whatever its address says beside its path, along with the faults of its body', async () => {
    for (const operation of ofOurs()) {
      const address = `${operation.address}?after=x&dryRun=true`;
      const body = { ...operation.example, unheardOf: true };
      const answer = await writesNothing(() => send({ ...operation, address }, body), 400);
      expect([operation.path, faultsOf(answer)]).toEqual([
        operation.path,
        expect.arrayContaining([
          ...['/unheardOf unknown-member', 'query /after unknown-member', 'query /dryRun unknown-member'],
        ]),
      ]);
    }
  });

  it('refuses a member of another type, and says where', async () => {
    for (const operation of ofOurs()) {
      for (const [member, schema] of Object.entries((operation.schema?.['properties'] ?? {}) as Record<string, Json>)) {
        const isNumber = schema['type'] === 'integer' || schema['type'] === 'number';
        // The evaluations have their own contract, in which some members may be null.
        const isEvaluation = operation.path.startsWith('/v1/classifications/');
        for (const value of [isNumber ? 'x' : 7, ...(isEvaluation ? [] : [null])]) {
          const answer = await writesNothing(() => send(operation, { ...operation.example, [member]: value }), 400);
          const places = faultsOf(answer).map((fault) => fault.split(' ')[0]);
          expect([operation.path, member, value, places]).toEqual([
            operation.path,
            member,
            value,
            expect.arrayContaining([`/${member}`]),
          ]);
        }
      }
    }
  });

  it('refuses a body of a million bytes that is otherwise well-formed', async () => {
    for (const operation of ofOurs()) {
      const body = { ...operation.example, unheardOf: 'x'.repeat(1_000_000) };
      const answer = await writesNothing(() => send(operation, body), 400);
      expect(answer.text.length).toBeLessThan(20_000);
    }
  });

  it('refuses a body over its limit with 413', async () => {
    for (const operation of operations) {
      await writesNothing(() => send(operation, JSON.stringify({ text: 'x'.repeat(1_100_000) })), 413);
    }
  });

  it.each(['text/plain', 'application/json; charset=iso-8859-1', 'application/json; charset="utf-16"'])(
    'refuses another content type: %s',
    async (type) => {
      for (const operation of ofOurs()) {
        const headers = { 'content-type': type, 'idempotency-key': freshKey() };
        await writesNothing(() => everywhere.send('POST', operation.address, { body: '{}', headers }), 415);
      }
    },
  );

  it('needs a usable Idempotency-Key where it is a command', async () => {
    for (const { address, example } of operations.filter(({ command }) => command)) {
      for (const key of [undefined, '', 'short', 'x'.repeat(65), 'with a blank in it']) {
        const headers = key === undefined ? {} : { 'idempotency-key': key };
        const answer = await writesNothing(() => everywhere.send('POST', address, { body: example, headers }), 400);
        expect([address, key, answer.text.includes('dempotency-')]).toEqual([address, key, true]);
      }
    }
  });
});

describe('every read that needs a token', () => {
  const OF_PEOPLE = new Set(['/v1/persons/{id}', '/v1/means/{id}', '/v1/authorizations/{id}']);
  /** What it names where it is asked: with an id that nothing has its answer to a sound query is 404. */
  const known = ({ path }: Operation): number => (path.includes('{') ? 404 : 200);
  const ask = ({ address }: Operation, query: string): Promise<Answer> => everywhere.get(`${address}${query}`);

  it('takes a position, and a viewer with his login where people are shown, and nothing else', async () => {
    const { identity, feed } = suite.running.open.backbone;
    const head = await feed.head();
    const position = encodePosition({ ...identity, place: head });
    expect(reads.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/v1/services', '/v1/means-products', '/v1/persons/{id}']),
    );
    for (const read of reads) {
      const views = OF_PEOPLE.has(read.path) ? ['viewer', 'viewerLogin'] : [];
      expect([read.path, read.query]).toEqual([read.path, [...views, 'after']]);
      for (const query of ['', `?after=${position}`]) having(await ask(read, query), known(read));
      for (const [query, faults] of [
        ['?after=', ['query /after invalid-value']],
        ['?after=nonsense', ['query /after invalid-value']],
        [`?after=${position}A`, ['query /after invalid-value']],
        [`?after=${encodePosition({ ...identity, place: head + 1n })}`, ['query /after invalid-value']],
        [`?after=${encodePosition({ ...identity, store: NOBODY, place: 1n })}`, ['query /after foreign-position']],
        [
          `?after=${encodePosition({ ...identity, epoch: identity.epoch + 1, place: 1n })}`,
          ['query /after foreign-position'],
        ],
        [`?after=${position}&after=${position}`, ['query /after invalid-value']],
        ['?unheardOf=1', ['query /unheardOf unknown-member']],
        [`?after=${position}&unheardOf=1&limit=2`, ['query /limit unknown-member', 'query /unheardOf unknown-member']],
      ] as const) {
        const answer = await writesNothing(() => ask(read, query), 400);
        expect([read.path, query, faultsOf(answer)]).toEqual([read.path, query, faults]);
      }
    }
  });
});

describe('unknown addresses', () => {
  it.each([
    '/v1/applications/',
    '/v1/checks/',
    '/v1/persons/',
    '/v1/parties/',
    '/v1/means/',
    '/v1/authorizations/',
    '/v1/revocation-requests/',
  ])('knows nothing at %s with an id that nothing has', async (path) => {
    await writesNothing(() => supplier.get(`${path}${NOBODY}`), 404);
    await writesNothing(() => supplier.get(`${path}not-a-uuid`), 404);
    await writesNothing(() => supplier.get(path), 404);
  });

  it('changes nothing of what does not exist', async () => {
    const application = await case1.desk.application('electronic', ['activation'], 1);
    for (const [path, body] of [
      [
        `/v1/persons/${NOBODY}/documents`,
        { documentType: 'passport', number: 'NOBODY123', issuingState: 'NLD', expiresOn: '2031-01-01' },
      ],
      [`/v1/persons/${NOBODY}/corrections`, { application, checks: case1.ofEmployee, set: { familyName: 'Niemand' } }],
      [`/v1/persons/${NOBODY}/contacts`, { kind: 'telephone', value: '+31 30 1234567', suppliedBy: 'submitter' }],
      [`/v1/parties/${NOBODY}/corrections`, { application, checks: case1.ofParty, set: { name: 'Niemand' } }],
      [`/v1/parties/${NOBODY}/contacts`, { kind: 'postalAddress', value: 'Dam 1', suppliedBy: 'submitter' }],
      [`/v1/persons/${NOBODY}/links`, { to: case1.employee.id, same: true }],
      [`/v1/means/${NOBODY}/identifications`, { checks: case1.ofEmployee }],
      [`/v1/means/${NOBODY}/issuances`, { checks: case1.ofEmployee }],
      [`/v1/means/${NOBODY}/activations`, { activatedAt: at(0) }],
      [`/v1/parties/${NOBODY}/special-circumstances`, { reported: true }],
      [`/v1/authorizations/${NOBODY}/activations`, { application, checks: case1.ofEmployee, activatedAt: at(0) }],
    ] as const) {
      const answer = await writesNothing(() => supplier.command(path, body), 404);
      expect([path, answer.body['code']]).toEqual([path, expect.stringMatching(/^no-such-/)]);
    }
  });

  it('tells a wrong method from a wrong address', async () => {
    const answer = await writesNothing(() => supplier.send('DELETE', `/v1/means/${means.id}`), 405);
    expect(answer.headers.get('allow')).toContain('GET');
    await writesNothing(() => supplier.get('/v1/nothing-of-the-kind'), 404);
  });
});

describe('a registration with faults', () => {
  const register = (more: Json): Promise<Answer> =>
    writesNothing(() => supplier.command('/v1/authorizations', case1.registration(means.id, more)), 400);

  it('names every fault of form at once, nested ones too', async () => {
    const answer = await register({
      registration: 'second',
      representedParty: { party: 'nobody', name: 'x' },
      submitter: { person: case1.director.id, role: 'boss' },
      aimedLevel: 'EH5',
      nature: { rightOfSubstitution: 'no' },
      period: { from: '2026-02-30T00:00:00Z', until: 'tomorrow' },
      scope: { services: ['x'], groups: [{ id: 'g', includesLaterServices: true, extra: 1 }] },
      checks: ['one'],
    });
    expect(faultsOf(answer)).toEqual(
      [
        '/aimedLevel unknown-level',
        '/checks invalid-value',
        '/nature/actsIndependently required',
        '/nature/rightOfSubstitution wrong-type',
        '/period/from invalid-value',
        '/period/until invalid-value',
        '/registration invalid-value',
        '/representedParty/name unknown-member',
        '/representedParty/party invalid-value',
        '/scope/groups/0/extra unknown-member',
        '/scope/groups/0/id unknown-service',
        '/scope/services/0 unknown-service',
        '/submitter/role invalid-value',
      ].sort(),
    );
  });

  it('names every unknown thing at once', async () => {
    const answer = await register({
      application: NOBODY,
      representedParty: { party: NOBODY },
      submitter: { person: NOBODY, role: 'legalRepresentative' },
      authorizedParty: { person: NOBODY, means: NOBODY },
      checks: [case1.dossier[0]!, NOBODY],
      scope: {
        services: [UWV, 'urn:etoegang:DV:00000099800000009000:services:1'],
        groups: [{ id: 'no-such-group', includesLaterServices: true }],
      },
    });
    expect(faultsOf(answer)).toEqual(
      [
        '/application unknown-application',
        '/authorizedParty/means unknown-means',
        '/authorizedParty/person unknown-person',
        '/checks/1 unknown-check',
        '/representedParty/party unknown-party',
        '/scope/groups/0/id unknown-service',
        '/scope/services/1 unknown-service',
        '/submitter/person unknown-person',
      ].sort(),
    );
  });

  it('names what is unknown beside what has another form or fits nothing else, in one round', async () => {
    const answer = await register({
      representedParty: { party: NOBODY },
      authorizedParty: { person: NOBODY },
      scope: { all: true, services: ['urn:etoegang:DV:00000099800000009000:services:1'] },
      checks: [NOBODY],
      aimedLevel: 'EH5',
      colour: 'blue',
    });
    expect(faultsOf(answer)).toEqual(
      [
        '/aimedLevel unknown-level',
        '/authorizedParty invalid-value',
        '/authorizedParty/person unknown-person',
        '/checks/0 unknown-check',
        '/colour unknown-member',
        '/representedParty/party unknown-party',
        '/scope invalid-value',
        '/scope/services/0 unknown-service',
      ].sort(),
    );
  });

  it('names what is unknown beside a missing key as well', async () => {
    const answer = await writesNothing(
      () =>
        supplier.send('POST', '/v1/authorizations', {
          body: case1.registration(means.id, { representedParty: { party: NOBODY } }),
        }),
      400,
    );
    expect(faultsOf(answer)).toEqual(['/representedParty/party unknown-party', 'header /Idempotency-Key required']);
  });

  it.each<[string, Json, string]>([
    ['an unknown level', { aimedLevel: 'EH3+' }, '/aimedLevel unknown-level'],
    ['neither a person nor a party', { authorizedParty: {} }, '/authorizedParty invalid-value'],
    ['neither all nor some services', { scope: {} }, '/scope invalid-value'],
    ['an end before its start', { period: { from: at(0), until: at(-1_000) } }, '/period/until invalid-value'],
  ])('refuses %s', async (_what, more, fault) => {
    expect(faultsOf(await register(more))).toEqual([fault]);
  });

  it('refuses checks about people who are not in the dossier', async () => {
    const foreign = case2.ofEmployee[0]!;
    const answer = await register({ checks: [...case1.dossier, foreign] });
    expect(faultsOf(answer)).toEqual([`/checks/${case1.dossier.length} check-not-in-dossier`]);
  });

  it('refuses a means of another person (MEANS-05)', async () => {
    const answer = await register({ authorizedParty: { person: case2.employee.id, means: means.id } });
    expect(faultsOf(answer)).toEqual(['/authorizedParty/means means-of-another-person']);
  });

  it('leaves no refusal record when a fault of form and a no by rule come together', async () => {
    const application = await case1.desk.application('nonElectronic', ['revocation'], 1, 'writing');
    const answer = await register({ application, authorizedParty: { person: case2.employee.id, means: means.id } });
    expect(faultsOf(answer)).toContain('/authorizedParty/means means-of-another-person');
  });
});

describe('instants and dates', () => {
  const application = (receivedAt: string, more: Json = {}): Promise<Answer> =>
    supplier.command('/v1/applications', { channel: 'electronic', receivedAt, purposes: ['means'], ...more });

  it('refuses a moment in the future', async () => {
    for (const ahead of [60_000, 400 * 86_400_000]) {
      expect(faultsOf(await writesNothing(() => application(at(ahead)), 400))).toEqual([
        '/receivedAt instant-in-future',
      ]);
    }
    const issued = await case1.issued();
    const answer = await writesNothing(
      () => supplier.command(`/v1/means/${String(issued['id'])}/activations`, { activatedAt: at(60_000) }),
      400,
    );
    expect(faultsOf(answer)).toEqual(['/activatedAt instant-in-future']);
  });

  it('allows five seconds of clock difference', async () => {
    having(await application(at(2_000)), 201);
  });

  it('asks for a reason when it happened more than 31 days ago, flags it, and keeps the words sealed', async () => {
    for (const past of ['1900-01-01T00:00:00Z', at(-32 * 86_400_000)]) {
      expect(faultsOf(await writesNothing(() => application(past), 400))).toEqual([
        '/receivedAt late-entry-reason-missing',
      ]);
    }
    const late = having(await application(at(-32 * 86_400_000), { lateEntryReason: 'lay in the wrong tray' }), 201);
    expect(late.body['late']).toBe(true);
    expect(having(await application(at(-30 * 86_400_000)), 201).body['late']).toBe(false);
  });

  it.each([
    '2026-02-29T12:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01',
    '2026-01-01T00:00:00-00:00',
    '20260101T000000Z',
    'yesterday',
    '',
  ])('refuses %j as a moment', async (moment) => {
    expect(faultsOf(await writesNothing(() => application(moment), 400))).toEqual(['/receivedAt invalid-value']);
  });

  it.each(['2026-02-30', '1985-4-12', '12-04-1985', '2026-00-10'])('refuses %j as a birth date', async (birthDate) => {
    const body = { familyName: 'A', givenNames: 'B', birthDate, birthPlace: 'C' };
    expect(faultsOf(await writesNothing(() => supplier.command('/v1/persons', body), 400))).toEqual([
      '/birthDate invalid-value',
    ]);
  });
});

describe('a check with faults', () => {
  const facts = (more: Json): Json => ({
    application: case1.application,
    type: 'idDocumentStatus',
    about: { person: case1.employee.id },
    document: case1.employee.document,
    status: 'notReported',
    performedAt: at(-1_000),
    performedBy: { clerk: 'clerk-17' },
    source: { name: 'stolen-document-register', reference: 'enquiry-1' },
    ...more,
  });
  const record = (more: Json): Promise<Answer> => writesNothing(() => supplier.command('/v1/checks', facts(more)), 400);

  it.each<[string, () => Json, string]>([
    ['an unknown kind', () => ({ type: 'guess' }), '/type'],
    ['a value that its kind does not have', () => ({ status: 'perhaps' }), '/status'],
    ['a member of another kind', () => ({ agrees: true }), '/agrees'],
    ['an unknown member inside', () => ({ about: { person: case1.employee.id, name: 'x' } }), '/about/name'],
    ['somebody unknown', () => ({ about: { person: NOBODY } }), '/about/person'],
    ['an unknown application', () => ({ application: NOBODY }), '/application'],
    ['a document of somebody else', () => ({ document: case1.director.document }), '/document'],
    ['a moment in the future', () => ({ performedAt: at(60_000) }), '/performedAt'],
    ['a moment before its application came in', () => ({ performedAt: at(-3 * 3_600_000) }), '/performedAt'],
    ['an impossible date', () => ({ performedAt: '2026-02-30T10:00:00Z' }), '/performedAt'],
    ['a role word', () => ({ subject: 'submitter' }), '/subject'],
    ['nobody who did it', () => ({ performedBy: {} }), '/performedBy'],
    ['free text', () => ({ remarks: 'looked fine' }), '/remarks'],
  ])('refuses %s', async (_what, more, place) => {
    const places = faultsOf(await record(more())).map((fault) => fault.split(' ')[0]!);
    expect(places.some((found) => found.startsWith(place))).toBe(true);
  });

  it('names several faults at once', async () => {
    const places = faultsOf(await record({ status: 7, performedAt: 'x', remarks: 'y' })).map(
      (fault) => fault.split(' ')[0],
    );
    expect(places).toEqual(expect.arrayContaining(['/status', '/performedAt', '/remarks']));
  });
});

describe('other requests with faults', () => {
  it.each<[string, string, () => Json, readonly string[]]>([
    [
      'a means for nobody, of no product',
      '/v1/means',
      () => ({ application: NOBODY, holder: NOBODY, product: 'none', aimedStork: 3, party: NOBODY }),
      [
        '/application unknown-application',
        '/holder unknown-person',
        '/party unknown-party',
        '/product unknown-product',
      ],
    ],
    [
      'a STORK level that does not exist',
      '/v1/means',
      () => ({ application: case1.application, holder: case1.employee.id, product: 'password-sms', aimedStork: 5 }),
      ['/aimedStork invalid-value'],
    ],
    [
      'a revocation of nothing by nobody',
      '/v1/revocation-requests',
      () => ({
        application: NOBODY,
        object: { authorization: NOBODY, means: NOBODY },
        requester: { role: 'administrator' },
        checks: [NOBODY],
      }),
      [
        '/application unknown-application',
        '/checks/0 unknown-check',
        '/object invalid-value',
        '/object/authorization unknown-authorization',
        '/object/means unknown-means',
        '/requester/person required',
      ],
    ],
    [
      'a person without anything',
      '/v1/persons',
      () => ({ email: 'no-address' }),
      [' identifying-attribute-missing', '/email invalid-value'],
    ],
    [
      'a party with an impossible number',
      '/v1/parties',
      () => ({ kind: 'privateLegalPerson', register: 'kvk', number: '!', name: 'x', naturalPersonsBusiness: false }),
      ['/number invalid-value'],
    ],
  ])('refuses %s, every fault at once', async (_what, path, body, faults) => {
    expect(faultsOf(await writesNothing(() => supplier.command(path, body()), 400))).toEqual(faults);
  });

  it('refuses a period in which nothing is left once fractions of a second are dropped', async () => {
    const at2027 = (rest: string): string => `2027-01-01T00:00:0${rest}Z`;
    const judged = async (from: string, until: string): Promise<readonly string[]> =>
      faultsOf(
        await writesNothing(
          () => supplier.command('/v1/authorizations', case1.registration(NOBODY, { period: { from, until } })),
          400,
        ),
      );
    const unknown = '/authorizedParty/means unknown-means';
    expect(await judged(at2027('0.100'), at2027('0.900'))).toEqual([unknown, '/period/until invalid-value']);
    expect(await judged(at2027('0'), at2027('0'))).toEqual([unknown, '/period/until invalid-value']);
    expect(await judged(at2027('0.999'), at2027('1.000'))).toEqual([unknown]);
  });

  it('refuses a page that is none', async () => {
    for (const [body, fault] of [
      [{ limit: 0 }, '/limit invalid-value'],
      [{ limit: 101 }, '/limit invalid-value'],
      [{ limit: 1.5 }, '/limit invalid-value'],
      [{ limit: '1' }, '/limit wrong-type'],
      [{ after: 'nonsense' }, '/after invalid-value'],
    ] as const) {
      const answer = await writesNothing(() => supplier.ask('/v1/applications/_search', body), 400);
      expect([body, faultsOf(answer)]).toEqual([body, [fault]]);
    }
  });

  it('asks an auditor for his reason', async () => {
    const auditor = await suite.client('auditor');
    expect(faultsOf(await writesNothing(() => auditor.ask('/v1/audit/checks/_search', {}), 400))).toEqual([
      '/reason required',
    ]);
  });

  it('lets nobody name a level, a score or a row', async () => {
    for (const member of ['level', 'eh', 'scores', 'rows', 'm']) {
      const answer = await writesNothing(
        () => governance.command('/v1/authorizations', case1.registration(means.id, { [member]: 'EH4' })),
        400,
      );
      expect(faultsOf(answer)).toEqual([`/${member} unknown-member`]);
    }
  });
});

describe('replayed, altered and conflicting commands', () => {
  it('writes nothing for a replay, nor for another body under its key', async () => {
    const key = freshKey();
    const body = case1.registration(means.id, { scope: { services: [UWV] } });
    const first = having(await supplier.command('/v1/authorizations', body, key), 201);
    const before = await suite.heads();
    expect(having(await supplier.command('/v1/authorizations', body, key), 201).body).toEqual(first.body);
    expect(await suite.heads()).toEqual(before);
    const altered = await writesNothing(
      () => supplier.command('/v1/authorizations', { ...body, displayConsent: false }, key),
      409,
    );
    expect(altered.body['code']).toBe('idempotency-key-reused');
  });

  it('tells that a party of the number is on record with other details', async () => {
    const body = {
      kind: 'privateLegalPerson',
      register: 'kvk',
      number: '88000001',
      name: 'A',
      naturalPersonsBusiness: false,
    };
    having(await supplier.command('/v1/parties', body), 201);
    const answer = await writesNothing(() => supplier.command('/v1/parties', { ...body, name: 'B' }), 409);
    expect(answer.body['code']).toBe('party-exists');
  });

  it('tells that a step does not fit the state of the object', async () => {
    const again = await supplier.command(`/v1/means/${means.id}/issuances`, { checks: [] });
    expect([again.status, again.body['code']]).toEqual([409, 'means-already-issued']);
  });
});
