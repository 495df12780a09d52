import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request as httpRequest } from 'node:http';
import type { AuthorizationId, MeansId, PartyId, Pseudonym } from '#libs/kernel';
import { memoryRegister, type MemoryRegister } from './register.js';
import { PUBLIC_BASE, serve, type Serving } from './serve.js';

const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
const UWV = 'urn:etoegang:DV:00000099800000002000:services:1';

interface Answer {
  readonly decision: boolean;
  readonly context: {
    readonly id: string;
    readonly level: string | null;
    readonly requiredLevel: string | null;
    readonly eidas?: string;
    readonly reasons: readonly { readonly code: string }[];
    readonly path?: readonly string[];
    readonly ruleSet: string;
    readonly position: string;
    readonly validUntil?: string;
    readonly issuedAt: string;
    readonly requestHash: string;
  };
}

let register: MemoryRegister;
let serving: Serving;
let school: PartyId;
/** Our "alice": may act for the school at EH3. Our "bob": has a means of his own, and no authorization there. */
let alice: { means: MeansId; pseudonym: Pseudonym };
let bob: { means: MeansId; pseudonym: Pseudonym };
let authorization: AuthorizationId;

beforeAll(async () => {
  register = await memoryRegister();
  school = await register.party('69599084');
  alice = await register.means();
  bob = await register.means();
  authorization = await register.authorize(school, alice);
  serving = await serve(register);
});
afterAll(async () => {
  await serving.stop();
  await register.close();
});

const question = (more: Record<string, unknown> = {}) => ({
  subject: { type: 'means', id: alice.pseudonym },
  action: { name: 'represent', properties: { service: DUO } },
  resource: { type: 'organization', id: 'kvk:69599084' },
  ...more,
});
const ask = (body: unknown, options?: Parameters<Serving['post']>[2]) =>
  serving.post('/access/v1/evaluation', body, options);
const answer = async (body: unknown, options?: Parameters<Serving['post']>[2]): Promise<Answer> => {
  const response = await ask(body, options);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  const given = (await response.json()) as Answer;
  expect(typeof given.decision).toBe('boolean');
  expect(given.context).toEqual(expect.objectContaining({ id: expect.any(String) }));
  return given;
};

