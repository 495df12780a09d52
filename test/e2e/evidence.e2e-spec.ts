import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { KeyDestroyed } from '#libs/eventing';
import type { AuthorizationEvent } from '#libs/domain';
import { clamdScanner } from '#libs/registers/clamd';
import { clamdDouble, mediaFiles, paperRegistration } from '#libs/testing';
import type { Json } from './support/api.js';
import { paperCase, type PaperCase } from './support/case.js';
import { faultsOf, freshKey, having, type Answer, type Client } from './support/client.js';
import { breaches } from './support/conforming.js';
import { NOBODY } from './support/contract.js';
import { startMemorySuite, type MemorySuite } from './support/memory-suite.js';
import { until } from './support/until.js';
import { digestOf, uploadFile } from './support/upload.js';

const { jpegFile, jpegSegment, pdfFile, pngChunk, pngFile, zipEnd } = mediaFiles;
const PATH = '/v1/evidence';
const DAY = 24 * 3_600_000;
const MIB = 1024 * 1024;

let suite: MemorySuite;
let supplier: Client;
let paper: PaperCase;
beforeAll(async () => {
  suite = await startMemorySuite();
  supplier = await suite.client('supplier');
  paper = await paperCase(supplier);
});
afterAll(() => suite.end());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

interface Sending {
  readonly key?: string;
  readonly type?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: ReadableStream<Uint8Array>;
}

/** Sends a file as it is; what is `undefined` among the headers is left out. */
async function upload(bytes: Buffer, { key = freshKey(), type = 'image/png', ...more }: Sending = {}): Promise<Answer> {
  const path = `${PATH}${more.query ?? `?application=${paper.application}`}`;
  const headers = Object.entries({
    authorization: `Bearer ${supplier.token}`,
    ...{ 'content-type': type, 'idempotency-key': key, 'content-digest': digestOf(bytes) },
    ...more.headers,
  }).filter((header): header is [string, string] => header[1] !== undefined);
  const response = await fetch(`${suite.url}${path}`, {
    method: 'POST',
    headers: Object.fromEntries(headers),
    body: more.body ?? new Uint8Array(bytes),
    duplex: 'half',
  } as RequestInit);
  const text = await response.text();
  const answer = { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Json };
  const wrong = await breaches(suite.url, {
    ...{ method: 'POST', path, sent: undefined, replayed: response.headers.has('idempotency-replayed') },
    ...{ status: answer.status, body: answer.body },
  });
  if (wrong.length > 0) throw new Error(`POST ${path} breaks the contract: ${wrong.join('; ')}\n${text}`);
  return answer;
}

const uploaded = async (bytes = pngFile(), sending: Sending = {}): Promise<Json> =>
  having(await upload(bytes, sending), 201).body;
const pathOf = ({ id }: Json): string => `${PATH}/${String(id)}`;
const show = async (evidence: Json): Promise<Json> => having(await supplier.get(pathOf(evidence)), 200).body;
const describing = (evidence: Json, body: Json, key = freshKey()): Promise<Answer> =>
  supplier.command(`${pathOf(evidence)}/descriptions`, body, key);
const content = async (evidence: Json): Promise<Response> =>
  fetch(`${suite.url}${pathOf(evidence)}/content`, { headers: { authorization: `Bearer ${supplier.token}` } });

const MASKED = {
  full: ['photo', 'citizenServiceNumber', 'nationality', 'machineReadableZone'],
  photoVisible: ['citizenServiceNumber', 'nationality', 'machineReadableZone'],
  none: ['citizenServiceNumber'],
} as const;
const copy = (shielding: keyof typeof MASKED, more: Json = {}): Json => ({
  kind: 'idCopy',
  copy: {
    ...{ role: 'registration', person: paper.director.id, document: paper.director.document, shielding },
    masked: MASKED[shielding],
    ...more,
  },
});

const files = async (): Promise<readonly string[]> =>
  ((await suite.backbone.evidence.files()) as unknown as { addresses(): readonly string[] }).addresses();
