import type { OpenAPIObject } from '@nestjs/swagger';
import { PERSONAL_SCOPES } from '../auth/scopes.js';
import { PLATFORM_MESSAGES, type PlatformCode } from '../problems/messages.js';
import { problemType } from '../problems/to-problem.js';

type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

export interface Operation {
  tags?: string[];
  parameters?: { in: string; name: string }[];
  requestBody?: unknown;
  security?: Record<string, string[]>[];
  responses: Record<
    string,
    { description: string; headers?: Record<string, unknown>; content?: Record<string, unknown> }
  >;
  [extension: `x-${string}`]: unknown;
}

/** Adds to an operation what every one of its kind has: version header, security, the problems it may answer. */
export function completeOperation(operation: Operation, method: string, path: string, publicBaseUrl: string): void {
  const scopes = (operation['x-scopes'] ?? []) as readonly string[];
  const codes = (operation['x-problem-codes'] ?? []) as readonly string[];
  const command = operation['x-command'] === true;
  const takesInput = method !== 'get' || (operation.parameters ?? []).length > 0;
  operation.security = scopes.length === 0 ? [] : [{ bearer: [] }];

  for (const [status, response] of Object.entries(operation.responses)) {
    if (!/^[23]/.test(status)) continue;
    response.headers = { ...response.headers, 'API-Version': VERSION_HEADER };
  }
  const problem = (code: PlatformCode, status: number, description?: string): void => {
    operation.responses[String(status)] ??= problemResponse(code, status, description, publicBaseUrl);
  };
  if (takesInput) problem('invalid-request', 400);
  if (scopes.length > 0) {
    problem('unauthenticated', 401);
    const person = codes.includes('person-required') || scopes.some(isPersonal) ? ', or is not of a person' : '';
    problem('missing-scope', 403, `The token lacks the scope (${scopes.join(' or ')})${person}`);
  }
  if (path.includes('{')) problem('not-found', 404);
  if (command) {
    problem('conflict', 409, codes.length === 0 ? undefined : `Refused or in conflict. Codes: ${codes.join(', ')}`);
    problem('precondition-failed', 412);
  }
  if (operation.requestBody !== undefined) {
    problem('body-too-large', 413);
    // AuthZEN's protocol makes it a 400 (interfaces.md §7).
    if (!path.startsWith('/access/')) problem('unsupported-media-type', 415);
  }
  problem('internal-error', 500);
  if (scopes.length > 0) problem('unavailable', 503);
}

const isPersonal = (scope: string): boolean => (PERSONAL_SCOPES as readonly string[]).includes(scope);

const VERSION_HEADER = {
  description: 'Full version of this API',
  schema: { type: 'string', example: '1.0.0' },
} as const;

function problemResponse(
  code: PlatformCode,
  status: number,
  description: string | undefined,
  publicBaseUrl: string,
): Operation['responses'][string] {
  const message = PLATFORM_MESSAGES[code];
  const example = {
    type: problemType(publicBaseUrl, code),
    title: message.en,
    status,
    detail: message.meaning,
    code,
    ...(status === 400 ? { errors: [{ pointer: '/aimedLevel', code: 'required', detail: 'is required' }] } : {}),
    instance: 'urn:trace:4bf92f3577b34da6a3ce929d0e0e4736',
  };
  return {
    description: description ?? message.en,
    ...(status === 503
      ? { headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } } }
      : {}),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } },
  };
}

/** Problem details as in interfaces.md §4. */
export const problemSchema: Schema = {
  type: 'object',
  description: 'Problem details (RFC 9457)',
  required: ['type', 'title', 'status', 'detail', 'code', 'instance'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'Page that explains the code' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string' },
    code: { type: 'string', description: 'Stable, language-neutral; the first of errors when the rules say no' },
    errors: {
      type: 'array',
      description: 'All faults or reasons at once; parameters of a code stand beside it',
      items: {
        type: 'object',
        required: ['code', 'detail'],
        additionalProperties: true,
        properties: {
          in: {
            type: 'string',
            enum: ['header', 'path', 'query'],
            description: 'Part of the request; absent: the body',
          },
          pointer: { type: 'string', description: 'JSON Pointer to the member' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
    instance: { type: 'string', description: 'Trace id of the request' },
  },
};
