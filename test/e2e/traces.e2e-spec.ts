import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { INSTALLATION_STREAM, streamId } from '#libs/kernel';
import { unless } from '#libs/testing';
import { obstacle } from '../chaos/suite-process.js';
import { freshKey, having, client, type Client } from './support/client.js';
import { paperCase, question, type PaperCase } from './support/case.js';
import { otlpReceiver, type OtlpReceiver, type ReceivedSpan } from './support/otlp-receiver.js';
import { ON_CLUSTER, startSuite, type TestSuite } from './support/suite.js';
import { until } from './support/until.js';

/** The way of a request from the door to what is answered from it, as one trace that a collector is sent. */

const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const TRACEPARENT = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
const CLERK = 'wilhelmina.balie';
const DIRECTOR = { familyName: 'Poppelhoven', givenNames: 'Gerritdina', birthPlace: 'Achterdrempt' };

let collector: OtlpReceiver;
let suite: TestSuite;
let supplier: Client;
let case1: PaperCase;

const spansOf = (traceId: string): readonly ReceivedSpan[] =>
  collector.spans().filter((span) => span.traceId === traceId);
const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan | undefined =>
  spans.find((span) => span.name === name);
const attribute = (span: ReceivedSpan | undefined, key: string): unknown =>
  Object.values(span?.attributes.find((each) => each.key === key)?.value ?? {})[0];
/** Until the collector has a span of each name in this trace. */
const arrived = (traceId: string, ...names: readonly string[]): Promise<void> =>
  until(`the collector has ${names.join(', ')}`, () =>
    names.every((name) => named(spansOf(traceId), name) !== undefined),
  );

beforeAll(async () => {
  collector = await otlpReceiver();
  suite = await startSuite(undefined, ['--otlp-endpoint', collector.url, '--service-name', 'waarborg-test']);
  supplier = client(suite.url, await suite.running.issuer.issue({ role: 'supplier', client: 'office', clerk: CLERK }));
  case1 = await paperCase(supplier, { director: DIRECTOR });
});
afterAll(async () => {
  await suite?.end();
  await collector?.close();
});

describe('a command', () => {
  it('is one trace: door, command, append and each read model that shows it', async () => {
    const sent = { channel: 'nonElectronic', receivedAt: new Date().toISOString(), purposes: ['registration'] };
    const answer = await supplier.command('/v1/applications', sent, freshKey(), {
      traceparent: TRACEPARENT,
      tracestate: 'vendor=opaque',
    });
    having(answer, 201);
    expect(answer.headers.get('trace-id')).toBe(CALLER.traceId);

    const [door, command, append] = ['POST /v1/applications', 'command application', 'append application'] as const;
    const projection = 'project applications';
    await arrived(CALLER.traceId, door, command, append, projection);
    const doors = (): readonly ReceivedSpan[] => spansOf(CALLER.traceId).filter(({ name }) => name === door);
    // A gateway has a door of its own, around the app's.
    await until('every door is told', () => doors().length === (ON_CLUSTER ? 2 : 1));
    const spans = spansOf(CALLER.traceId);
    const around = doors().find(({ parentSpanId }) => parentSpanId === CALLER.spanId)!;
    const own = ON_CLUSTER ? doors().find(({ parentSpanId }) => parentSpanId === around.spanId)! : around;
    for (const each of [around, own]) {
      expect(each).toMatchObject({ kind: 2, traceState: 'vendor=opaque' });
      expect(attribute(each, 'http.response.status_code')).toBe(201);
    }
    expect(named(spans, command)).toMatchObject({ parentSpanId: own.spanId });
    expect(named(spans, append)).toMatchObject({ kind: 3, parentSpanId: named(spans, command)!.spanId });
    expect(named(spans, projection)).toMatchObject({ parentSpanId: own.spanId });
    expect(answer.headers.get('traceparent')).toBe(`00-${CALLER.traceId}-${own.spanId}-01`);

    // The event leads to the trace.
    const { events } = suite.running.open.stores;
    const [event] = await events.readStream(streamId('application', String(answer.body['id'])));
    expect((JSON.parse(event!.bytes) as { traceparent: string }).traceparent).toBe(answer.headers.get('traceparent'));
  });

  it('that is refused names its trace in the problem, as its answer does', async () => {
    const answer = await supplier.command('/v1/applications', { channel: 'pigeon' });
    having(answer, 400);
    const traceId = answer.headers.get('trace-id')!;
    expect(answer.body['instance']).toBe(`urn:trace:${traceId}`);
    await arrived(traceId, 'POST /v1/applications');
    expect(named(spansOf(traceId), 'command application')).toBeUndefined();
  });

  it('whose caller does not want a trace taken is taken none of', async () => {
    const unwanted = { ...CALLER, traceId: 'aaaa2f3577b34da6a3ce929d0e0e4736' };
    const answer = await supplier.command(
      '/v1/applications',
      { channel: 'electronic', receivedAt: new Date().toISOString(), purposes: ['means'] },
      freshKey(),
      { traceparent: `00-${unwanted.traceId}-${unwanted.spanId}-00` },
    );
    having(answer, 201);
    expect(answer.headers.get('traceparent')).toMatch(new RegExp(`^00-${unwanted.traceId}-[0-9a-f]{16}-00$`));
    // Whatever comes after it has come by then.
    const later = await supplier.get('/v1/parties/none');
    await arrived(later.headers.get('trace-id')!, 'GET /v1/parties/:id');
    expect(spansOf(unwanted.traceId)).toEqual([]);
  });
});

