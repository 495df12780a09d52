import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiExtension,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Scope } from '#libs/configuration';
import { Open, Scopes } from '../auth/scopes.guard.js';
import { FILE_TYPES, TakesFile } from '../http/file-bodies.js';
import { referenceTo } from './schema.js';

/** A body: a class whose members are documented, or the name of a component that a schema file describes. */
export type BodyType = Type | string;

/** Bodies as they may come, by a name that says what is special about each. */
export type Examples = Readonly<Record<string, object>>;

/** A code of a problem; with a status where it is not the one that the code usually has. */
export type ProblemCode = string | { readonly code: string; readonly status: number };

interface OperationDocs {
  /** One line, in the clerk's words. */
  readonly summary: string;
  /** What it does, what it asks for and what comes of it. */
  readonly description: string;
  /** The token needs one of these; `'open'` = no token. Sets the guard as well, so that both always agree. */
  readonly scopes: readonly [Scope, ...Scope[]] | 'open';
  readonly answer: BodyType;
  /** Answers as they may come: each kind that differs, a yes and a no. */
  readonly examples: Examples;
  /** Codes of problems that this operation may answer beside the general ones. Each has its status from its declaration. */
  readonly codes?: readonly ProblemCode[];
}

interface BodyDocs {
  readonly body: BodyType;
  readonly bodyExamples: Examples;
}

export interface CommandDocs extends OperationDocs, BodyDocs, CommandWays {}

interface CommandWays {
  /** 201 = makes an object (default), 200 = any other command. */
  readonly status?: 200 | 201;
  /** It makes several objects: its answer has no address and no revision of its own. */
  readonly makesSeveral?: true;
  /** The command may be durable before it is effective everywhere (interfaces.md §8). */
  readonly mayBeLate?: true;
}

export const EXAMPLE_ID = '5e6f7a8b-1111-4222-8333-944455566677';

/** What a position looks like; opaque to callers. */
export const EXAMPLE_POSITION = 'MGY4YjZjMWUtNWEwZS00YzU3LTlkMzUtMGMzYTliMWYyZDQ0LjEuNDI';

const tags = new Map<string, string>();

/** The group in which a controller's operations stand in the contract, and what it is about. */
export function Section(name: string, description: string): ClassDecorator {
  tags.set(name, description);
  return ApiTags(name);
}

export const descriptionOfTag = (name: string): string | undefined => tags.get(name);

/** A command: `POST` under `/v1` that changes state, with `Idempotency-Key`. */
export const ApiCommand = (docs: CommandDocs): MethodDecorator => commandWith(docs, withBody(docs));

export interface UploadDocs extends OperationDocs {
  /** Bytes of a file at most. */
  readonly most: number;
  /** Parameter of the address that names what the file belongs to: its name, and what it is. */
  readonly parameter: readonly [name: string, description: string];
}

/** The same with a file in place of a JSON body (`@Upload`). */
export const ApiUpload = (docs: UploadDocs): MethodDecorator =>
  commandWith(
    docs,
    applyDecorators(
      TakesFile(docs.most),
      ApiConsumes(...FILE_TYPES),
      ApiBody({
        required: true,
        description: `The file as it is, at most ${docs.most} bytes`,
        schema: A_FILE,
      } as never),
      ApiQuery({
        name: docs.parameter[0],
        required: true,
        description: docs.parameter[1],
        schema: { type: 'string', format: 'uuid', example: EXAMPLE_ID },
      }),
      ApiHeader({
        name: 'Content-Digest',
        required: true,
        description: 'SHA-256 of the file (RFC 9530), by which a retry is told from another request.',
        schema: { type: 'string' },
        example: 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
      }),
    ),
  );

/** Bytes, which no schema says more of. */
const A_FILE = { type: 'string', contentMediaType: 'application/octet-stream' } as const;

/** A file that is read as it was sent, by a `GET` that takes `?after=`. */
export const ApiFile = (docs: Omit<OperationDocs, 'answer' | 'examples'>): MethodDecorator =>
  applyDecorators(
    ...common(docs),
    TAKES_POSITION,
    ApiProduces(...FILE_TYPES),
    ApiResponse({ status: 200, description: 'The file as it was sent', schema: A_FILE } as never),
  );

function commandWith(docs: OperationDocs & CommandWays, body: MethodDecorator): MethodDecorator {
  const status = docs.status ?? 201;
  const isOfOne = docs.makesSeveral !== true;
  const headers = {
    ...(isOfOne ? { ETag: { description: 'Revision of the object', schema: { type: 'string' }, example: '"3"' } } : {}),
    'Idempotency-Replayed': {
      description: '`true` when this is the first answer again',
      schema: { type: 'string', const: 'true' },
    },
    ...(status === 201 && isOfOne
      ? { Location: { description: 'Path of the object', schema: { type: 'string' } } }
      : {}),
  } as const;
  // Every answer to a command carries its position.
  const examples = named(docs.examples, (example) => ({ ...example, position: EXAMPLE_POSITION }));
  const answer = (code: number, description: string): MethodDecorator =>
    ApiResponse({ status: code, description, ...typed(docs.answer), examples, headers: headers as never } as never);
  return applyDecorators(
    ...common(docs),
    body,
    ApiExtension('x-command', true),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description:
        'Stands for this one request: the same key with the same body gives the first answer again. 8 to 64 visible characters.',
      schema: { type: 'string', minLength: 8, maxLength: 64, pattern: '^[!-~]+$' },
      example: '5d0c6f0e-register-1',
    }),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'Revision that the object must have, as `ETag` gave it; `*`: whichever it has.',
      schema: { type: 'string', pattern: '^(?:\\*|"[!#-~]*")$' },
      example: '"3"',
    }),
    answer(status, DONE[isOfOne ? status : 'several']),
    ...(docs.mayBeLate === true ? [answer(202, 'Recorded and durable, not yet effective everywhere')] : []),
  );
}

