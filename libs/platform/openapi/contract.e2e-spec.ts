import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { unless } from '#libs/testing';
import { judgedByRules, noDesignRules } from '../../../test/contract/openapi/design-rules.js';
import { readConfiguration } from '#libs/configuration';
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
  named,
  Nested,
  NestedList,
  OneOf,
  Optional,
  Section,
  startApp,
  type Contract,
} from '../index.js';

const ID = '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';

const LEVELS = named('SampleLevel', ['EH2+', 'EH2', 'EH3'] as const, 'Level of a sample');

@OneOf({ PersonRole: ['person'], PartyRole: ['party'] })
class RoleRequest {
  @IsUuidString({ description: 'Who' }) @Optional() person?: string;
  @IsUuidString({ description: 'Which' }) @Optional() party?: string;
}

class RegisterRequest {
  @IsUuidString({ description: 'Intake' }) application!: string;
  @IsUuidList({ least: 1 }) checks!: string[];
  @IsChoice(LEVELS) aimedLevel!: string;
  @Optional() @IsChoice(LEVELS) acceptLower?: string;
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
  @ApiProperty({ enum: LEVELS, nullable: true }) level!: string | null;
  @ApiProperty({ type: String, nullable: true }) until!: string | null;
  @ApiProperty() score!: number;
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

const view = { id: ID, position: 'cG9z', level: null, until: null, score: 2 };

@Section('authorizations', 'Samples')
@Controller('v1/authorizations')
class AuthorizationsController {
  @Post()
  @ApiCommand({
    summary: 'Register an authorization',
    scopes: ['registration'],
    body: RegisterRequest,
    description: 'Registers it.',
    bodyExamples: { usual: { application: ID, checks: [ID], aimedLevel: 'EH3', submitter: { person: ID } } },
    answer: AuthorizationView,
    examples: { notYet: view },
    codes: ['instant-in-future', { code: 'late-entry-reason-missing', status: 409 }],
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
    description: 'Newest first.',
    bodyExamples: { ten: { limit: 10 } },
    answer: PageView,
    examples: { one: { items: [view], next: null }, none: { items: [], next: null } },
  })
  search() {
    return {};
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'Read an authorization',
    scopes: ['registration'],
    description: 'As it is.',
    answer: AuthorizationView,
    examples: { one: view },
  })
  read() {
    return {};
  }
}