it('a revocation is one trace, with what it carries out', async () => {
  const { id: login } = await case1.means();
  const means = await case1.means();
  const answer = having(
    await supplier.command('/v1/revocation-requests', await case1.revocation({ means: means.id }, login)),
    201,
  );
  const traceId = answer.headers.get('trace-id')!;
  const names = ['command revocationRequest', 'command means', 'append means', 'react revocation-process'];
  await arrived(traceId, 'POST /v1/revocation-requests', ...names, 'project decision-index');
});

describe('a decision at use', () => {
  it('is a span in the trace of its request, and its record has the same ids', async () => {
    const network = await suite.client('network');
    const sent = question('00000000-0000-4000-8000-000000000000', 'kvk:69599068');
    const before = (await suite.heads()).records;
    // The first goes through Fastify, the second directly: both are traced.
    for (const attempt of [1, 2]) {
      const answer = having(await network.ask('/access/v1/evaluation', sent), 200);
      const traceId = answer.headers.get('trace-id')!;
      await arrived(traceId, 'POST /access/v1/evaluation', 'decide');
      const door = named(spansOf(traceId), 'POST /access/v1/evaluation')!;
      expect(named(spansOf(traceId), 'decide')).toMatchObject({ parentSpanId: door.spanId });
      expect((await suite.heads()).records).toBe(before + BigInt(attempt));
      const { id } = answer.body['context'] as { readonly id: string };
      const record = await suite.running.open.stores.records.byId(id);
      expect(JSON.parse(record!.bytes)).toMatchObject({ data: { trace_id: traceId, span_id: door.spanId } });
    }
  });

  it('leaves its record also where no trace of it is taken', async () => {
    const network = await suite.client('network');
    const before = (await suite.heads()).records;
    const { status } = await network.send('POST', '/access/v1/evaluation', {
      body: question('00000000-0000-4000-8000-000000000000', 'kvk:69599068'),
      headers: { traceparent: TRACEPARENT.replace(/01$/, '00') },
    });
    expect([status, (await suite.heads()).records]).toEqual([200, before + 1n]);
  });
});