describe('certification scenario of AuthZEN, Basic Core', () => {
  it('2.2.1 permits what the register permits', async () => {
    expect((await answer(question())).decision).toBe(true);
  });

  it('2.2.2 denies what it does not', async () => {
    const denied = await answer(question({ subject: { type: 'means', id: bob.pseudonym } }));
    expect(denied.decision).toBe(false);
    expect(denied.context.reasons).toEqual([{ code: 'no-authorization' }]);
  });

  it('2.2.3 takes a context, which changes nothing', async () => {
    const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' };
    expect((await answer(question({ context }))).decision).toBe(true);
  });

  it('2.2.8 takes further properties of subject, action and resource', async () => {
    const given = await answer({
      subject: { type: 'means', id: alice.pseudonym, properties: { department: 'Sales', role: 'manager' } },
      action: { name: 'represent', properties: { service: DUO, method: 'GET' } },
      resource: { type: 'organization', id: 'kvk:69599084', properties: { status: 'active', owner: 'bob' } },
    });
    expect(given.decision).toBe(true);
  });

  it('2.2.9 passes over members that it does not know', async () => {
    expect((await answer(question({ foo: 'bar', futureField: { nested: true } }))).decision).toBe(true);
  });

  it.each(['subject', 'action', 'resource'])('2.4.1 refuses a request without %s', async (member) => {
    const { [member]: _left, ...rest } = question() as Record<string, unknown>;
    const response = await ask(rest);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer: `/${member}`, code: 'required' }] });
  });

  it.each([
    ['subject', 'type'],
    ['subject', 'id'],
    ['action', 'name'],
    ['resource', 'type'],
    ['resource', 'id'],
  ])('2.4.2 refuses a request whose %s has no %s', async (entity, member) => {
    const body = question() as Record<string, Record<string, unknown>>;
    const { [member]: _left, ...rest } = body[entity]!;
    const response = await ask({ ...body, [entity]: rest });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ pointer: `/${entity}/${member}` }] });
  });

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'application/problem+json'])(
    '2.4.3 refuses the content type %s with 400',
    async (type) => {
      const response = await ask(question(), { headers: { 'content-type': type } });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ status: 400, code: 'unsupported-media-type' });
    },
  );

  it('refuses a body that is said to be compressed with 400, and says so', async () => {
    const response = await ask(question(), { headers: { 'content-encoding': 'gzip' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'unsupported-media-type',
      detail: expect.stringContaining('Content-Encoding'),
    });
  });

  it('2.4.3 refuses a body without a content type with 400', async () => {
    expect(await statusOf(JSON.stringify(question()), {})).toBe(400);
  });

  it('2.4.4 refuses what is no JSON', async () => {
    expect((await ask('{ not json')).status).toBe(400);
  });

  it('2.4.5 refuses an empty body', async () => {
    expect((await ask('')).status).toBe(400);
    expect(await statusOf('', {})).toBe(400);
  });

  it.each([
    ['subject', 'alice'],
    ['subject', null],
    ['subject', []],
    ['action', { name: 123 }],
    ['resource', { type: 'organization', id: 1 }],
    ['context', 'now'],
    ['subject', { type: 'means', id: 'x', properties: 'y' }],
  ])('2.4.6 refuses a member of another type: %s = %j', async (member, value) => {
    expect((await ask(question({ [member]: value }))).status).toBe(400);
  });

  it('2.4.6 names every fault at once', async () => {
    const response = await ask({ subject: { type: 1 }, action: [], context: 1 });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/action',
      '/context',
      '/resource',
      '/subject/id',
      '/subject/type',
    ]);
  });

  it('2.5.1 gives X-Request-ID back, and records it', async () => {
    const id = '4bf92f35-77b3-4da6-a3ce-929d0e0e4736';
    const response = await ask(question(), { headers: { 'x-request-id': id } });
    expect(response.headers.get('x-request-id')).toBe(id);
    const { context } = (await response.json()) as Answer;
    expect(await recordOf(context.id)).toMatchObject({ data: { attributes: { 'waarborg.request_id': id } } });
  });

  it('2.5.2 needs no X-Request-ID', async () => {
    expect((await ask(question())).status).toBe(200);
    const empty = (await (await ask(question(), { headers: { 'x-request-id': '' } })).json()) as Answer;
    const { data } = (await recordOf(empty.context.id)) as { data: { attributes: object } };
    expect(data.attributes).toEqual({ 'waarborg.use': true });
  });

  it('2.6 answers the same again and again, each time with a record of its own', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => answer(question())));
    expect(answers.map(({ decision }) => decision)).toEqual([true, true, true, true]);
    expect(new Set(answers.map(({ context }) => context.id)).size).toBe(4);
  });
});

describe('certification scenario of AuthZEN, Basic Properties', () => {
  const at = (properties: object) => question({ action: { name: 'represent', properties } });

  it('2.2.4 denies because of a property of the question', async () => {
    const denied = await answer(at({ service: DUO, level: 'EH4' }));
    expect(denied.decision).toBe(false);
    expect(denied.context).toMatchObject({
      level: 'EH3',
      requiredLevel: 'EH4',
      reasons: [{ code: 'level-too-low', have: 'EH3', need: 'EH4' }],
    });
  });

  it('2.2.5 permits because of a property', async () => {
    const limited = await register.means();
    await register.authorize(school, limited, { establishments: ['000038509504'] });
    await seen();
    const here = (properties?: object) =>
      answer(
        question({
          subject: { type: 'means', id: limited.pseudonym },
          resource: { type: 'organization', id: 'kvk:69599084', ...(properties === undefined ? {} : { properties }) },
        }),
      );
    expect((await here({ establishment: '000038509504' })).decision).toBe(true);
    expect((await here({ establishment: '000038509505' })).context.reasons).toEqual([
      { code: 'outside-establishment', remedy: 'ask-administrator' },
    ]);
    expect((await here()).decision).toBe(false);
  });

  it('2.2.6 permits because of a property of the action', async () => {
    expect((await answer(at({ service: UWV, level: 'EH2+' }))).decision).toBe(true);
  });

  it('2.2.7 denies because of a property of the action', async () => {
    const denied = await answer(at({ service: 'urn:etoegang:DV:00000099800000009000:services:1' }));
    expect(denied.context.reasons).toEqual([{ code: 'unknown-service' }]);
  });
});