const becomes = async (evidence: Json, status: string): Promise<Json> => {
  let shown: Json = {};
  await until(`the evidence is ${status}`, async () => {
    shown = await show(evidence);
    return shown['status'] === status;
  });
  return shown;
};
/** An authorization that the director submitted is decided on an application, at a level. */
const decided = (application: string, m: number): Promise<bigint> => {
  const id = randomUUID();
  const submitter = { person: paper.director.id, role: 'legalRepresentative' };
  const facts = paperRegistration.authorizationFacts(
    id,
    { application, m, submitter },
    'awaitingActivation',
  ) as readonly AuthorizationEvent[];
  return suite.record('authorization', id, ...facts);
};
/** An intake of its own, so that what is decided on it is decided once. */
const intake = (): Promise<string> => paper.desk.application('nonElectronic', ['means', 'registration'], 1);
const on = (application: string): Sending => ({ query: `?application=${application}` });

describe('a file', () => {
  it('is taken sealed, shown, and read by a person as it was handed over', async () => {
    const bytes = jpegFile(jpegSegment(0xfe, randomBytes(60_000)), jpegSegment(0xfe, randomBytes(60_000)));
    const before = await suite.stores.records.head();
    const answer = having(await upload(bytes, { type: 'image/jpeg' }), 201);
    const { position, ...made } = answer.body;
    expect(position).toEqual(expect.any(String));
    expect(answer.headers.get('location')).toBe(pathOf(made));
    expect(answer.headers.get('etag')).toBe('"0"');
    expect(made).toMatchObject({
      ...{ status: 'quarantined', application: paper.application, mediaType: 'image/jpeg', size: bytes.length },
      contentDigest: digestOf(bytes),
    });
    expect(Date.parse(String(made['quarantinedUntil'])) - Date.parse(String(made['uploadedAt']))).toBe(28 * DAY);
    expect(await show(made)).toEqual(made);

    const read = await content(made);
    expect(read.status).toBe(200);
    expect(read.headers.get('content-type')).toBe('image/jpeg');
    expect(read.headers.get('content-length')).toBe(String(bytes.length));
    expect(read.headers.get('content-disposition')).toBe(`attachment; filename="${String(made['id'])}"`);
    expect(read.headers.get('cache-control')).toBe('no-store');
    expect(Buffer.from(await read.arrayBuffer()).equals(bytes)).toBe(true);
    // Who read it is on record.
    const page = await suite.stores.records.read(before, 10);
    expect(page.items.at(-1)!.bytes).toContain(`"question":{"evidence":"${String(made['id'])}"}`);
  });

  it('lies nowhere as it is, nor does its digest', async () => {
    const bytes = pngFile(pngChunk('tEXt', Buffer.from('Comment\0citizen service number 999999990')));
    const known = await files();
    const { id } = await uploaded(bytes);
    const [event] = await suite.stores.events.readStream(`evidence-${String(id)}` as never);
    expect(event!.bytes).toContain('"mediaType":"image/png"');
    const hex = createHash('sha256').update(bytes).digest('hex');
    for (const hidden of [hex, sha256(bytes)]) expect(event!.bytes).not.toContain(hidden);
    const [address] = (await files()).filter((one) => !known.includes(one));
    for await (const piece of (await suite.backbone.evidence.files()).get(address!)) {
      expect(Buffer.from(piece).includes('999999990')).toBe(false);
    }
  });

  it.each([
    ['a PDF', pdfFile(), 'application/pdf'],
    ['a PNG', pngFile(), 'image/png'],
    ['a JPEG', jpegFile(), 'image/jpeg'],
    ['ten MiB', pngFile(pngChunk('IDAT', Buffer.alloc(10 * MIB - 81))), 'image/png'],
  ])('may be %s', async (_what, bytes, type) => {
    expect(await uploaded(bytes, { type })).toMatchObject({ mediaType: type, size: bytes.length });
  });

  it('is taken once, however often its request comes, and never another under the same key', async () => {
    const key = freshKey();
    const bytes = pngFile(pngChunk('tEXt', randomBytes(20)));
    const first = having(await upload(bytes, { key }), 201);
    const kept = await files();
    const again = having(await upload(bytes, { key }), 201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    const other = having(await upload(pngFile(), { key }), 409);
    expect(other.body['code']).toBe('idempotency-key-reused');
    expect(await files()).toEqual(kept);
  });

  it('is taken once where its request comes several times at once', async () => {
    const key = freshKey();
    const bytes = pngFile(pngChunk('tEXt', randomBytes(20)));
    const before = (await files()).length;
    const answers = await Promise.all(Array.from({ length: 4 }, () => upload(bytes, { key })));
    expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect((await files()).length).toBe(before + 1);
  });

  const polyglot = pngFile(pngChunk('tEXt', Buffer.concat([Buffer.from('a\0'), zipEnd(60)])));
  it.each<[string, Buffer, Sending, readonly string[]]>([
    [
      'without its digest',
      pngFile(),
      { headers: { 'content-digest': undefined } },
      ['header /Content-Digest required'],
    ],
    [
      'with a digest of another kind',
      pngFile(),
      { headers: { 'content-digest': 'sha-512=:AAAA:' } },
      ['header /Content-Digest invalid-value'],
    ],
    [
      'with the digest of another file',
      pngFile(),
      { headers: { 'content-digest': digestOf(pdfFile()) } },
      ['header /Content-Digest content-digest-mismatch'],
    ],
    ['without a key', pngFile(), { headers: { 'idempotency-key': undefined } }, ['header /Idempotency-Key required']],
    ['for no application', pngFile(), { query: '' }, ['query /application required']],
    ['for what is no application', pngFile(), { query: '?application=x' }, ['query /application invalid-value']],
    [
      'for an application that is not on record',
      pngFile(),
      { query: `?application=${NOBODY}` },
      ['query /application unknown-application'],
    ],
    [
      'that is said to be a PDF and is none',
      pngFile(),
      { type: 'application/pdf' },
      ['header /Content-Type media-type-mismatch'],
    ],
    ['that is none of the formats', Buffer.from('GIF89a'), {}, [' evidence-file-refused']],
    ['that is cut off', pngFile().subarray(0, -1), {}, [' evidence-file-refused']],
    ['with something behind it', Buffer.concat([pngFile(), Buffer.from('<html>')]), {}, [' evidence-file-refused']],
    ['that is two at once', polyglot, {}, [' evidence-file-refused']],
    ['that is empty', Buffer.alloc(0), {}, [' evidence-file-refused']],
    [
      'with several faults',
      pngFile(),
      { query: `?application=${NOBODY}&more=1`, headers: { 'content-digest': 'x', 'idempotency-key': 'x' } },
      [
        ...['header /Content-Digest invalid-value', 'header /Idempotency-Key invalid-value'],
        ...['query /application unknown-application', 'query /more unknown-member'],
      ],
    ],
    [
      'with faults of its own and of what stands around it',
      pngFile().subarray(0, -1),
      { query: `?application=${NOBODY}`, headers: { 'content-digest': digestOf(pngFile()), 'idempotency-key': 'x' } },
      [
        ...[' evidence-file-refused', 'header /Content-Digest content-digest-mismatch'],
        ...['header /Idempotency-Key invalid-value', 'query /application unknown-application'],
      ],
    ],
  ])('is refused %s, and nothing of it is kept', async (_what, bytes, sending, faults) => {
    const [head, kept] = [await suite.stores.feed.head(), await files()];
    const answer = having(await upload(bytes, sending), 400);
    expect(faultsOf(answer)).toEqual(faults);
    expect(await suite.stores.feed.head()).toBe(head);
    expect(await files()).toEqual(kept);
  });

  it('says what is wrong with it', async () => {
    const { body } = having(await upload(polyglot), 400);
    expect(body['code']).toBe('evidence-file-refused');
    expect(body['errors']).toMatchObject([{ code: 'evidence-file-refused', why: 'alsoAnother' }]);
  });

  it('is refused when it is too large, announced or not', async () => {
    const large = Buffer.alloc(10 * MIB + 1);
    const kept = await files();
    expect(having(await upload(large), 413).body['code']).toBe('body-too-large');
    let left = 12;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- === 0) controller.close();
        else controller.enqueue(new Uint8Array(MIB));
      },
    });
    const answer = await upload(large, { body: stream }).catch((error: unknown) => error as Error);
    // The connection is closed with the answer, which a client that still sends may not get to read.
    expect(answer instanceof Error || answer.status === 413).toBe(true);
    expect(await files()).toEqual(kept);
  });

  it('is refused as anything else, and by every other operation', async () => {
    for (const type of ['application/json', 'text/plain', 'application/octet-stream', 'image/gif']) {
      for (const text of ['{}', '{', '']) {
        expect(having(await upload(Buffer.from(text), { type }), 415).body['code']).toBe('unsupported-media-type');
      }
    }
    const headers = { 'content-type': 'image/png', 'idempotency-key': freshKey() };
    having(await supplier.send('POST', '/v1/applications', { body: '{}', headers }), 415);
  });

  it('is refused when it is said to be compressed, whether it is or not', async () => {
    const headers = { 'content-encoding': 'gzip' };
    for (const bytes of [pngFile(), gzipSync(pngFile())]) {
      expect(having(await upload(bytes, { headers }), 415).body['code']).toBe('unsupported-media-type');
    }
  });

  it('is not there where it never was', async () => {
    const nothing = { id: NOBODY };
    expect(having(await supplier.get(pathOf(nothing)), 404).body['code']).toBe('no-such-evidence');
    expect((await content(nothing)).status).toBe(404);
    expect(having(await describing(nothing, { kind: 'form' }), 404).body['code']).toBe('no-such-evidence');
  });
});