@Section('decisions', 'Decisions')
@Controller('access/v1')
class AccessController {
  @Post('evaluation')
  @ApiQueryOperation({
    summary: 'May this means act?',
    scopes: ['decision'],
    body: EvaluationRequest,
    description: 'Yes or no.',
    bodyExamples: { nobody: { subject: {} } },
    answer: EvaluationAnswer,
    examples: { no: { decision: false } },
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
    description: 'Where.',
    scopes: 'open',
    answer: EvaluationAnswer,
    examples: { no: { decision: false } },
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
  let document: Contract;
  let access: Contract;
  let origin: string | null;

  beforeAll(async () => {
    const tokenVerifier = { verify: () => Promise.reject(new Error('not asked here')), remembered: () => undefined };
    app = await createApp(SampleModule, { configuration, tokenVerifier });
    const url = await startApp(app, configuration);
    const response = await fetch(`${url}/v1/openapi.json`, { headers: { origin: 'https://elsewhere.example' } });
    origin = response.headers.get('access-control-allow-origin');
    document = (await response.json()) as Contract;
    access = (await (await fetch(`${url}/access/v1/openapi.json`)).json()) as Contract;
  });
  afterAll(async () => {
    await app.close();
  });

  const schemas = () => document.components.schemas;
  const members = (name: string) => schemas()[name]!['properties'];

  it('is open to everybody, from any page', () => {
    expect(origin).toBe('*');
    const { participantName: name, contactEmail: email } = configuration;
    const contact = { name, email, url: 'https://register.example/v1/status' };
    expect([document.info.contact, access.info.contact]).toEqual([contact, contact]);
  });

  it('is one document per base, each with the one server that its paths are relative to', () => {
    const placed = (one: Contract) => [one['servers'], Object.keys(one.paths)];
    expect(placed(document)).toEqual([
      [{ url: 'https://register.example/v1', description: expect.any(String) }],
      ['/authorizations', '/authorizations/_search', '/authorizations/{id}'],
    ]);
    expect(placed(access)).toEqual([
      [{ url: 'https://register.example/access/v1', description: expect.any(String) }],
      ['/evaluation'],
    ]);
    expect(access).toHaveProperty('info.description', expect.stringContaining('/.well-known/authzen-configuration'));
    expect(Object.keys(access.components.schemas)).toEqual(
      expect.arrayContaining(['EvaluationRequest', 'EvaluationAnswer', 'Problem']),
    );
    expect(access.components.schemas).not.toHaveProperty('RegisterRequest');
  });

  it('says of a command which headers it takes and how it may fail, each code at its status', () => {
    const post = document.paths['/authorizations']!['post']!;
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
    expect(post.responses['400']!['x-problem-codes']).toEqual(
      expect.arrayContaining(['instant-in-future', 'required']),
    );
    expect(post.responses['409']!['x-problem-codes']).toEqual(
      expect.arrayContaining(['late-entry-reason-missing', 'conflict', 'idempotency-key-reused']),
    );
    expect(post.security).toEqual([{ oauth2: ['registration'] }]);
    expect(post).not.toHaveProperty('x-command');
  });

  it('says of every answer what it is, and shows of each that says no what it looks like', () => {
    const operations = Object.values({ ...document.paths, ...access.paths }).flatMap((item) => Object.values(item));
    expect(operations).toHaveLength(4);
    for (const { responses } of operations) {
      for (const [status, { description, headers, content, ...response }] of Object.entries(responses)) {
        expect([status, description.length > 0]).toEqual([status, true]);
        if (Number(status) < 400) continue;
        const { examples } = content!['application/problem+json']!;
        expect(Object.keys(examples!)).toEqual(response['x-problem-codes']);
        for (const [code, { value }] of Object.entries(examples!)) {
          expect(value).toMatchObject({
            type: `https://register.example/problems/${code}`,
            ...{ title: expect.any(String), detail: expect.any(String), code },
            ...{ status: Number(status), instance: expect.stringMatching(/^urn:trace:/) },
          });
        }
        expect([status, headers !== undefined && 'Retry-After' in headers]).toEqual([status, status === '503']);
      }
    }
  });

  it('takes what members must be from the decorators that check them', () => {
    const schema = schemas()['RegisterRequest'] as { required: string[]; properties: object };
    expect(schema.required).toEqual(['application', 'checks', 'aimedLevel', 'submitter']);
    expect(schema.properties).toMatchObject({
      application: { type: 'string', format: 'uuid', description: 'Intake' },
      receivedAt: { type: 'string', format: 'date-time' },
      startDate: { type: 'string', format: 'date' },
      others: { type: 'array', items: { $ref: '#/components/schemas/RoleRequest' } },
    });
  });

  it('has a list of words once, by its name, with names for values that generators would give one name', () => {
    expect(schemas()['SampleLevel']).toEqual({
      type: 'string',
      description: 'Level of a sample',
      enum: ['EH2+', 'EH2', 'EH3'],
      'x-enum-varnames': ['EH2_PLUS', 'EH2', 'EH3'],
    });
    expect(members('RegisterRequest')).toHaveProperty('aimedLevel.$ref', '#/components/schemas/SampleLevel');
    expect(members('AuthorizationView')).toHaveProperty('level.anyOf', [
      { $ref: '#/components/schemas/SampleLevel' },
      { type: 'null' },
    ]);
  });

  it('knows whole numbers only, and says of a member that it may be null', () => {
    expect(members('AuthorizationView')).toMatchObject({
      score: { type: 'integer' },
      until: { type: ['string', 'null'] },
    });
  });

  it('closes what is sent, and nothing that is answered', () => {
    expect(schemas()['RegisterRequest']).toHaveProperty('additionalProperties', false);
    expect(schemas()['AuthorizationView']).not.toHaveProperty('additionalProperties');
    expect(access.components.schemas['EvaluationRequest']).not.toHaveProperty('additionalProperties');
  });

  it('makes alternatives of "exactly one of"', () => {
    expect(schemas()['RoleRequest']).toEqual({
      oneOf: [{ $ref: '#/components/schemas/PersonRole' }, { $ref: '#/components/schemas/PartyRole' }],
    });
    expect(schemas()['PersonRole']).toMatchObject({
      required: ['person'],
      properties: { person: {} },
      additionalProperties: false,
    });
    expect(members('PersonRole')).not.toHaveProperty('party');
  });

  unless(noDesignRules()).it('passes the linter of the NL GOV API Design Rules', async () => {
    expect(await judgedByRules(document)).toEqual([]);
    // Control: the linter does find what is wrong.
    const wrong = structuredClone(document);
    delete (wrong.info as { contact?: unknown }).contact;
    delete wrong.paths['/authorizations']!['post']!.responses['400'];
    const codes = (await judgedByRules(wrong)).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['info-contact', 'nlgov:problem-invalid-input']));
  });
});
