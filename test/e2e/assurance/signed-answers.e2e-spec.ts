import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLocalJWKSet, flattenedVerify, jwtVerify, type JSONWebKeySet } from 'jose';
import type { MeansId, Pseudonym } from '#libs/kernel';
import { unless } from '#libs/testing';
import { page } from '../../contract/docs/markdown.js';
import { memoryRegister, type MemoryRegister } from './register.js';
import { PUBLIC_BASE, serve, type Serving } from './serve.js';

const DUO = 'urn:etoegang:DV:00000099800000001000:services:1';
const UWV = 'urn:etoegang:DV:00000099800000002000:services:1';

let register: MemoryRegister;
let serving: Serving;
let holder: { means: MeansId; pseudonym: Pseudonym };

beforeAll(async () => {
  register = await memoryRegister();
  holder = await register.means();
  await register.authorize(await register.party('69599084'), holder);
  serving = await serve(register);
});
afterAll(async () => {
  await serving.stop();
  await register.close();
});

const question = (level?: string, service = DUO) => ({
  subject: { type: 'means', id: holder.pseudonym },
  action: { name: 'represent', properties: { service, ...(level === undefined ? {} : { level }) } },
  resource: { type: 'organization', id: 'kvk:69599084' },
});

/** An answer as it came over the wire, with the question as it went. */
interface Shown {
  readonly question: string;
  readonly body: string;
  readonly digest: string;
  readonly signature: string;
}

async function shown(asked: string, options: Parameters<Serving['post']>[2] = {}): Promise<Shown> {
  const response = await serving.post('/access/v1/evaluation', asked, options);
  expect(response.status).toBe(200);
  return {
    question: asked,
    body: await response.text(),
    digest: response.headers.get('digest')!,
    signature: response.headers.get('payload-signature')!,
  };
}