describe('a description', () => {
  it('keeps a form by a decision at level 2 or higher, and not before (ARCH-07, ARCH-12)', async () => {
    const application = await intake();
    const evidence = await uploaded(pdfFile(), { ...on(application), type: 'application/pdf' });
    expect(having(await describing(evidence, { kind: 'form' }), 200).body).toMatchObject({ status: 'quarantined' });
    await decided(application, 1);
    await decided(application, 2);
    expect(await becomes(evidence, 'kept')).toMatchObject({ kind: 'form', decision: { level: 2 } });
  });

  it('keeps mandate decisions, deeds and proxies at once (ARCH-09)', async () => {
    const evidence = await uploaded(pdfFile(), { type: 'application/pdf' });
    const answer = having(await describing(evidence, { kind: 'mandateDecision' }), 200);
    expect(answer.body).toMatchObject({ status: 'kept', kind: 'mandateDecision' });
    expect(answer.body).not.toHaveProperty('quarantinedUntil');
    having(await describing(evidence, { kind: 'mandateDecision' }), 200);
    expect(having(await describing(evidence, copy('full')), 409).body['code']).toBe('evidence-described');
  });

  it('of a copy is what was attested, and may be mended while it waits (WID-06)', async () => {
    const evidence = await uploaded(pngFile(), on(await intake()));
    having(await describing(evidence, copy('none')), 200);
    const { body } = having(await describing(evidence, copy('full')), 200);
    expect(body).toMatchObject({ status: 'quarantined', ...copy('full') });
  });

  it.each<[string, () => Json, readonly string[]]>([
    ['no kind', () => ({}), ['/kind required']],
    ['a kind that is none', () => ({ kind: 'photo' }), ['/kind invalid-value']],
    ['a copy of which nothing is said', () => ({ kind: 'idCopy' }), ['/copy required']],
    ['something else with a copy', () => ({ ...copy('full'), kind: 'form' }), ['/copy unknown-member']],
    ['an agreement without its reference', () => ({ kind: 'agreement' }), ['/reference required']],
    ['a reference that is none', () => ({ kind: 'agreement', reference: 'ours' }), ['/reference invalid-value']],
    ['something else with a reference', () => ({ kind: 'form', reference: 'a-1' }), ['/reference unknown-member']],
    ['a person who is not on record', () => copy('full', { person: NOBODY }), ['/copy/person unknown-person']],
    [
      'the document of another person',
      () => copy('full', { document: paper.employee.document }),
      ['/copy/document unknown-document'],
    ],
    [
      'more shielding than is masked',
      () => copy('full', { masked: MASKED.photoVisible }),
      ['/copy/shielding shielding-not-attested'],
    ],
    [
      'several faults',
      () => copy('photoVisible', { masked: [], document: paper.employee.document }),
      ['/copy/document unknown-document', '/copy/shielding shielding-not-attested'],
    ],
  ])('is refused with %s', async (_what, body, faults) => {
    const evidence = await uploaded();
    expect(faultsOf(having(await describing(evidence, body()), 400))).toEqual(faults);
    expect(await show(evidence)).not.toHaveProperty('kind');
  });
});