it('is not taken of what asks every few seconds whether all is well', async () => {
  for (const path of ['/health/live', '/health/ready', '/metrics']) having(await supplier.get(path), 200);
  const later = await supplier.get('/v1/parties/none');
  await arrived(later.headers.get('trace-id')!, 'GET /v1/parties/:id');
  expect(collector.spans().filter(({ name }) => /health|metrics/.test(name))).toEqual([]);
});

it('says who sent them, and nothing about a person, an object or a caller', async () => {
  const { events } = suite.running.open.stores;
  expect(await events.readStream(INSTALLATION_STREAM)).not.toEqual([]);
  expect(collector.resources()[0]).toMatchObject({ 'service.name': 'waarborg-test' });
  const sent = collector.bodies.join('\n');
  expect(sent).toContain('project audited-persons');
  for (const value of [CLERK, ...Object.values(DIRECTOR), case1.organization]) expect(sent).not.toContain(value);
  // No id of an object: UUIDs are the senders' own alone.
  const uuids = new Set(sent.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g));
  const senders = new Set(collector.resources().map((resource) => resource['service.instance.id']));
  expect([...uuids].sort()).toEqual([...senders].sort());
  const keys = new Set(collector.spans().flatMap(({ attributes }) => attributes.map(({ key }) => key)));
  // The name of a kind of error: of an append that came second, as happens between processes.
  if (ON_CLUSTER) keys.delete('error.type');
  expect([...keys].sort()).toEqual([
    'http.request.method',
    'http.response.status_code',
    'http.route',
    'waarborg.category',
    'waarborg.events',
    'waarborg.read_model',
    'waarborg.type',
    'waarborg.types',
  ]);
});

describe('a collector that is away', () => {
  it('holds nobody up: requests are answered, it is told once, and the end comes', async () => {
    const gone = await otlpReceiver();
    await gone.close();
    const lonely = await startSuite(undefined, ['--otlp-traces-endpoint', `${gone.url}/v1/traces`]);
    try {
      const clerk = await lonely.client('supplier');
      const body = { channel: 'electronic', receivedAt: new Date().toISOString(), purposes: ['means'] };
      having(await clerk.command('/v1/applications', body), 201);
      const told = (): readonly string[] => lonely.lines.filter((line) => line.startsWith('Traces are not taken by'));
      await until('the trouble is told', () => told().length > 0);
      having(await clerk.command('/v1/applications', body), 201);
      // Once by each process: on a cluster the five apps and the gateway.
      if (ON_CLUSTER) expect(told().length).toBeLessThanOrEqual(6);
      else expect(told()).toHaveLength(1);
    } finally {
      await lonely.end();
    }
  });
});

/** Hides one package from the process that it is loaded into, as where it is not installed. */
const hooks = `export function resolve(name, context, next) {
  if (name !== '@opentelemetry/sdk-trace-base') return next(name, context);
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
}`;
const asUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

unless(obstacle()).describe('a start without the packages of traces', () => {
  const main = fileURLToPath(new URL('../../dist/apps/suite/main.js', import.meta.url));
  const register = asUrl(`import { register } from 'node:module'; register(${JSON.stringify(asUrl(hooks))});`);
  const start = (settings: Readonly<Record<string, string>>) =>
    spawnSync(process.execPath, ['--import', register, main, '--port', '0', '--data-dir', `${tmpdir()}/none`], {
      env: { PATH: process.env['PATH'], ...settings },
      encoding: 'utf8',
    });

  it('is refused where they are asked for, before anything is opened, with the line that installs them', () => {
    const { status, stderr } = start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    expect(status).toBe(1);
    expect(stderr).toContain('npm install --no-save @opentelemetry/context-async-hooks@');
    expect(stderr).toMatch(/@opentelemetry\/sdk-trace-base@\d+\.\d+\.\d+/);
  });

  it('gets as far as its databases where they are not', () => {
    const { status, stderr } = start({ DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' });
    expect(status).toBe(1);
    expect(stderr).toContain('KEYSTORE_URL is not');
  });
});
