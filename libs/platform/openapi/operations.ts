import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { Scope } from '../auth/scopes.js';
import { Open, Scopes } from '../auth/scopes.guard.js';

interface OperationDocs {
  /** One line, in the clerk's words. */
  readonly summary: string;
  readonly description?: string;
  /** Group in the documentation; default: the first segment of the path. */
  readonly tag?: string;
  /** The token needs one of these; `'open'` = no token. Sets the guard as well, so that both always agree. */
  readonly scopes: readonly [Scope, ...Scope[]] | 'open';
  /** Class of the answer's body, its members documented. */
  readonly answer: Type;
  /** An answer as it may come. */
  readonly example: object;
  /** Codes of problems that this operation may answer beside the general ones. */
  readonly codes?: readonly string[];
}

interface BodyDocs {
  readonly body: Type;
  readonly bodyExample: object;
}

export interface CommandDocs extends OperationDocs, BodyDocs {
  /** 201 = makes an object (default), 200 = any other command. */
  readonly status?: 200 | 201;
  /** The command may be durable before it is effective everywhere (interfaces.md §8). */
  readonly mayBeLate?: true;
}

/** What a position looks like; opaque to callers. */
const EXAMPLE_POSITION = 'MGY4YjZjMWUtNWEwZS00YzU3LTlkMzUtMGMzYTliMWYyZDQ0LjEuNDI';

/** A command: `POST` under `/v1` that changes state, with `Idempotency-Key`. */
export function ApiCommand(docs: CommandDocs): MethodDecorator {
  const status = docs.status ?? 201;
  const headers = {
    ETag: { description: 'Revision of the object', schema: { type: 'string' } },
    'Idempotency-Replayed': {
      description: '`true` when this is the first answer again',
      schema: { type: 'string', enum: ['true'] },
    },
    ...(status === 201 ? { Location: { description: 'Path of the new object', schema: { type: 'string' } } } : {}),
  } as const;
  const answer = (code: number, description: string): MethodDecorator =>
    ApiResponse({
      status: code,
      description,
      type: docs.answer,
      // Every answer to a command carries its position.
      example: { ...docs.example, position: EXAMPLE_POSITION },
      headers: headers as never,
    });
  return applyDecorators(
    ...common(docs),
    ...withBody(docs),
    ApiExtension('x-command', true),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'Stands for this one request: the same key with the same body gives the first answer again.',
      schema: { type: 'string', minLength: 8, maxLength: 64 },
      example: '5d0c6f0e-register-1',
    }),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'Revision that the object must have, as `ETag` gave it.',
      schema: { type: 'string' },
    }),
    answer(status, status === 201 ? 'Recorded; the new object' : 'Recorded; the object as it is now'),
    ...(docs.mayBeLate === true ? [answer(202, 'Recorded and durable, not yet effective everywhere')] : []),
  );
}

export type QueryOperationDocs = OperationDocs & (BodyDocs | { readonly body?: undefined });

/**
 * A request that changes nothing: `_search`, an evaluation or a decision (`POST` with a body), or a read (`GET`).
 * A `GET` also takes `?after=` unless it is open.
 */
export function ApiQueryOperation(docs: QueryOperationDocs): MethodDecorator {
  return applyDecorators(
    ...common(docs),
    ...(docs.body === undefined ? [] : withBody(docs)),
    ...(docs.body === undefined && docs.scopes !== 'open'
      ? [
          ApiQuery({
            name: 'after',
            required: false,
            description: 'Position of an earlier answer that this answer must already show.',
            schema: { type: 'string' },
          }),
        ]
      : []),
    ApiResponse({ status: 200, description: 'The answer', type: docs.answer, example: docs.example }),
  );
}

/** The id in the path of the operation. */
export const ApiId = (name = 'id', description = 'Id of the object'): MethodDecorator =>
  ApiParam({ name, description, schema: { type: 'string', format: 'uuid' } });

function common(docs: OperationDocs): MethodDecorator[] {
  return [
    docs.scopes === 'open' ? Open() : Scopes(...docs.scopes),
    ApiOperation({
      summary: docs.summary,
      ...(docs.description === undefined ? {} : { description: docs.description }),
      ...(docs.tag === undefined ? {} : { tags: [docs.tag] }),
    }),
    ApiExtension('x-scopes', docs.scopes === 'open' ? [] : docs.scopes),
    ApiExtension('x-problem-codes', docs.codes ?? []),
  ];
}

const withBody = (docs: BodyDocs): MethodDecorator[] => [
  ApiBody({ type: docs.body, required: true, examples: { example: { value: docs.bodyExample } } }),
];