describe('a withdrawal', () => {
  const withdrawing = (evidence: Json, body: Json): Promise<Answer> =>
    supplier.command(`${pathOf(evidence)}/withdrawals`, body);
  const reason = 'Handed over for another case';

  it('destroys what waits, described or not, and says no more of why', async () => {
    for (const description of [undefined, copy('full')]) {
      const evidence = await uploaded(pngFile(), on(await intake()));
      if (description !== undefined) having(await describing(evidence, description), 200);
      const { body } = having(await withdrawing(evidence, { reason }), 200);
      expect(body).toMatchObject({ status: 'destroyed', ground: 'withdrawn' });
      expect(JSON.stringify(body)).not.toContain('another case');
      expect((await content(evidence)).status).toBe(410);
      having(await withdrawing(evidence, { reason }), 200);
    }
  });

  it('takes nothing of what is kept (ARCH-10), but what must not have been kept (WID-01)', async () => {
    const evidence = await uploaded(pdfFile(), { type: 'application/pdf' });
    having(await describing(evidence, { kind: 'mandateDecision' }), 200);
    const before = await suite.stores.records.head();
    expect(having(await withdrawing(evidence, { reason }), 409).body['code']).toBe('evidence-kept');
    const page = await suite.stores.records.read(before, 10);
    expect(page.items.map(({ kind }) => kind)).toContain('refusal');
    expect(having(await withdrawing(evidence, { reason, mistake: 'shielding' }), 409).body['code']).toBe(
      'evidence-kept',
    );
    expect(having(await withdrawing(evidence, { reason, mistake: 'kind' }), 200).body).toMatchObject({
      ...{ status: 'destroyed', ground: 'withdrawn' },
    });
  });

  it('takes nothing while a legal hold stands on its intake', async () => {
    const application = await intake();
    const evidence = await uploaded(pdfFile(), { ...on(application), type: 'application/pdf' });
    having(await describing(evidence, { kind: 'mandateDecision' }), 200);
    const governance = await suite.client('governance');
    const hold = { on: { kind: 'application', id: application }, reason: 'Rechtbank, zaak 1' };
    const { id } = having(await governance.command('/v1/legal-holds', hold), 201).body;
    const mistaken = { reason, mistake: 'kind' };
    expect(having(await withdrawing(evidence, mistaken), 409).body['code']).toBe('evidence-kept');
    having(await governance.command(`/v1/legal-holds/${String(id)}/liftings`, { reason: 'Uitspraak' }), 200);
    expect(having(await withdrawing(evidence, mistaken), 200).body).toMatchObject({ status: 'destroyed' });
  });

  it.each<[string, Json, readonly string[]]>([
    ['no reason', {}, ['/reason required']],
    ['a mistake that is none', { reason, mistake: 'other' }, ['/mistake invalid-value']],
    [
      'several faults',
      { reason: ' ', mistake: 1, more: 1 },
      ['/mistake wrong-type', '/more unknown-member', '/reason invalid-value'],
    ],
  ])('is refused with %s', async (_what, body, faults) => {
    const evidence = await uploaded(pngFile(), on(await intake()));
    expect(faultsOf(having(await withdrawing(evidence, body), 400))).toEqual(faults);
    expect(await show(evidence)).toMatchObject({ status: 'quarantined' });
  });

  it('is not there where the evidence never was', async () => {
    expect(having(await withdrawing({ id: NOBODY }, { reason }), 404).body['code']).toBe('no-such-evidence');
  });
});

