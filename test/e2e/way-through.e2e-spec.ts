import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from './support/api.js';
import { at, DUO, paperCase, question, type IssuedMeans, type PaperCase } from './support/case.js';
import { faultsOf, freshKey, having, type Answer, type Client } from './support/client.js';
import { startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

let suite: TestSuite;
let supplier: Client;
let network: Client;
let auditor: Client;
let case1: PaperCase;
let means: IssuedMeans;
let login: IssuedMeans;

beforeAll(async () => {
  suite = await startSuite();
  [supplier, network, auditor] = await Promise.all([
    suite.client('supplier'),
    suite.client('network'),
    suite.client('auditor'),
  ]);
  case1 = await paperCase(supplier);
  means = await case1.means();
  login = await case1.means();
});
afterAll(() => suite.end());

/** A command's first answer has everything interfaces.md §2 and §3 promise; the same again replays it exactly. */
async function commandOnce(path: string, body: Json, status: 200 | 201, collection?: string): Promise<Answer> {
  const key = freshKey();
  const first = having(await supplier.command(path, body, key), status);
  expect(first.body['position']).toEqual(expect.any(String));
  expect(first.headers.get('etag')).toMatch(/^"\d+"$/);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(first.headers.get('api-version')).toMatch(/^\d+\.\d+\.\d+$/);
  if (status === 201) expect(first.headers.get('location')).toBe(`${collection ?? path}/${String(first.body['id'])}`);
  await replays(path, body, key, first);
  const other = await supplier.command(path, { ...body, ...otherBody(body) }, key);
  expect([other.status, other.body['code']]).toEqual([409, 'idempotency-key-reused']);
  return first;
}

async function replays(path: string, body: Json, key: string, first: Answer): Promise<void> {
  const again = await supplier.command(path, body, key);
  expect(again.status).toBe(first.status);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expect(again.body).toEqual(first.body);
}

/** Changes a body so that it stays one that could be accepted. */
function otherBody(body: Json): Json {
  if ('receivedAt' in body) return { receivedAt: at(-5_000) };
  if ('performedAt' in body) return { performedBy: { clerk: 'clerk-18' } };
  if ('familyName' in body) return { givenNames: 'Otherwise' };
  if ('number' in body) return { expiresOn: '2032-01-01' };
  if ('aimedStork' in body) return { aimedStork: 2 };
  if ('aimedLevel' in body) return { acceptLower: true };
  if ('activatedAt' in body) return { activatedAt: at(-2_000) };
  if ('requester' in body) return { checks: [] };
  if ('reported' in body) return { reported: body['reported'] !== true };
  if ('checks' in body) return { checks: [...(body['checks'] as string[])].slice(1) };
  throw new Error(`no other body for ${JSON.stringify(body)}`);
}

/** Reads an object by its path: what the command answered, without the position. */
async function shows(path: string, answered: Json): Promise<Answer> {
  const { position, ...object } = answered;
  const got = having(await supplier.get(`${path}?after=${encodeURIComponent(position as string)}`), 200);
  expect(got.headers.get('etag')).toMatch(/^"\d+"$/);
  expect(got.body).toEqual(object);
  return got;
}

describe('the way through: archive', () => {
  it('records an application and shows it', async () => {
    const body = {
      channel: 'electronic',
      medium: 'other',
      receivedAt: at(-60_000),
      purposes: ['activation', 'revocation'],
    };
    const made = await commandOnce('/v1/applications', body, 201);
    const nothingYet = { checks: [], means: [], authorizations: [], revocationRequests: [] };
    await shows(`/v1/applications/${String(made.body['id'])}`, { ...made.body, ...nothingYet });
  });

  it('takes any offset and answers in UTC with milliseconds', async () => {
    const moment = new Date(Date.now() - 3_600_000);
    const local = `${new Date(moment.getTime() + 2 * 3_600_000).toISOString().slice(0, 19)}+02:00`;
    const { body } = having(
      await supplier.command('/v1/applications', { channel: 'electronic', receivedAt: local, purposes: ['means'] }),
      201,
    );
    expect(body['receivedAt']).toBe(`${moment.toISOString().slice(0, 19)}.000Z`);
  });

  it('records a check and shows it to the clerks; an auditor reads it where his reading is recorded', async () => {
    const body = {
      application: case1.application,
      type: 'idDocumentStatus',
      about: { person: case1.employee.id },
      document: case1.employee.document,
      status: 'notReported',
      performedAt: at(-60_000),
      performedBy: { clerk: 'clerk-17' },
      source: { name: 'stolen-document-register', reference: 'enquiry-1' },
    };
    const made = await commandOnce('/v1/checks', body, 201);
    await shows(`/v1/checks/${String(made.body['id'])}`, made.body);
    having(await auditor.get(`/v1/checks/${String(made.body['id'])}`), 403);
  });
});

describe('the way through: issuance', () => {
  it('registers a person with a document, and replays both after more was recorded', async () => {
    const body = { familyName: 'Wayfarer', givenNames: 'Willem', birthDate: '1970-05-06', birthPlace: 'Ee' };
    const key = freshKey();
    const made = having(await supplier.command('/v1/persons', body, key), 201);
    const path = `/v1/persons/${String(made.body['id'])}`;
    await shows(path, made.body);
    const document = { documentType: 'passport', number: 'WAY12345', issuingState: 'NLD', expiresOn: '2031-03-09' };
    const documentKey = freshKey();
    const withOne = having(await supplier.command(`${path}/documents`, document, documentKey), 201);
    const second = having(await supplier.command(`${path}/documents`, { ...document, number: 'WAY99999' }), 201);
    expect(second.body['documents']).toHaveLength(2);
    expect(withOne.body['documents']).toHaveLength(1);
    await replays('/v1/persons', body, key, made);
    await replays(`${path}/documents`, document, documentKey, withOne);
    await shows(path, second.body);
  });

  it('records a second person with the same attributes as unresolved until a clerk links them', async () => {
    const body = { familyName: 'Dubbel', givenNames: 'Doortje', birthDate: '1971-05-06', birthPlace: 'Ee' };
    const one = having(await supplier.command('/v1/persons', body), 201).body;
    const two = having(await supplier.command('/v1/persons', { ...body, familyName: ' DÚBBEL ' }), 201).body;
    expect(one['duplicate']).toBe('none');
    expect(two).toMatchObject({ duplicate: 'unresolved', duplicateOf: one['id'] });
    const linked = await supplier.command(`/v1/persons/${String(two['id'])}/links`, { to: one['id'], same: true });
    expect(having(linked, 200).body).toMatchObject({ duplicate: 'linked', duplicateOf: one['id'] });
  });

  it('takes a means from application to activation, each step replaying its own first answer', async () => {
    const steps: { path: string; body: Json; key: string; first: Answer }[] = [];
    const step = async (path: string, body: Json, status: number): Promise<Json> => {
      const key = freshKey();
      const first = having(await supplier.command(path, body, key), status);
      steps.push({ path, body, key, first });
      return first.body;
    };
    const applied = await step(
      '/v1/means',
      { application: case1.application, holder: case1.employee.id, product: 'password-sms', aimedStork: 3 },
      201,
    );
    const path = `/v1/means/${String(applied['id'])}`;
    expect(applied).toMatchObject({ status: 'applied', aimedStork: 3 });
    expect(applied['stork']).toBeUndefined();
    const identified = await step(`${path}/identifications`, { checks: case1.ofEmployee }, 200);
    expect(identified).toMatchObject({ status: 'identified', scores: { ID: 3 }, ruleSet: 'eh-1.5.1' });
    const delivery = await case1.desk.check(
      case1.application,
      { type: 'meansDelivery', about: { means: applied['id'] }, form: 'registeredLetter', addressValidated: true },
      1,
    );
    const issued = await step(`${path}/issuances`, { checks: [delivery] }, 200);
    expect(issued).toMatchObject({ status: 'issued', stork: 3, pseudonym: applied['pseudonym'] });
    const activated = await step(`${path}/activations`, { activatedAt: at(0) }, 200);
    expect(activated).toMatchObject({ status: 'active', stork: 3 });
    await shows(path, activated);
    for (const { path: where, body, key, first } of steps) await replays(where, body, key, first);
  });

  it('lists the means products in force', async () => {
    const { body } = having(await supplier.get('/v1/means-products'), 200);
    expect((body['items'] as Json[]).map(({ id }) => id)).toContain('password-sms');
  });
});

describe('the way through: registration', () => {
  it('registers a party once per number', async () => {
    const body = {
      kind: 'privateLegalPerson',
      register: 'kvk',
      number: '89000001',
      name: 'Test Vereniging',
      naturalPersonsBusiness: false,
    };
    const key = freshKey();
    const made = having(await supplier.command('/v1/parties', body, key), 201);
    expect(made.headers.get('location')).toBe(`/v1/parties/${String(made.body['id'])}`);
    await shows(`/v1/parties/${String(made.body['id'])}`, made.body);
    await replays('/v1/parties', body, key, made);
    // The same facts from somebody else are the same party; other facts are not.
    const same = having(await supplier.command('/v1/parties', body), 201);
    expect(same.body['id']).toBe(made.body['id']);
    const other = await supplier.command('/v1/parties', { ...body, name: 'Another' });
    expect([other.status, other.body['code']]).toEqual([409, 'party-exists']);
    // Which it is: whoever registers parties may read them all.
    expect(other.body['errors']).toMatchObject([{ code: 'party-exists', party: made.body['id'] }]);
  });

  it('marks special circumstances and clears them, replaying each as it was', async () => {
    const body = {
      kind: 'privateLegalPerson',
      register: 'kvk',
      number: '89000002',
      name: 'Test Vereniging Twee',
      naturalPersonsBusiness: false,
    };
    const registeredKey = freshKey();
    const registered = having(await supplier.command('/v1/parties', body, registeredKey), 201);
    const path = `/v1/parties/${String(registered.body['id'])}/special-circumstances`;
    const reportedKey = freshKey();
    const reported = having(await supplier.command(path, { reported: true }, reportedKey), 200);
    expect(reported.body['specialCircumstances']).toBe(true);
    const unproven = await supplier.command(path, { reported: false });
    expect(faultsOf(unproven)).toEqual(['/checks required']);
    const look = await case1.desk.check(
      await case1.desk.application('nonElectronic', ['change'], 5, 'writing'),
      {
        type: 'specialCircumstancesCheck',
        about: { party: registered.body['id'] },
        outcome: 'none',
        source: { name: 'insolvency-register', reference: 'enquiry-1' },
      },
      1,
    );
    const clearing = { reported: false, checks: [look] };
    const clearedKey = freshKey();
    const cleared = having(await supplier.command(path, clearing, clearedKey), 200);
    expect(cleared.body['specialCircumstances']).toBe(false);
    await replays(path, clearing, clearedKey, cleared);
    await replays(path, { reported: true }, reportedKey, reported);
    await replays('/v1/parties', body, registeredKey, registered);
  });

  it('registers an authorization at the level that its checks earn (REG-01)', async () => {
    const made = await commandOnce('/v1/authorizations', case1.registration(means.id), 201);
    expect(made.body).toMatchObject({
      status: 'active',
      eh: 'EH3',
      m: 3,
      aimedLevel: 'EH3',
      ruleSet: 'eh-1.5.1',
      representedParty: case1.party,
      authorizedParty: { person: case1.employee.id, means: means.id, pseudonym: means.pseudonym },
      scope: { all: false, services: [DUO], groups: [] },
    });
    await shows(`/v1/authorizations/${String(made.body['id'])}`, made.body);
  });

  it('lets the authorized person activate what awaits it, and replays both steps afterwards', async () => {
    const own = await case1.means();
    const body = case1.registration(own.id, { awaitsActivation: true });
    const key = freshKey();
    const registered = having(await supplier.command('/v1/authorizations', body, key), 201);
    expect(registered.body['status']).toBe('awaitingActivation');
    const before = having(await network.ask('/access/v1/evaluation', question(own.pseudonym, case1.organization)), 200);
    expect(before.body['decision']).toBe(false);

    const application = await case1.desk.application('electronic', ['activation'], 1);
    const check = await case1.desk.check(
      application,
      { type: 'authentication', about: { person: case1.employee.id }, means: own.id, level: 'EH3', at: at(0) },
      0,
    );
    const path = `/v1/authorizations/${String(registered.body['id'])}/activations`;
    const activated = await commandOnce(path, { application, checks: [check], activatedAt: at(0) }, 200);
    expect(activated.body['status']).toBe('active');
    await replays('/v1/authorizations', body, key, registered);
  });

  it('replays a registration that was not yet valid as it was answered, also when its period has begun', async () => {
    const own = await case1.means();
    /** One that was answered before its period began: on a busy machine that has to be later. */
    const ahead = async (milliseconds: number): Promise<{ body: Json; key: string; first: Answer }> => {
      const body = case1.registration(own.id, { period: { from: at(milliseconds), until: at(86_400_000) } });
      const key = freshKey();
      const first = having(await supplier.command('/v1/authorizations', body, key), 201);
      return first.body['status'] === 'notYetValid' ? { body, key, first } : ahead(2 * milliseconds);
    };
    const { body, key, first } = await ahead(700);
    const path = `/v1/authorizations/${String(first.body['id'])}`;
    await until('it is valid', async () => (await supplier.get(path)).body['status'] === 'active');
    await replays('/v1/authorizations', body, key, first);
  });

  it('lists the services of the catalogue', async () => {
    const { body } = having(await supplier.get('/v1/services'), 200);
    expect((body['items'] as Json[]).map(({ id }) => id)).toContain(DUO);
  });
});

describe('the way through: revocation', () => {
  it('revokes an authorization, and replays the registration as it was answered', async () => {
    const own = await case1.means();
    const body = case1.registration(own.id);
    const key = freshKey();
    const registered = having(await supplier.command('/v1/authorizations', body, key), 201);
    const id = registered.body['id'] as string;
    const ask = (): Promise<Answer> =>
      network.ask('/access/v1/evaluation', question(own.pseudonym, case1.organization));
    // Only an end is waited for (interfaces.md §8); a beginning may take a moment.
    await until('the decision is yes', async () => (await ask()).body['decision'] === true);

    const made = await commandOnce(
      '/v1/revocation-requests',
      await case1.revocation({ authorization: id }, login.id),
      201,
    );
    expect(made.body).toMatchObject({ status: 'effected', immediate: true, alreadyRevoked: false });
    expect((await ask()).body['decision']).toBe(false);
    await shows(`/v1/revocation-requests/${String(made.body['id'])}`, made.body);
    expect((await supplier.get(`/v1/authorizations/${id}`)).body['status']).toBe('revoked');
    await replays('/v1/authorizations', body, key, registered);

    const second = await supplier.command(
      '/v1/revocation-requests',
      await case1.revocation({ authorization: id }, login.id),
    );
    expect(having(second, 201).body).toMatchObject({ status: 'effected', alreadyRevoked: true });
  });

  it('revokes a means, and replays its activation as it was answered', async () => {
    const own = await case1.means();
    await case1.authorize(own.id);
    const activation = { activatedAt: at(0) };
    const request = await case1.revocation({ means: own.id }, login.id);
    const made = await commandOnce('/v1/revocation-requests', request, 201);
    expect(made.body).toMatchObject({ status: 'effected', object: { means: own.id } });
    expect((await supplier.get(`/v1/means/${own.id}`)).body['status']).toBe('revoked');
    const late = await supplier.command(`/v1/means/${own.id}/activations`, activation);
    expect([late.status, late.body['code']]).toEqual([409, 'means-revoked']);
    const asked = await network.ask('/access/v1/evaluation', question(own.pseudonym, case1.organization));
    expect(asked.body['decision']).toBe(false);
  });

  it('keeps a request that is refused, as an object with its codes', async () => {
    const own = await case1.means();
    const authorization = await case1.authorize(own.id);
    const request = { ...(await case1.revocation({ authorization: authorization['id'] }, login.id)), checks: [] };
    const made = await commandOnceRefused(request);
    expect(made.body['status']).toBe('refused');
    expect(made.body['codes']).not.toEqual([]);
    await shows(`/v1/revocation-requests/${String(made.body['id'])}`, made.body);
    const ask = (): Promise<Answer> =>
      network.ask('/access/v1/evaluation', question(own.pseudonym, case1.organization));
    await until('the decision is yes', async () => (await ask()).body['decision'] === true);
  });

  async function commandOnceRefused(body: Json): Promise<Answer> {
    const key = freshKey();
    const first = having(await supplier.command('/v1/revocation-requests', body, key), 201);
    await replays('/v1/revocation-requests', body, key, first);
    return first;
  }
});

describe('retries and preconditions', () => {
  it('leaves the key of a refused command free', async () => {
    const key = freshKey();
    const own = await case1.means();
    const short = case1.dossier.filter((id) => id !== case1.documentStatusOfDirector);
    const refused = await supplier.command('/v1/authorizations', case1.registration(own.id, { checks: short }), key);
    expect([refused.status, refused.body['code']]).toEqual([409, 'level-not-reached']);
    const invalid = await supplier.command(
      '/v1/authorizations',
      case1.registration(own.id, { aimedLevel: 'EH9' }),
      key,
    );
    expect(invalid.status).toBe(400);
    const accepted = await supplier.command('/v1/authorizations', case1.registration(own.id), key);
    expect(having(accepted, 201).headers.get('idempotency-replayed')).toBeNull();
  });

  it('keeps the keys of two clients apart', async () => {
    const key = freshKey();
    const other = await suite.client('supplier', 'another-office');
    const body = { channel: 'electronic', receivedAt: at(-1_000), purposes: ['means'] };
    const mine = having(await supplier.command('/v1/applications', body, key), 201).body;
    const theirs = having(await other.command('/v1/applications', body, key), 201).body;
    expect(theirs['id']).not.toBe(mine['id']);
  });

  it('makes one object of many simultaneous retries', async () => {
    const key = freshKey();
    const body = { channel: 'electronic', receivedAt: at(-1_000), purposes: ['means'] };
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => supplier.command('/v1/applications', body, key)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body: made }) => made['id'])).size).toBe(1);
    expect(new Set(answers.map(({ body: made }) => made['position'])).size).toBe(1);
  });

  it('honors If-Match', async () => {
    const applied = having(
      await supplier.command('/v1/means', {
        application: case1.application,
        holder: case1.employee.id,
        product: 'password-sms',
        aimedStork: 3,
      }),
      201,
    );
    const path = `/v1/means/${String(applied.body['id'])}/identifications`;
    const body = { checks: case1.ofEmployee };
    const before = await suite.heads();
    const stale = await supplier.command(path, body, freshKey(), { 'if-match': '"7"' });
    expect([stale.status, stale.body['code']]).toEqual([412, 'precondition-failed']);
    expect(await suite.heads()).toEqual(before);
    const key = freshKey();
    const right = await supplier.command(path, body, key, { 'if-match': applied.headers.get('etag')! });
    having(right, 200);
    // A retry meets its own first answer, although the object has moved on since.
    const retried = await supplier.command(path, body, key, { 'if-match': applied.headers.get('etag')! });
    expect(having(retried, 200).body).toEqual(right.body);
  });

  it('refuses a position of another store, in the address and in a body', async () => {
    const foreign = having(
      await (
        await secondStore()
      ).command('/v1/applications', {
        channel: 'electronic',
        receivedAt: at(-1_000),
        purposes: ['means'],
      }),
      201,
    ).body['position'] as string;
    const read = await supplier.get(`/v1/applications/${case1.application}?after=${encodeURIComponent(foreign)}`);
    expect([read.status, faultsOf(read)]).toEqual([400, ['query /after foreign-position']]);
    const search = await supplier.ask('/v1/applications/_search', { after: foreign });
    expect([search.status, faultsOf(search)]).toEqual([400, ['/after foreign-position']]);
  });

  let other: TestSuite | undefined;
  const secondStore = async (): Promise<Client> => {
    other = await startSuite();
    return other.client('supplier');
  };
  afterAll(() => other?.end());
});

