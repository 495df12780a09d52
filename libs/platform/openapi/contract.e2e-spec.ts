import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { ApiProperty, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { unless } from '#libs/testing';
import { judgedByRules, noDesignRules } from '../../../test/contract/openapi/design-rules.js';
import {
  ApiCommand,
  ApiId,
  ApiQueryOperation,
  createApp,
  IsCalendarDate,
  IsChoice,
  IsFlag,
  IsInstant,
  IsText,
  IsUuidList,
  IsUuidString,
  IsWhole,
  Nested,
  NestedList,
  Optional,
  readConfiguration,
  startApp,
} from '../index.js';

const ID = '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';

class RoleRequest {
  @IsUuidString() person!: string;
}

class RegisterRequest {
  @IsUuidString({ description: 'Intake' }) application!: string;
  @IsUuidList({ least: 1 }) checks!: string[];
  @IsChoice(['EH2+', 'EH3', 'EH4']) aimedLevel!: string;
  @Optional() @IsChoice(['EH2+', 'EH3']) acceptLower?: string;
  @IsInstant() @Optional() receivedAt?: string;
  @IsCalendarDate() @Optional() startDate?: string;
  @Nested(() => RoleRequest) submitter!: RoleRequest;
  @NestedList(() => RoleRequest) @Optional() others?: RoleRequest[];
  @IsText(500) @Optional() deviationReason?: string;
  @IsFlag() @Optional() singleSignOn?: boolean;
}

class AuthorizationView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() position!: string;
}

class SearchRequest {
  @IsWhole(1, 100) @Optional() limit?: number;
}

class PageView {
  @ApiProperty({ type: [AuthorizationView] }) items!: AuthorizationView[];
  @ApiProperty({ type: String, nullable: true }) next!: string | null;
}

class EvaluationRequest {
  @ApiProperty({ type: 'object', additionalProperties: true }) subject!: object;
}

class EvaluationAnswer {
  @ApiProperty() decision!: boolean;
}

const view = { id: ID, position: 'cG9z' };

@Controller('v1/authorizations')
class AuthorizationsController {
  @Post()
  @ApiCommand({
    summary: 'Register an authorization',
    scopes: ['registration'],
    body: RegisterRequest,
    bodyExample: { application: ID, checks: [ID], aimedLevel: 'EH3', submitter: { person: ID } },
    answer: AuthorizationView,
    example: view,
    codes: ['level-not-reached'],
    mayBeLate: true,
  })
  register() {
    return {};
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search authorizations',
    scopes: ['registration'],
    body: SearchRequest,
    bodyExample: { limit: 10 },
    answer: PageView,
    example: { items: [view], next: null },
  })
  search() {
    return {};
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'Read an authorization',
    scopes: ['registration'],
    answer: AuthorizationView,
    example: view,
  })
  read() {
    return {};
  }
}

@Controller('access/v1')
class AccessController {
  @Post('evaluation')
  @ApiQueryOperation({
    summary: 'May this means act?',
    scopes: ['decision'],
    body: EvaluationRequest,
    bodyExample: { subject: {} },
    answer: EvaluationAnswer,
    example: { decision: false },
  })
  evaluation() {
    return {};
  }
}

@Controller('.well-known')
class MetadataController {
  @Get('authzen-configuration')
  @ApiQueryOperation({
    summary: 'Where to ask',
    scopes: 'open',
    answer: EvaluationAnswer,
    example: { decision: false },
  })
  metadata() {
    return {};
  }
}

@Module({ controllers: [AuthorizationsController, AccessController, MetadataController] })
class SampleModule {}