describe('a check that names evidence', () => {
  const check = (decision: unknown): Promise<Answer> =>
    supplier.command('/v1/checks', {
      ...{ type: 'mandateDecisionCheck', application: paper.application, about: { person: paper.director.id } },
      ...{ party: paper.party, decision, function: 'Director', functionNamedInDecision: true },
      ...{ foundInOfficialSource: false, protocolVersion: 'protocol-1', performedAt: new Date().toISOString() },
      ...{ performedBy: { clerk: 'clerk-17' }, source: { name: 'case-file', reference: 'case-1' } },
    });

  it('is recorded where that is kept and shows what it rests on, and not otherwise', async () => {
    const evidence = await uploaded(pdfFile(), { type: 'application/pdf' });
    const other = await uploaded(pdfFile('form'), { type: 'application/pdf' });
    having(await describing(other, { kind: 'form' }), 200);
    for (const [id, why] of [
      [NOBODY, 'notRecorded'],
      [evidence['id'], 'notDescribed'],
      [other['id'], 'otherKind'],
    ]) {
      const refused = having(await check(id), 400);
      expect(faultsOf(refused)).toEqual(['/decision unknown-evidence']);
      expect(refused.body['errors']).toMatchObject([{ why }]);
    }
    having(await describing(evidence, { kind: 'mandateDecision' }), 200);
    expect(having(await check(evidence['id']), 201).body['decision']).toBe(evidence['id']);
    // What is no id is a reference of the supplier's own.
    having(await check('decision-2026-7'), 201);
  });
});