describe('certification scenario of AuthZEN, Discovery', () => {
  it('names its addresses from the configured base, whatever Host says', async () => {
    const metadata = await new Promise<{ status: number | undefined; type: string | undefined; text: string }>(
      (resolve, reject) => {
        const sent = httpRequest(
          `${serving.url}/.well-known/authzen-configuration`,
          { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' } },
          (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
            response.on('end', () =>
              resolve({ status: response.statusCode, type: response.headers['content-type'], text }),
            );
          },
        );
        sent.on('error', reject).end();
      },
    );
    expect(metadata.status).toBe(200);
    expect(metadata.type).toMatch(/^application\/json/);
    expect(JSON.parse(metadata.text)).toEqual({
      policy_decision_point: PUBLIC_BASE,
      access_evaluation_endpoint: `${PUBLIC_BASE}/access/v1/evaluation`,
      access_evaluations_endpoint: `${PUBLIC_BASE}/access/v1/evaluations`,
      search_subject_endpoint: `${PUBLIC_BASE}/access/v1/search/subject`,
      search_resource_endpoint: `${PUBLIC_BASE}/access/v1/search/resource`,
      search_action_endpoint: `${PUBLIC_BASE}/access/v1/search/action`,
      supported_obligations: ['step-up'],
      capabilities: [],
      signed_metadata: expect.any(String),
    });
  });
});

describe('a decision at use over HTTP', () => {
  it('says everything that a yes rests on', async () => {
    const { context } = await answer(
      question({ action: { name: 'represent', properties: { service: DUO, level: 'EH3' } } }),
    );
    expect(context).toMatchObject({
      level: 'EH3',
      requiredLevel: 'EH3',
      eidas: 'substantial',
      reasons: [],
      path: [authorization],
      ruleSet: 'eh-1.5.1',
    });
    expect(context.validUntil).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('leaves a record of the decision log with everything it rests on, and no more of the request than it knows', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { context } = await answer(
      question({
        subject: { type: 'means', id: alice.pseudonym, properties: { name: 'J. Jansen', born: '1980-01-01' } },
        context: { traceparent, time: '2020-01-01T00:00:00Z', secret: 'J. Jansen' },
      }),
    );
    const record = (await recordOf(context.id)) as { actor: object; data: Record<string, unknown> };
    expect(record).toMatchObject({ kind: 'decision', schemaVersion: 1, actor: { client: 'test' } });
    expect(record.data).toMatchObject({
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      parent_span_id: '00f067aa0ba902b7',
      span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      event_name: 'adl.access_evaluation',
      timestamp: expect.any(Number),
      status: 'Ok',
      attributes: { 'waarborg.use': true },
      body: {
        'adl.core.request': {
          subject: { type: 'means', id: alice.pseudonym },
          context: { time: '2020-01-01T00:00:00Z', traceparent },
        },
        'adl.core.response': { decision: true, context: { id: context.id } },
        'adl.core.policies': { ruleSet: 'eh-1.5.1', governance: register.backbone.governance.version },
        'adl.core.information': {
          position: expect.stringMatching(/^\d+$/),
          means: { id: alice.means, stork: 3, status: 'active' },
          party: { id: school },
          service: DUO,
          login: { stork: 3, factors: 2 },
          path: [{ authorization, m: 3, status: 'active' }],
        },
        'adl.core.configuration': { store: register.backbone.identity.store, epoch: 1 },
      },
    });
    expect(JSON.stringify(record)).not.toMatch(/Jansen|1980-01-01/);
  });

  it('does not keep an id that it can not have given out', async () => {
    const { context } = await answer(question({ subject: { type: 'means', id: '123456782' } }));
    expect(context.reasons).toEqual([{ code: 'unknown-means' }]);
    expect(JSON.stringify(await recordOf(context.id))).not.toContain('123456782');
  });

  it('keeps nothing of a question that may be about a person, wherever it was put', async () => {
    const personal = ['jan.jansen@example.nl', 'Jansen', 'J.Jansen-1980', '123456782', 'Jan Jansen'];
    for (const sent of personal) {
      const asked = [
        question({ subject: { type: sent, id: sent } }),
        question({ action: { name: sent, properties: { service: sent, level: sent } } }),
        question({ action: { name: 'represent', properties: { service: DUO, level: sent } } }),
        question({ resource: { type: sent, id: sent, properties: { establishment: sent } } }),
        question({ resource: { type: 'organization', id: `name:${sent}`, properties: { establishment: sent } } }),
        question({ resource: { type: 'organization', id: `rsin:${sent}` } }),
        question({ context: { authenticationService: sent, via: sent, time: sent, traceparent: sent } }),
        question({ context: { via: `kvk:${sent}` } }),
      ];
      for (const body of asked) {
        const response = await ask(body, { headers: { 'x-request-id': sent, 'x-correlation-id': sent } });
        expect(response.headers.get('x-request-id')).toBe(sent);
        const { context } = (await response.json()) as Answer;
        const record = await register.backbone.records.byId(context.id);
        expect([body, record!.bytes.includes(sent)]).toEqual([body, false]);
      }
    }
  });

  it('keeps an id of the caller that is one by its form, and finds any other again by a keyed hash', async () => {
    const kept = async (requestId: string): Promise<string> => {
      const { context } = await answer(question(), { headers: { 'x-request-id': requestId } });
      const { data } = (await recordOf(context.id)) as { data: { attributes: Record<string, string> } };
      return data.attributes['waarborg.request_id']!;
    };
    const ids = [
      '4bf92f35-77b3-4da6-a3ce-929d0e0e4736',
      '4BF92F35-77B3-4DA6-A3CE-929D0E0E4736',
      '01ARZ3NDEKTSV4RRFFQ69G5FAV',
      '00f067aa0ba902b7',
      '4bf92f3577b34da6a3ce929d0e0e4736',
      '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    ];
    for (const id of ids) expect(await kept(id)).toBe(id);
    const others = [
      'jan.jansen@example.nl',
      'req/42:Ae',
      '0001',
      '06-7719.7791',
      'J.Jan-1980',
      '9ARZ3NDEKTSV4RRFFQ69G5FAVX',
      `${ids[0]}0`,
      '4bf92f3577b34da6a3ce929d0e0e473',
      '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    ];
    for (const id of others) {
      expect(await register.backbone.secrets.lookupHashes('request-id', id)).toContain(await kept(id));
    }
    const hashed = await kept('jan.jansen@example.nl');
    expect(await kept('jan.jansen@example.nl')).toBe(hashed);
  });

  it('tells a stranger nothing about an organization: neither by what it says nor by how long it is', async () => {
    await register.party('12345678');
    await register.party('90000001', 'trr');
    const other = await register.means();
    const foreign = await register.party('12345679');
    await register.authorize(foreign, other);
    await seen();
    const told = async (organization: string, more: Record<string, unknown>): Promise<object> => {
      const response = await ask(question({ resource: { type: 'organization', id: organization }, ...more }));
      const text = await response.text();
      const { context } = JSON.parse(text) as Answer;
      expect((await recordOf(context.id)) !== undefined).toBe(true);
      const own = ['date', 'trace-id', 'traceparent', 'digest'];
      const signature = response.headers.get('payload-signature')!;
      const headers = [...response.headers].map(([name, value]) => [name, own.includes(name) ? '' : value.length]);
      const stripped = [context.id, context.issuedAt, context.requestHash].reduce(
        (left, each) => left.replace(each, ''),
        text,
      );
      return { status: response.status, headers, text: stripped, signed: signature.split('..')[1]!.length };
    };
    const levels = [undefined, 'EH1', 'EH4', 'EH9'];
    const services = [DUO, UWV, 'urn:else', undefined];
    const subjects = [alice.pseudonym, bob.pseudonym, '00000000-0000-4000-8000-000000000000'];
    for (const id of subjects) {
      for (const level of levels) {
        for (const service of services) {
          const more = {
            subject: { type: 'means', id },
            action: { name: 'represent', properties: { service, level, singleSignOn: true } },
          };
          const unknown = await told('kvk:99999999', more);
          expect(await told('kvk:12345678', more)).toEqual(unknown);
          expect(await told('kvk:12345679', more)).toEqual(unknown);
          expect(await told('trr:90000001', more)).toEqual(unknown);
          if (id !== alice.pseudonym) expect(await told('kvk:69599084', more)).toEqual(unknown);
        }
      }
    }
  });

  it('answers an id without its register with a no that says what form it has, whoever is on record', async () => {
    const remark = async (resource: object, more: Record<string, unknown> = {}): Promise<unknown> => {
      const { decision, context } = await answer(question({ resource, ...more }));
      expect(decision).toBe(false);
      expect(context.reasons).not.toEqual([]);
      return (context as { readonly reason_admin?: unknown }).reason_admin;
    };
    const stranger = { subject: { type: 'means', id: '00000000-0000-4000-8000-000000000000' } };
    const form = { en: expect.stringContaining('kvk:12345678'), nl: expect.stringContaining('kvk:12345678') };
    for (const id of ['69599084', '99999999', 'oin:69599084', 'kvk', '']) {
      for (const more of [{}, stranger]) expect(await remark({ type: 'organization', id }, more)).toEqual(form);
    }
    for (const id of ['kvk:99999999', 'trr:1', 'kvk:']) {
      expect(await remark({ type: 'organization', id })).toBeUndefined();
    }
    expect(await remark({ type: 'record', id: '69599084' })).toBeUndefined();
  });

  it('uses no logical time: a revoked authorization stays revoked', async () => {
    const left = await register.means();
    await register.revoke(await register.authorize(school, left));
    await seen();
    const denied = await answer(
      question({ subject: { type: 'means', id: left.pseudonym }, context: { time: '2020-01-01T00:00:00Z' } }),
    );
    expect(denied.decision).toBe(false);
    expect(denied.context.reasons).toEqual([{ code: 'authorization-revoked' }]);
    expect(denied.context.level).toBeNull();
  });

  it('answers an auditor about now, as a reading and never as use, and about then (time-travel.e2e-spec.ts)', async () => {
    const token = await serving.token('auditor');
    const now = await answer(question(), { token });
    expect(now.decision).toBe(true);
    expect(await recordOf(now.context.id)).toMatchObject({
      kind: 'reading',
      data: { attributes: { 'waarborg.use': false } },
    });
    const then = await ask(question({ context: { time: '2020-01-01T00:00:00Z' } }), { token });
    expect([then.status, ((await then.json()) as Answer).decision]).toEqual([200, false]);
  });

  it('wants a token with the scope', async () => {
    expect((await fetch(`${serving.url}/access/v1/evaluation`, { method: 'POST', body: '{}' })).status).toBe(401);
    expect((await ask(question(), { token: await serving.token('supplier') })).status).toBe(403);
  });

  it('is 503 when the record can not be written, and gives no answer', async () => {
    const { records } = register.backbone;
    const append = records.append.bind(records);
    const { StoreUnavailable } = await import('#libs/eventing');
    (records as { append: typeof append }).append = () => Promise.reject(new StoreUnavailable('away'));
    try {
      const response = await ask(question());
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).not.toBeNull();
      expect(await response.json()).not.toHaveProperty('decision');
    } finally {
      (records as { append: typeof append }).append = append;
    }
  });
});

/** Until the index has seen everything that was recorded. */
async function seen(): Promise<void> {
  expect(await register.backbone.visibility.everywhere(await register.backbone.feed.head())).toBe(true);
}

async function recordOf(id: string): Promise<unknown> {
  const record = await register.backbone.records.byId(id);
  return record === undefined ? undefined : { ...JSON.parse(record.bytes), kind: record.kind };
}

/** Status of a request whose headers are exactly these. */
async function statusOf(body: string, headers: Record<string, string>): Promise<number | undefined> {
  const token = await serving.token('network');
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${serving.url}/access/v1/evaluation`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(body), ...headers },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
