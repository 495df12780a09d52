import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, HttpCode, Module, Post, Req, Scope, UseInterceptors, type NestInterceptor } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { generateKeyPairSync } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { StoreUnavailable } from '#libs/eventing';
import { readConfiguration } from '#libs/configuration';
import {
  accepted,
  CheckedBody,
  Command,
  Context,
  created,
  createApp,
  CurrentCaller,
  done,
  ForPersons,
  InLanguage,
  IsText,
  IsUuidString,
  localIssuer,
  notFound,
  Optional,
  PathId,
  Refers,
  requirePerson,
  Scopes,
  Sent,
  startApp,
  textFile,
  type Caller,
  type CommandRequest,
  type KeyedRequest,
  type LocalIssuer,
  type RequestContext,
  type SentRequest,
} from '../index.js';

class MakeRequest {
  @IsText(40) name!: string;
  @Refers('thing') @IsUuidString() @Optional() thing?: string;
  @Refers('thing') @IsUuidString() @Optional() other?: string;
}

const ID = '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';
const NO_ID = '00000000-5a0e-4c57-9d35-0c3a9b1f2d44';
const passedOn: NestInterceptor = { intercept: (_context, next) => next.handle() };

const answerOf = ({ body, context: { key, ifMatch, client, replayOnly = false } }: CommandRequest<MakeRequest>) => ({
  body: { name: body.name, key, client, replayOnly, ifMatch: ifMatch ?? null },
  ...{ revision: 3, position: 'p3', replayed: replayOnly },
});

/** Each kind of door: what it reads, who may ask, what it answers, how it fails. */
@Scopes('registration')
@Controller('v1/things')
class ThingsController {
  @Post()
  async make(@Command(MakeRequest) request: CommandRequest<MakeRequest>) {
    await new Promise((resolve) => setImmediate(resolve));
    const { name } = request.body;
    if (name === 'away') throw new StoreUnavailable('gone', 7);
    if (name === 'bug') throw new Error('secret of the program');
    if (name === 'late') return accepted(`/v1/things/${ID}`, answerOf(request));
    return created(`/v1/things/${ID}`, answerOf(request));
  }

  @Post('_search')
  search(@CheckedBody(MakeRequest) body: MakeRequest, @InLanguage() language: string, @Context() of: RequestContext) {
    return { items: [body], language, client: of.client, actor: of.actor };
  }

  @Post('texts')
  text() {
    return textFile('a text – with more than letters', 'text.txt');
  }

  @Post('words')
  words() {
    return 'words';
  }

  @Post('nothing')
  nothing() {
    return undefined;
  }

  @Post('of-persons')
  @ForPersons()
  ofPersons(@CurrentCaller() caller: Caller) {
    return { clerk: caller.clerk };
  }

  @Post('of-auditors')
  @Scopes('audit')
  ofAuditors(@Sent() request: SentRequest) {
    requirePerson(request);
    return { body: request.body, url: request.url, route: request.routeOptions.url, method: request.method };
  }

  @Post(':id/renewals')
  renew(@PathId() id: string, @Command(MakeRequest) request: CommandRequest<MakeRequest>) {
    if (id === NO_ID) throw notFound();
    return done({ ...answerOf(request), body: { id, name: request.body.name } });
  }

  // What Nest has to be asked for.

  @Post('taken')
  taken(@Req() request: FastifyRequest) {
    return { body: request.body };
  }

  @Post('intercepted')
  @UseInterceptors(passedOn)
  intercepted(@Sent() request: SentRequest) {
    return { body: request.body };
  }

  @Post('coded')
  @HttpCode(202)
  coded(@Sent() request: SentRequest) {
    return { body: request.body };
  }
}

/** What stands at the class holds for its methods. */
@Scopes('registration')
@UseInterceptors(passedOn)
@Controller('v1/intercepted')
class InterceptedController {
  @Post()
  make(@Sent() request: SentRequest) {
    return { body: request.body };
  }
}

/** Made for each request, and so by Nest alone. */
@Scopes('registration')
@Controller({ path: 'v1/each', scope: Scope.REQUEST })
class EachController {
  @Post()
  make(@Sent() request: SentRequest) {
    return { body: request.body };
  }
}