describe('a copy of an identity document', () => {
  it.each<[keyof typeof MASKED, number, string]>([
    ['full', 2, 'belowLevel3'],
    ['full', 3, 'kept'],
    ['photoVisible', 3, 'notShielded'],
    ['photoVisible', 4, 'kept'],
    ['none', 4, 'noNecessity'],
  ])(
    'with shielding %s, before a decision at level %i: %s (WID-01, WID-02, WID-03, WID-04)',
    async (shielding, level, outcome) => {
      const application = await intake();
      const evidence = await uploaded(pngFile(), on(application));
      having(await describing(evidence, copy(shielding)), 200);
      await decided(application, level);
      const status = outcome === 'kept' ? 'kept' : 'destroyed';
      const settled = await becomes(evidence, status);
      expect(settled).toMatchObject({ ...copy(shielding), decision: { level } });
      if (status === 'destroyed') expect(settled['ground']).toBe(outcome);
    },
  );

  it('of a means at STORK 3 is kept in shielded form only (WID-09, MEANS-ID3-e-store, MEANS-ID3-f-store, MEANS-ID3-g-store)', async () => {
    for (const [shielding, status] of [
      ['full', 'kept'],
      ['photoVisible', 'destroyed'],
    ] as const) {
      const application = await intake();
      const evidence = await uploaded(pngFile(), on(application));
      having(await describing(evidence, copy(shielding, { role: 'issuance' })), 200);
      const means = randomUUID();
      const facts = paperRegistration.meansFacts(means, paper.director.id, 'issued', { application });
      await suite.record('means', means, ...facts);
      expect(await becomes(evidence, status)).toMatchObject({ decision: { means, level: 3 } });
    }
  });

  it('of a registration at M2 is kept in no form (IO2-b-store, IO2-c-store, IG2-b-store)', async () => {
    for (const shielding of ['full', 'photoVisible', 'none'] as const) {
      const application = await intake();
      const evidence = await uploaded(pngFile(), on(application));
      having(await describing(evidence, copy(shielding)), 200);
      await decided(application, 2);
      expect(await becomes(evidence, 'destroyed')).toMatchObject({ ground: 'belowLevel3' });
    }
  });

  it('is settled in its own role by the registration or issue that its person has a part in, and by no other (WID-01, WID-10)', async () => {
    const case1 = await paperCase(supplier);
    const handed = async (role: string, { id: person, document }: PaperCase['director']): Promise<Json> => {
      const evidence = await uploaded(pngFile(), on(case1.application));
      return having(await describing(evidence, copy('full', { role, person, document })), 200).body;
    };
    const { director, employee } = case1;
    const forMeans = { director: await handed('issuance', director), employee: await handed('issuance', employee) };
    const registering = {
      director: await handed('registration', director),
      other: await handed('registration', paper.director),
    };
    const means = await case1.means();
    expect(await becomes(forMeans.employee, 'kept')).toMatchObject({ decision: { means: means.id, level: 3 } });
    const { id } = await case1.authorize(means.id);
    expect(await becomes(registering.director, 'kept')).toMatchObject({ decision: { authorization: id, level: 3 } });
    // The means is the employee's, and the authorization of nobody else: whoever follows has passed both.
    for (const one of [forMeans.director, registering.other]) {
      expect(await show(one)).toMatchObject({ status: 'quarantined' });
    }
  });

  it('that comes after the decision is kept by it, or refused with a record and destroyed (WID-01)', async () => {
    const [third, second] = [await intake(), await intake()];
    await decided(third, 3);
    await decided(second, 2);
    const kept = await uploaded(pngFile(), on(third));
    expect(having(await describing(kept, copy('full')), 200).body).toMatchObject({ status: 'kept' });
    const refused = await uploaded(pngFile(), on(second));
    const before = await suite.stores.records.head();
    const answer = having(await describing(refused, copy('full')), 409);
    expect(answer.body['code']).toBe('id-copy-not-storable-at-level');
    const page = await suite.stores.records.read(before, 10);
    expect(page.items.map(({ kind }) => kind)).toContain('refusal');
    expect(await show(refused)).toMatchObject({ ...copy('full'), status: 'destroyed', ground: 'belowLevel3' });
    expect((await content(refused)).status).toBe(410);
    expect(having(await describing(refused, copy('full')), 409).body['code']).toBe('evidence-destroyed');
  });

  it('is never described as something else, which would be kept (WID-01)', async () => {
    const evidence = await uploaded(pngFile(), on(await intake()));
    having(await describing(evidence, copy('none')), 200);
    expect(having(await describing(evidence, { kind: 'form' }), 409).body['code']).toBe('evidence-described');
    expect(await show(evidence)).toMatchObject({ status: 'quarantined', kind: 'idCopy' });
  });

  it('that is masked in no part is kept at level 4 where somebody says why', async () => {
    const application = await intake();
    const evidence = await uploaded(pngFile(), on(application));
    having(await describing(evidence, copy('none', { necessity: 'Asked for by the court' })), 200);
    expect(JSON.stringify(await show(evidence))).not.toContain('court');
    await decided(application, 4);
    expect(await becomes(evidence, 'kept')).toMatchObject({ decision: { level: 4 } });
  });

  it('that is destroyed is gone with its key, and what was described of it stays (WID-08)', async () => {
    const application = await intake();
    const known = await files();
    const key = freshKey();
    const evidence = await uploaded(pngFile(), { ...on(application), key });
    const [address] = (await files()).filter((one) => !known.includes(one));
    having(await describing(evidence, copy('full')), 200);
    await decided(application, 2);
    const gone = await becomes(evidence, 'destroyed');
    expect(gone).not.toHaveProperty('contentDigest');
    expect(gone).toMatchObject({ ...copy('full'), ground: 'belowLevel3' });
    await until('the file is gone', async () => !(await files()).includes(address!));
    const holder = { kind: 'evidence', id: String(evidence['id']) } as const;
    await expect(suite.backbone.fileSealer.seal(holder, emptyFile())[Symbol.asyncIterator]().next()).rejects.toThrow(
      KeyDestroyed,
    );
    expect((await content(evidence)).status).toBe(410);
    expect(having(await describing(evidence, copy('full')), 409).body['code']).toBe('evidence-destroyed');
    // Nor is it taken again under its key: what it was is known no more.
    expect(having(await upload(pngFile(), { ...on(application), key }), 410).body['code']).toBe('erased');
  });

  it('that nobody decides about is destroyed after 28 days', async () => {
    const evidence = await uploaded(pngFile(), on(await intake()));
    having(await describing(evidence, copy('full')), 200);
    suite.pass(27 * DAY);
    expect(await show(evidence)).toMatchObject({ status: 'quarantined' });
    suite.pass(DAY);
    expect(having(await describing(evidence, copy('none')), 409).body['code']).toMatch(
      /^evidence-(quarantine-over|destroyed)$/,
    );
    expect(await becomes(evidence, 'destroyed')).toMatchObject({ ground: 'quarantineOver' });
  });
});