describe('searching', () => {
  const COLLECTIONS = ['applications', 'means', 'parties', 'authorizations', 'revocation-requests'] as const;

  it.each(COLLECTIONS)('pages through %s, newest first, every object once', async (collection) => {
    const path = `/v1/${collection}/_search`;
    const whole = having(await supplier.ask(path, { limit: 100 }), 200).body;
    const all = (whole['items'] as Json[]).map(({ id }) => id);
    expect(all.length).toBeGreaterThan(2);
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page: Json = having(
        await supplier.ask(path, { limit: 2, ...(cursor === undefined ? {} : { cursor }) }),
        200,
      ).body;
      const items = page['items'] as Json[];
      expect(items.length).toBeLessThanOrEqual(2);
      seen.push(...items.map(({ id }) => id));
      cursor = (page['next'] as string | null) ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(all);
  });

  it('shows the newest first, and what a position promises', async () => {
    for (let count = 0; count < 5; count++) {
      const made = having(
        await supplier.command('/v1/applications', {
          channel: 'electronic',
          receivedAt: at(-1_000),
          purposes: ['upgrade'],
        }),
        201,
      ).body;
      const page = having(
        await supplier.ask('/v1/applications/_search', { purpose: 'upgrade', limit: 1, after: made['position'] }),
        200,
      ).body;
      expect((page['items'] as Json[])[0]!['id']).toBe(made['id']);
    }
  });

  it('refuses a cursor that was altered, or is of another list or filter', async () => {
    const page = having(await supplier.ask('/v1/applications/_search', { limit: 1 }), 200).body;
    const cursor = page['next'] as string;
    const altered = `${cursor.slice(0, 20)}${cursor[20] === 'A' ? 'B' : 'A'}${cursor.slice(21)}`;
    for (const [path, body] of [
      ['/v1/applications/_search', { cursor: altered }],
      ['/v1/applications/_search', { cursor: 'nonsense' }],
      ['/v1/applications/_search', { cursor, channel: 'electronic' }],
      ['/v1/means/_search', { cursor }],
    ] as const) {
      const answer = await supplier.ask(path, body);
      expect([answer.status, faultsOf(answer)]).toEqual([400, ['/cursor invalid-cursor']]);
    }
  });

  it('filters by what it is asked', async () => {
    const found = having(
      await supplier.ask('/v1/means/_search', { holder: case1.employee.id, status: 'revoked' }),
      200,
    );
    expect((found.body['items'] as Json[]).map(({ status }) => status)).toEqual(['revoked']);
    const parties = having(await supplier.ask('/v1/parties/_search', { register: 'kvk', number: '89000002' }), 200);
    expect(parties.body['items']).toHaveLength(1);
    const effected = having(
      await supplier.ask('/v1/revocation-requests/_search', { means: (found.body['items'] as Json[])[0]!['id'] }),
      200,
    );
    expect(effected.body['items']).toMatchObject([{ status: 'effected' }]);
  });

  it('shows an auditor the checks behind an authorization', async () => {
    const authorization = await case1.authorize((await case1.means()).id);
    const found = having(
      await auditor.ask('/v1/audit/checks/_search', {
        reason: 'sample',
        authorization: authorization['id'],
        after: authorization['position'],
        limit: 100,
      }),
      200,
    );
    const ids = (found.body['items'] as Json[]).map(({ id }) => id as string);
    expect(ids.sort()).toEqual([...case1.dossier].sort());
  });
});