@Module({ controllers: [ThingsController, InterceptedController, EachController] })
class ThingsModule {}

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

describe('a plain request to a route of Nest', () => {
  const lines: string[] = [];
  const asked: KeyedRequest[] = [];
  const agent = new Agent({ keepAlive: true });
  let app: NestFastifyApplication;
  let issuer: LocalIssuer;
  let base: string;
  let tokens: Readonly<Record<'supplier' | 'auditor' | 'clerk', string>>;
  let handedOn = 0;

  beforeAll(async () => {
    const configuration = readConfiguration(['--port', '0'], {});
    issuer = localIssuer(
      { id: 'k1', privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey },
      configuration,
    );
    tokens = {
      supplier: await issuer.issue({ client: 'back-office', role: 'supplier' }),
      clerk: await issuer.issue({ client: 'back-office', clerk: 'c-1', role: 'supplier' }),
      auditor: await issuer.issue({ client: 'audit', clerk: 'a-1', role: 'auditor' }),
    };
    app = await createApp(ThingsModule, {
      ...{ configuration, tokenVerifier: issuer, logTo: { write: (line: string) => void lines.push(line) } },
      answeredBefore: async (request) => {
        asked.push(request);
        return request.key.startsWith('answered');
      },
      lookUp: async (named) => named.map(({ pointer }) => ({ pointer, code: 'unknown-member' })),
    });
    const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
    fastify.addHook('onRequest', (_request, _reply, next) => {
      handedOn += 1;
      next();
    });
    base = await startApp(app, configuration);
  });
  afterAll(async () => {
    agent.destroy();
    await app.close();
  });

  const send = (path: string, text: string, headers: Readonly<Record<string, string>>, chunked: boolean) =>
    new Promise<Received>((resolve, reject) => {
      const length = chunked ? {} : { 'content-length': String(Buffer.byteLength(text)) };
      const sent = { 'content-type': 'application/json', 'idempotency-key': 'a-key-of-ours', ...length, ...headers };
      const outgoing = httpRequest(base + path, { method: 'POST', agent, headers: sent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(chunks).toString() }),
        );
      });
      outgoing.on('error', reject);
      if (chunked) outgoing.write(text.slice(0, 1));
      outgoing.end(chunked ? text.slice(1) : text);
    });

  /** Ids of one answer, and how its connection goes on. */
  const withoutIds = ({ status, headers, text }: Received): object => {
    const { date: _date, traceparent: _parent, 'trace-id': trace, ...others } = headers;
    const { connection: _connection, 'keep-alive': _keepAlive, ...same } = others;
    return { status, headers: same, text: text.replaceAll(trace as string, '') };
  };
  /** What the logs say of it; of a failure where it arose, and not by which way it came. */
  const logged = (): object[] =>
    lines.splice(0).flatMap((line) => {
      const said = JSON.parse(line) as { readonly log?: string; readonly err?: { readonly stack: readonly string[] } };
      const {
        time: _time,
        trace: _trace,
        span: _span,
        milliseconds: _milliseconds,
        ...same
      } = said as typeof said & Record<string, unknown>;
      const err = same.err && { ...same.err, stack: same.err.stack.slice(0, 1) };
      return same.log === undefined ? [] : [{ ...same, err }];
    });
  const counted = async (): Promise<string[]> => {
    const text = await (await fetch(`${base}/metrics`)).text();
    return text.split('\n').filter((line) => /^waarborg_http_request_duration_seconds_count\{method="POST"/.test(line));
  };

  const whole = JSON.stringify({ name: 'one' });
  it.each<[string, string, string, number, Readonly<Record<string, string>>, ('supplier' | 'auditor' | 'clerk')?]>([
    ['a command', '', whole, 201, {}],
    ['one that is late', '', JSON.stringify({ name: 'late' }), 202, {}],
    ['one of an object', `/${ID}/renewals`, whole, 200, { 'if-match': '"7"' }],
    ['one of an object, whose id is written large', `/${ID.toUpperCase()}/renewals`, whole, 200, {}],
    ['one of an object that is not there', `/${NO_ID}/renewals`, whole, 404, {}],
    ['one in a case', '', whole, 201, { 'x-correlation-id': ID, 'x-request-id': 'r 1' }],
    ['faults of body and headers', '', '{"nam":1}', 400, { 'idempotency-key': 'short', 'if-match': 'x' }],
    ['faults with what is unknown', '', JSON.stringify({ thing: ID, other: 'x' }), 400, {}],
    ['faults in Dutch', '', '{}', 400, { 'accept-language': 'nl' }],
    ['faults of what was answered before', '', JSON.stringify({ name: 1 }), 201, { 'idempotency-key': 'answered-1' }],
    ['a store that is away', '', JSON.stringify({ name: 'away' }), 503, {}],
    ['a mistake of ours', '', JSON.stringify({ name: 'bug' }), 500, {}],
    ['no body', '', '', 400, {}],
    ['a body that is no object', '', '[]', 400, {}],
    ['broken JSON', '', '{"name":', 400, {}],
    ['a member twice', '', '{"name":"a","name":"b"}', 400, {}],
    ['a search', '/_search', whole, 200, { 'accept-language': 'nl' }],
    ['a search with faults', '/_search', '{}', 400, {}],
    ['a text', '/texts', whole, 200, {}],
    ['words', '/words', whole, 200, {}],
    ['nothing', '/nothing', whole, 200, {}],
    ['a person', '/of-persons', whole, 200, {}, 'clerk'],
    ['an auditor', '/of-auditors', whole, 200, {}, 'auditor'],
  ])('is answered as Nest answers it: %s', async (_what, path, text, status, more, role = 'supplier') => {
    const headers = { authorization: `Bearer ${tokens[role]}`, ...more };
    // From its first request on a token is known.
    await send('/v1/things/taken', whole, headers, false);
    lines.length = 0;
    asked.length = 0;
    const before = handedOn;
    const plain = await send(`/v1/things${path}`, text, headers, false);
    const [plainLines, plainAsked] = [logged(), asked.splice(0)];
    expect(handedOn).toBe(before);
    const ordinary = await send(`/v1/things${path}`, text, headers, true);
    expect(handedOn).toBe(before + 1);
    expect(plain.status).toBe(status);
    expect(withoutIds(plain)).toEqual(withoutIds(ordinary));
    expect([plainLines, plainAsked]).toEqual([logged(), asked]);
    expect(plain.headers['trace-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each<[string, string, number, ('supplier' | 'auditor' | 'clerk')?]>([
    ['has a query', '?after=x', 400],
    ['names what is no id', '/one/renewals', 404],
    ['lacks the scope', '/of-auditors', 403],
    ['lacks the person', '/of-persons', 403],
    ['is taken as Fastify has it', '/taken', 200],
    ['has an interceptor of its own', '/intercepted', 200],
    ['has a status of its own', '/coded', 200],
    ['has an interceptor of its class', '/../intercepted', 200],
    ['is of a controller for each request', '/../each', 200],
  ])('is handed on where it %s', async (_what, path, status, role = 'supplier') => {
    const headers = { authorization: `Bearer ${tokens[role]}` };
    await send('/v1/things/taken', whole, headers, false);
    const before = handedOn;
    const { status: answered } = await send(`/v1/things${path}`.replace('/things/..', ''), whole, headers, false);
    expect([answered, handedOn]).toEqual([status, before + 1]);
  });

  it('is measured like any other, by the template of its route', async () => {
    const headers = { authorization: `Bearer ${tokens.supplier}` };
    await send('/v1/things/taken', whole, headers, false);
    const path = `/v1/things/${ID}/renewals`;
    const countOf = async (): Promise<number> => {
      const line = (await counted()).find((one) => one.includes('route="/v1/things/:id/renewals",status="200"'));
      return Number(line?.split(' ').at(-1) ?? 0);
    };
    const before = await countOf();
    await send(path, whole, headers, false);
    await send(path, whole, headers, true);
    expect(await countOf()).toBe(before + 2);
  });
});