describe('a file where a scanner is set', () => {
  const EICAR = 'a mark that the double finds';

  it('is refused with what is found in it, and waits for the scanner', async () => {
    const double = await clamdDouble({ finds: EICAR });
    const own = await startMemorySuite({ scanner: clamdScanner({ host: '127.0.0.1', port: double.port }) });
    try {
      const desk = await own.client('supplier');
      const body = { channel: 'nonElectronic', receivedAt: new Date().toISOString(), purposes: ['registration'] };
      const { id } = having(await desk.command('/v1/applications', body), 201).body;
      const send = (bytes: Buffer): Promise<Response> => uploadFile(desk, String(id), bytes);
      expect((await send(pngFile())).status).toBe(201);
      expect(double.scanned).toHaveLength(1);
      const found = await send(pngFile(pngChunk('tEXt', Buffer.from(`a\0${EICAR}`))));
      expect(found.status).toBe(400);
      expect(await found.json()).toMatchObject({ errors: [{ code: 'evidence-file-refused', why: 'infected' }] });
      await double.close();
      const away = await send(pngFile());
      expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5']);
      const kept = (await own.backbone.evidence.files()) as unknown as { addresses(): readonly string[] };
      expect(kept.addresses()).toHaveLength(1);
    } finally {
      await double.close();
      await own.end();
    }
  });
});

async function* emptyFile(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(0);
}
