import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unless } from '#libs/testing';
import { judgedByRules, noDesignRules } from '../../contract/openapi/design-rules.js';
import { memoryRegister, type MemoryRegister } from './register.js';
import { serve, type Serving } from './serve.js';
import { FILES, outcomeOf, vectorsOf } from '../../vectors-runner/vectors.mjs';

let register: MemoryRegister;
let serving: Serving;
let token: string;

beforeAll(async () => {
  register = await memoryRegister();
  serving = await serve(register);
  token = await serving.token('operations');
});
afterAll(async () => {
  await serving.stop();
  await register.close();
});

describe('the acceptance vectors over HTTP', () => {
  it.each(FILES)('%s: every one', async (name) => {
    const vectors = vectorsOf(name);
    expect(vectors.length).toBeGreaterThan(100);
    const faults: string[] = [];
    for (const vector of vectors) {
      const response = await serving.post(`/v1/classifications/${name}`, vector.request, { token });
      const fault = outcomeOf(vector, {
        status: response.status,
        type: response.headers.get('content-type') ?? '',
        body: (await response.json()) as Record<string, unknown>,
      });
      if (fault !== undefined) faults.push(`${vector.id}: ${fault}`);
    }
    expect(faults).toEqual([]);
  });

  it('are told from wrong answers', () => {
    const [vector] = vectorsOf('validity');
    const right = { status: 200, type: 'application/json', body: { ...vector!.expected } };
    expect(outcomeOf(vector!, right)).toBeUndefined();
    expect(outcomeOf(vector!, { ...right, status: 400 })).toMatch(/status/);
    expect(outcomeOf(vector!, { ...right, body: { ...right.body, capped: 'no' } })).toMatch(/capped/);
  });
});

describe('an evaluation over HTTP', () => {
  const validity = {
    level: 'EH3',
    registeredAt: '2024-01-31T10:00:00+01:00',
    period: { from: '2024-02-01T00:00:00+01:00', until: '2034-02-01T00:00:00+01:00' },
  };
  const post = (name: string, body: unknown) => serving.post(`/v1/classifications/${name}`, body, { token });

  it('says by which rules it was judged', async () => {
    expect(await (await post('validity', validity)).json()).toMatchObject({ capped: true, ruleSet: 'eh-1.5.1' });
  });

  it('names every fault with its pointer', async () => {
    const response = await post('validity', { ...validity, registeredAt: 'soon', extra: 1, period: { from: 'x' } });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = (await response.json()) as { code: string; errors: { pointer: string }[] };
    expect(problem.code).toBe('invalid-request');
    expect(problem.errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/extra',
      '/period/from',
      '/period/until',
      '/registeredAt',
    ]);
  });

  it('LVL-01: says of a level that does not exist that it is unknown', async () => {
    const response = await post('validity', { ...validity, level: 'EH2plus' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'unknown-level',
      errors: [{ pointer: '/level', code: 'unknown-level' }],
    });
    const page = await fetch(`${serving.url}/problems/unknown-level`);
    expect(await page.json()).toMatchObject({ rule: 'LVL-01' });
  });

  it('refuses the form of requests that eh-1.5 had, and says what is asked in its place', async () => {
    const { request } = vectorsOf('authorization').find(({ id }) => id === 'iv3-met')!;
    const { checks, ...rest } = request as { checks: { type: string }[] };
    const response = await post('authorization', {
      ...rest,
      authorizedParty: { kind: 'naturalPerson', alreadyRegistered: true },
      checks: checks
        .filter(({ type }) => type !== 'specialCircumstancesCheck')
        .concat(
          { type: 'specialCircumstancesCheck', outcome: 'none' } as never,
          { type: 'specialCircumstancesCheck', asOf: '2026-03-02T11:00:00+01:00', outcome: 'found' } as never,
        ),
    });
    expect(response.status).toBe(400);
    const { code, errors } = (await response.json()) as { code: string; errors: { pointer: string; code: string }[] };
    expect(code).toBe('invalid-request');
    expect(errors.map((fault) => `${fault.pointer.replace(/\d+/, 'n')} ${fault.code}`).sort()).toEqual([
      '/authorizedParty/alreadyRegistered unknown-member',
      '/checks/n/asOf missing-member',
      '/checks/n/otherRepresentativeRegistered missing-member',
    ]);
  });

  it('MEANS-IC4: of alternative members names each, and that one will do', async () => {
    const { request } = vectorsOf('means').find(({ id }) => id === 'ic4-handed-over-only')!;
    const issuance = { form: 'afterPhysicalIdentification', identifiedAt: '2026-03-02T10:00:00+01:00' };
    const response = await post('means', { ...(request as object), issuance });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: ['/issuance/activatedAt', '/issuance/handedOutAt'].map((pointer) => ({
        pointer,
        code: 'missing-member',
      })),
    });
  });

  it.each([['[]'], ['null'], ['"x"'], ['']])('refuses the body %s', async (body) => {
    const response = await post('validity', body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid-request' });
  });

  it('takes any scope, but a token', async () => {
    for (const role of ['supplier', 'network', 'auditor'] as const) {
      const response = await serving.post('/v1/classifications/validity', validity, {
        token: await serving.token(role),
      });
      expect(response.status).toBe(200);
    }
    const nobody = await fetch(`${serving.url}/v1/classifications/validity`, { method: 'POST', body: '{}' });
    expect(nobody.status).toBe(401);
  });
});

describe('the contract', () => {
  const contract = async () => (await (await fetch(`${serving.url}/v1/openapi.json`)).json()) as OpenApi;

  it('describes requests and answers by the schema of the evaluations itself', async () => {
    const { paths, components } = await contract();
    const { requestBody, responses } = paths['/classifications/authorization']!.post!;
    expect(requestBody.content['application/json']!.schema).toEqual({
      $ref: '#/components/schemas/ClassificationAuthorizationRequest',
    });
    expect(responses['200']!.content['application/json']!.schema).toEqual({
      $ref: '#/components/schemas/ClassificationAuthorizationResult',
    });
    const checks = components.schemas['ClassificationCheck'] as { oneOf: { $ref: string }[] };
    expect(checks.oneOf.length).toBe(24);
    // Everything that is referred to is there.
    const text = JSON.stringify({ paths, components });
    for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
      expect(Object.keys(components.schemas)).toContain(name);
    }
  });

  it('says what a condition of the schema says', async () => {
    const { components } = await contract();
    expect(components.schemas['ClassificationSpecialCircumstancesCheck']).toMatchObject({
      if: { properties: { outcome: { const: 'found' } } },
      then: { required: ['otherRepresentativeRegistered'] },
    });
  });

  unless(noDesignRules()).it('passes the linter of the NL GOV API Design Rules', async () => {
    expect(await judgedByRules(await contract())).toEqual([]);
  });
});

interface Content {
  readonly content: Readonly<Record<string, { readonly schema: unknown }>>;
}
interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      { readonly post?: { readonly requestBody: Content; readonly responses: Readonly<Record<string, Content>> } }
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}