describe('the contract', () => {
  const configuration = readConfiguration(
    ['--port', '0', '--public-base-url', 'https://register.example', '--log-level', 'silent'],
    {},
  );
  let app: NestFastifyApplication;
  let document: OpenAPIObject;
  let origin: string | null;

  beforeAll(async () => {
    const tokenVerifier = { verify: () => Promise.reject(new Error('not asked here')), remembered: () => undefined };
    app = await createApp(SampleModule, { configuration, tokenVerifier });
    const response = await fetch(`${await startApp(app, configuration)}/v1/openapi.json`, {
      headers: { origin: 'https://elsewhere.example' },
    });
    origin = response.headers.get('access-control-allow-origin');
    document = (await response.json()) as OpenAPIObject;
  });
  afterAll(async () => {
    await app.close();
  });

  it('is open to everybody, from any page', () => {
    expect(origin).toBe('*');
    const { participantName: name, contactEmail: email } = configuration;
    expect(document.info.contact).toEqual({ name, email, url: 'https://register.example/v1/status' });
  });

  it('writes paths below the versioned server and names another server for the others', () => {
    expect(document.servers).toEqual([{ url: 'https://register.example/v1' }]);
    expect(Object.entries(document.paths).map(([path, item]) => [path, item.servers?.[0]?.url])).toEqual([
      ['/authzen-configuration', 'https://register.example/.well-known'],
      ['/access/v1/evaluation', 'https://register.example'],
      ['/authorizations', undefined],
      ['/authorizations/_search', undefined],
      ['/authorizations/{id}', undefined],
    ]);
  });

  it('says of a command which headers it takes and how it may fail', () => {
    const post = document.paths['/authorizations']!.post!;
    expect(post.parameters).toMatchObject([
      { name: 'Idempotency-Key', in: 'header', required: true },
      { name: 'If-Match', in: 'header', required: false },
    ]);
    expect(Object.keys(post.responses)).toEqual([
      '201',
      '202',
      '400',
      '401',
      '403',
      '409',
      '412',
      '413',
      '415',
      '500',
      '503',
    ]);
    expect(post.security).toEqual([{ bearer: [] }]);
    expect(document.paths['/authzen-configuration']!.get!.security).toEqual([]);
  });

  it('says of every answer what it is, and shows of each that says no what it looks like', () => {
    const operations = Object.values(document.paths).flatMap((item) =>
      [item.get, item.post].flatMap((operation) => operation ?? []),
    );
    expect(operations).toHaveLength(5);
    for (const { responses, security } of operations) {
      for (const [status, response] of Object.entries(responses)) {
        const { description, headers, content } = response as DocumentedResponse;
        expect([status, description.length > 0]).toEqual([status, true]);
        if (Number(status) < 400) continue;
        const example = content!['application/problem+json']!.example as { readonly errors?: readonly object[] };
        expect(example).toMatchObject({
          type: expect.stringMatching(/^https:\/\/register\.example\/problems\/./),
          ...{ title: expect.any(String), detail: expect.any(String), code: expect.any(String) },
          ...{ status: Number(status), instance: expect.stringMatching(/^urn:trace:/) },
        });
        expect(example.errors).toEqual(
          status === '400' ? [{ pointer: '/aimedLevel', code: 'required', detail: 'is required' }] : undefined,
        );
        expect([status, headers !== undefined && 'Retry-After' in headers]).toEqual([status, status === '503']);
      }
      // What nobody has to be let in for stands on no store.
      expect('503' in responses).toBe(security?.length !== 0);
    }
  });

  it('takes what members must be from the decorators that check them', () => {
    const schema = document.components!.schemas!['RegisterRequest'] as { required: string[]; properties: object };
    expect(schema.required).toEqual(['application', 'checks', 'aimedLevel', 'submitter']);
    expect(schema.properties).toMatchObject({
      application: { type: 'string', format: 'uuid', description: 'Intake' },
      aimedLevel: { type: 'string', enum: ['EH2+', 'EH3', 'EH4'] },
      receivedAt: { type: 'string', format: 'date-time' },
      startDate: { type: 'string', format: 'date' },
      others: { type: 'array', items: { $ref: '#/components/schemas/RoleRequest' } },
    });
  });

  unless(noDesignRules()).it('passes the linter of the NL GOV API Design Rules', async () => {
    expect(await judgedByRules(document)).toEqual([]);
    // Control: the linter does find what is wrong.
    const wrong = structuredClone(document);
    delete (wrong.info as { contact?: unknown }).contact;
    delete wrong.paths['/authorizations']!.post!.responses['400'];
    const codes = (await judgedByRules(wrong)).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['info-contact', 'nlgov:problem-invalid-input']));
  });
});

/** An answer as the contract has it. */
interface DocumentedResponse {
  readonly description: string;
  readonly headers?: object;
  readonly content?: Readonly<Record<string, { readonly example: unknown }>>;
}