const keysOf = async (at: Serving = serving): Promise<JSONWebKeySet> =>
  (await (await fetch(`${at.url}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/** What somebody finds who is shown an answer; nothing: it is to be believed. */
async function faultsOf({ question: asked, body, digest, signature }: Shown, audience = 'test'): Promise<string[]> {
  const [protectedHeader, bytes] = signature.split('..') as [string, string];
  const isSigned = await flattenedVerify(
    { protected: protectedHeader, payload: `digest: ${digest}`, signature: bytes },
    createLocalJWKSet(await keysOf()),
    { crit: { sigD: true, sigT: true } },
  ).then(
    () => true,
    () => false,
  );
  const { context } = JSON.parse(body) as { context: Record<string, unknown> };
  return [
    ...(isSigned ? [] : ['not signed by us']),
    ...(digest === `SHA-256=${sha256(body)}` ? [] : ['another body']),
    ...(context['issuer'] === PUBLIC_BASE ? [] : ['another issuer']),
    ...(context['audience'] === audience ? [] : ['given to another']),
    ...(context['requestHash'] === `sha-256=${sha256(asked)}` ? [] : ['another question']),
  ];
}

describe('a signed answer', () => {
  it('carries the same protection at every level, as a yes and as a no (LVL-14)', async () => {
    const levels = ['EH1', 'EH2', 'EH2+', 'EH3', 'EH4'];
    const answers = await Promise.all(levels.map((level) => shown(JSON.stringify(question(level, UWV)))));
    expect(answers.map(({ body }) => (JSON.parse(body) as { decision: boolean }).decision)).toEqual([
      ...[true, true, true, true, false],
    ]);
    for (const each of answers) expect(await faultsOf(each)).toEqual([]);
    const forms = answers.map(({ digest, signature }) => {
      const [header, bytes] = signature.split('..') as [string, string];
      const { sigT: _second, ...form } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { sigT: string };
      return { form, bytes: bytes.length, digest: digest.length };
    });
    expect(new Set(forms.map((form) => JSON.stringify(form))).size).toBe(1);
    expect(forms[0]!.form).toMatchObject({
      alg: 'ES256',
      sigD: { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: ['digest'] },
    });
  });

  it('says whose it is, to whom, when and to which question', async () => {
    const before = new Date().toISOString();
    const { body } = await shown(JSON.stringify(question()));
    const { context } = JSON.parse(body) as { context: Record<string, string> };
    expect(context).toMatchObject({ issuer: PUBLIC_BASE, audience: 'test' });
    expect(context['requestHash']).toBe(`sha-256=${sha256(JSON.stringify(question()))}`);
    expect(context['issuedAt']! >= before && context['issuedAt']! <= new Date().toISOString()).toBe(true);
  });

  it('can not be shown for another question, to another, or with another body (LVL-14)', async () => {
    const yes = await shown(JSON.stringify(question('EH3')));
    const no = await shown(JSON.stringify(question('EH4')));
    expect(await faultsOf({ ...yes, question: no.question })).toEqual(['another question']);
    expect(await faultsOf(yes, 'somebody-else')).toEqual(['given to another']);
    const changed = yes.body.replace(sha256(yes.question), sha256(no.question));
    expect(await faultsOf({ ...yes, question: no.question, body: changed })).toEqual(['another body']);
    const digest = `SHA-256=${sha256(changed)}`;
    expect(await faultsOf({ ...yes, question: no.question, body: changed, digest })).toEqual(['not signed by us']);
    // The bytes as they came count, not what they mean.
    const spaced = JSON.stringify(question('EH3'), null, 2);
    expect(await faultsOf({ ...yes, question: spaced })).toEqual(['another question']);
    expect(await faultsOf(await shown(spaced))).toEqual([]);
  });

  it('names where it was asked: one body is another question at another endpoint (LVL-14)', async () => {
    const asked = JSON.stringify(question());
    const metadata = (await (await fetch(`${serving.url}/.well-known/authzen-configuration`)).json()) as object;
    const endpoints = Object.entries(metadata).filter(([name]) => name.endsWith('_endpoint'));
    expect(endpoints).toHaveLength(5);
    for (const [, endpoint] of endpoints as [string, string][]) {
      const response = await serving.post(new URL(endpoint).pathname, asked);
      const { context } = (await response.json()) as { context: Record<string, string> };
      expect([context['endpoint'], context['requestHash']]).toEqual([endpoint, `sha-256=${sha256(asked)}`]);
    }
  });

  it('is the same on every way through the server, and for an auditor', async () => {
    const asked = JSON.stringify(question());
    const token = await serving.token('auditor');
    const ways: Parameters<Serving['post']>[2][] = [
      {},
      { headers: { 'content-type': 'application/json; charset=utf-8' } },
      { headers: { 'content-type': 'application/json;charset=UTF-8' } },
      { headers: { 'content-type': 'application/json; version=1' } },
      { token },
      { token },
    ];
    for (const way of ways) expect([way, await faultsOf(await shown(asked, way))]).toEqual([way, []]);
  });

  it('is not given where it can not be signed, nor is a refusal signed', async () => {
    const refused = await serving.post('/access/v1/evaluation', '{}');
    expect(refused.status).toBe(400);
    expect([refused.headers.get('digest'), refused.headers.get('payload-signature')]).toEqual([null, null]);
  });

  it('leaves the hash of the question out of its record, by which what is not kept could be guessed', async () => {
    const { body, question: asked } = await shown(JSON.stringify(question()));
    const { context } = JSON.parse(body) as { context: { id: string; requestHash: string } };
    const record = await register.backbone.records.byId(context.id);
    expect(record!.bytes).toContain(`"audience":"test"`);
    expect(record!.bytes).not.toContain(sha256(asked));
  });
});

/** Whether the tools of the page are there: `openssl` in a shell. */
const noOpenssl = (): string | undefined => {
  try {
    execFileSync('bash', ['-c', 'openssl version && awk 1 < /dev/null && od < /dev/null'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no openssl in a shell here';
  }
};

unless(noOpenssl()).describe('the check with openssl alone, as docs/decisions.md has it', () => {
  const [script, ...more] = [...page('docs/decisions.md').text.matchAll(/<!-- check -->\n\n```sh\n([^]*?)```/g)].map(
    ([, block]) => block!,
  );
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waarborg-answer-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const check = async ({ question: asked, body, digest, signature }: Shown): Promise<string> => {
    const headers = `HTTP/1.1 200 OK\r\nDate: now\r\nDigest: ${digest}\r\nPayload-Signature: ${signature}\r\n\r\n`;
    const files = {
      'question.json': asked,
      'answer.json': body,
      'headers.txt': headers,
      'jwks.json': JSON.stringify(await keysOf()),
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return promisify(execFile)('bash', ['-uc', script!], { cwd: folder }).then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    );
  };

  it('verifies an answer, again and again, and no other (LVL-14)', async () => {
    expect(more).toEqual([]);
    // Numbers that begin with a zero or a high bit are written otherwise in ASN.1.
    for (let nr = 0; nr < 8; nr++) {
      expect(await check(await shown(JSON.stringify(question('EH3'))))).toBe('Verified OK\n');
    }
    const yes = await shown(JSON.stringify(question('EH3')));
    const no = await shown(JSON.stringify(question('EH4')));
    expect(await check({ ...yes, question: no.question })).toBe('another question\nVerified OK\n');
    expect(await check({ ...no, body: yes.body })).toBe('another body\nanother question\nVerification failure\n');
    const forged = no.body.replace('"decision":false', '"decision":true');
    const digest = `SHA-256=${sha256(forged)}`;
    expect(await check({ ...no, body: forged, digest })).toBe('Verification failure\n');
  });
});

describe('the keys of signed answers', () => {
  it.each([
    ['they can not be read', () => Promise.reject(new Error('others may read it'))],
    ['there is none', () => Promise.resolve([])],
  ])('are 503 that nobody keeps while %s (LVL-14)', async (_what, verification) => {
    const answerKeys = register.backbone.answerKeys as { verification: () => Promise<unknown> };
    const before = answerKeys.verification;
    answerKeys.verification = verification;
    try {
      const response = await fetch(`${serving.url}/.well-known/jwks.json`);
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([503, 'unavailable']);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('retry-after')).toBe('1');
    } finally {
      answerKeys.verification = before;
    }
  });

  it('are open to all, may be kept for a while, and hold nothing secret (LVL-14)', async () => {
    const response = await fetch(`${serving.url}/.well-known/jwks.json`);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(await response.json()).toEqual({
      keys: [
        {
          ...{ kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
          ...{ kid: expect.stringMatching(/^answer-es256-1-/), alg: 'ES256', use: 'sig' },
        },
      ],
    });
  });

  it('sign the metadata as well, in the name of the public base', async () => {
    const { signed_metadata: token, ...plain } = (await (
      await fetch(`${serving.url}/.well-known/authzen-configuration`)
    ).json()) as { signed_metadata: string };
    const { payload } = await jwtVerify(token, createLocalJWKSet(await keysOf()), { issuer: PUBLIC_BASE });
    expect(payload).toEqual({ ...plain, iss: PUBLIC_BASE, iat: expect.any(Number) });
  });

  it('are those of PS256 where the installation says so, beside those before', async () => {
    const other = await memoryRegister({ answerAlgorithm: 'PS256' });
    const there = await serve(other);
    try {
      const response = await there.post('/access/v1/evaluation', question());
      const [protectedHeader, signature] = response.headers.get('payload-signature')!.split('..') as [string, string];
      const { protectedHeader: header } = await flattenedVerify(
        { protected: protectedHeader, payload: `digest: ${response.headers.get('digest')}`, signature },
        createLocalJWKSet(await keysOf(there)),
        { crit: { sigD: true, sigT: true } },
      );
      expect(header).toMatchObject({ alg: 'PS256', kid: expect.stringMatching(/^answer-ps256-1-/) });
    } finally {
      await there.stop();
      await other.close();
    }
  });
});