const DONE = {
  200: 'Recorded; the object as it is now',
  201: 'Recorded; the new object',
  several: 'Recorded; the new objects',
} as const;

export type QueryOperationDocs = OperationDocs &
  (BodyDocs | { readonly body?: undefined }) & {
    /** Its answer carries a signature over its bytes (interfaces.md §7). */
    readonly signed?: true;
  };

const OF_SIGNED = {
  Digest: {
    description: 'Over the body as it was sent (RFC 3230)',
    schema: { type: 'string' },
    example: 'SHA-256=ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=',
  },
  'Payload-Signature': {
    description: 'JAdES, detached, over `Digest`, by a key of `/.well-known/jwks.json`',
    schema: { type: 'string', pattern: '^[A-Za-z0-9_-]+\\.\\.[A-Za-z0-9_-]+$' },
  },
} as const;

const TAKES_POSITION = ApiQuery({
  name: 'after',
  required: false,
  description: 'Position of an earlier answer that this answer must already show.',
  schema: { type: 'string', example: EXAMPLE_POSITION },
});

/**
 * A request that changes nothing: `_search`, an evaluation or a decision (`POST` with a body), or a read (`GET`).
 * A `GET` also takes `?after=` unless it is open.
 */
export function ApiQueryOperation(docs: QueryOperationDocs): MethodDecorator {
  const takesPosition = docs.body === undefined && docs.scopes !== 'open';
  return applyDecorators(
    ...common(docs),
    ...(docs.body === undefined ? [] : [withBody(docs)]),
    ...(takesPosition ? [TAKES_POSITION] : []),
    ApiResponse({
      status: 200,
      description: 'The answer',
      ...typed(docs.answer),
      examples: named(docs.examples, (example) => example),
      ...(docs.signed === true ? { headers: OF_SIGNED } : {}),
    } as never),
  );
}

/** A read (`GET`) whose answer is text, as a file that programs take. It takes `?after=`. */
export function ApiTextOperation(
  docs: Omit<OperationDocs, 'answer' | 'examples'> & {
    readonly examples: Readonly<Record<string, string>>;
    /** Its media type; plain text when absent. */
    readonly type?: string;
  },
): MethodDecorator {
  const { type = 'text/plain' } = docs;
  const examples = Object.entries(docs.examples).map(([name, value]) => [name, { summary: inWords(name), value }]);
  return applyDecorators(
    ...common(docs),
    TAKES_POSITION,
    ApiResponse({
      status: 200,
      description: 'The answer',
      content: { [type]: { schema: { type: 'string' }, examples: Object.fromEntries(examples) as never } },
    }),
  );
}

export type DownloadDocs = Omit<OperationDocs, 'answer' | 'examples'> &
  BodyDocs & {
    /** What it may look like, by media type. */
    readonly types: Readonly<Record<string, string>>;
  };

/** A question (`POST`) whose answer is a file, of one of several types. */
export const ApiDownload = (docs: DownloadDocs): MethodDecorator =>
  applyDecorators(
    ...common(docs),
    withBody(docs),
    ApiResponse({
      status: 200,
      description: 'The file',
      content: Object.fromEntries(
        Object.entries(docs.types).map(([type, value]) => [
          type,
          { schema: { type: 'string' }, examples: { file: { summary: 'File', value } } as never },
        ]),
      ),
      headers: OF_FILES as never,
    } as never),
  );

const OF_FILES = {
  'Content-Digest': {
    description: 'SHA-256 of the file (RFC 9530)',
    schema: { type: 'string' },
    example: 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
  },
  'Export-Salt': {
    description: 'Key of the HMAC-SHA-256 of the file in its reading, in hexadecimal: kept with the file',
    schema: { type: 'string' },
    example: '7f'.repeat(32),
  },
  Link: { description: 'Where its receipt is', schema: { type: 'string' } },
} as const;

/** The id in the path of the operation. */
export const ApiId = (name = 'id', description = 'Id of the object'): MethodDecorator =>
  ApiParam({
    name,
    description,
    schema: { type: 'string', format: 'uuid', example: EXAMPLE_ID },
  });

function common(docs: Omit<OperationDocs, 'answer' | 'examples'>): MethodDecorator[] {
  return [
    docs.scopes === 'open' ? Open() : Scopes(...docs.scopes),
    ApiOperation({ summary: docs.summary, description: docs.description }),
    // What follows is read and taken away when the contract is made.
    ApiExtension('x-scopes', docs.scopes === 'open' ? [] : docs.scopes),
    ApiExtension('x-codes', docs.codes ?? []),
  ];
}

const typed = (body: BodyType) => (typeof body === 'string' ? { schema: referenceTo(body) } : { type: body });

/** Looked at only where a contract is written: an example may be an answer that takes a while. */
const named = (examples: Examples, change: (example: object) => object) =>
  Object.fromEntries(
    Object.keys(examples).map((name) => [
      name,
      {
        summary: inWords(name),
        get value() {
          return change(examples[name]!);
        },
      },
    ]),
  );

/** `notReported` → `Not reported`. */
function inWords(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const withBody = ({ body, bodyExamples }: BodyDocs): MethodDecorator =>
  ApiBody({ ...typed(body), required: true, examples: named(bodyExamples, (example) => example) } as never);
