import { PERSONAL_SCOPES } from '#libs/configuration';
import type { ProblemCatalogue } from '../problems/catalogue.js';
import type { PlatformCode } from '../problems/messages.js';
import { problemType } from '../problems/to-problem.js';
import { EXAMPLE_ID, type ProblemCode } from './operations.js';
import { referenceTo, type Schema } from './schema.js';

interface Media {
  schema?: Schema;
  examples?: Record<string, { value: unknown }>;
}

export interface Operation {
  operationId?: string;
  tags?: string[];
  parameters?: { in: string; name: string; required?: boolean; schema?: Schema }[];
  requestBody?: { content: Record<string, Media> };
  security?: Record<string, string[]>[];
  responses: Record<string, OperationResponse>;
  [extension: `x-${string}`]: unknown;
}

interface OperationResponse {
  description: string;
  headers?: Record<string, object>;
  content?: Record<string, Media>;
  [extension: `x-${string}`]: unknown;
}

/** What all operations of a document are completed from. */
export interface ContractParts {
  readonly publicBaseUrl: string;
  /** Whom to write to. */
  readonly contact: { readonly name: string; readonly url: string; readonly email: string };
  /** Full version of the API, as the header says it. */
  readonly version: string;
  readonly catalogue: ProblemCatalogue;
}

/** Codes that a body may be refused with, whatever it is for. */
const OF_BODIES: readonly PlatformCode[] = ['invalid-request', 'duplicate-member', 'too-many-values', 'body-too-large'];
/** A problem has the code of its faults where they agree. */
const OF_FAULTS: readonly PlatformCode[] = ['required', 'wrong-type', 'invalid-value'];

function codesOfBody(path: string, { content }: NonNullable<Operation['requestBody']>): readonly ProblemCode[] {
  // A file has no members to be at fault; what is wrong with it has codes of its own.
  if (content['application/json'] === undefined)
    return ['invalid-request', 'required', 'body-too-large', 'unsupported-media-type'];
  // The evaluations know one code for all that (classification.md §0).
  if (path.startsWith('/v1/classifications/')) return [...OF_BODIES, 'unsupported-media-type'];
  const usual = [...OF_BODIES, 'malformed-json', ...OF_FAULTS] as const;
  // AuthZEN passes over what it does not know, and knows no 415 (interfaces.md §7).
  return path.startsWith('/access/')
    ? [...usual, { code: 'unsupported-media-type', status: 400 }]
    : [...usual, 'unknown-member', 'unsupported-media-type'];
}

/** Adds to an operation what every one of its kind has: version header, security, the problems it may answer. */
export function completeOperation(operation: Operation, path: string, parts: ContractParts): void {
  const scopes = taken(operation, 'x-scopes') as readonly string[];
  const own = taken(operation, 'x-codes') as readonly ProblemCode[];
  const command = taken(operation, 'x-command') === true;
  operation.security = scopes.map((scope) => ({ oauth2: [scope] }));

  for (const [status, response] of Object.entries(operation.responses)) {
    if (!/^[23]/.test(status)) continue;
    response.headers = { ...response.headers, ...versionHeader(parts.version) };
    const location = response.headers['Location'];
    if (location !== undefined)
      response.headers['Location'] = { ...location, example: `${objectsOf(path)}/${EXAMPLE_ID}` };
  }

  const codes = new Map<number, string[]>();
  const add = (given: ProblemCode): void => {
    const code = typeof given === 'string' ? given : given.code;
    const status = typeof given === 'string' ? statusOf(code, parts.catalogue) : given.status;
    const listed = codes.get(status) ?? codes.set(status, []).get(status)!;
    if (!listed.includes(code)) listed.push(code);
  };
  for (const code of generalCodes(operation, path, scopes, command)) add(code);
  for (const code of own) add(code);
  for (const [status, listed] of codes) operation.responses[String(status)] = problemResponse(status, listed, parts);
}

/** The codes that follow from what an operation is. */
function generalCodes(
  { parameters = [], requestBody }: Operation,
  path: string,
  scopes: readonly string[],
  command: boolean,
): readonly ProblemCode[] {
  const codes: ProblemCode[] = [];
  const takes = (name: string): boolean => parameters.some((parameter) => parameter.name === name);
  if (requestBody !== undefined) codes.push(...codesOfBody(path, requestBody));
  if (parameters.length > 0) codes.push('invalid-request', 'invalid-value');
  if (requestBody !== undefined || parameters.length > 0) codes.push('bad-request');
  // Of other parameters beside it (readAfter).
  if (takes('after')) codes.push('unknown-member');
  if (takes('after') || path.endsWith('/_search')) codes.push('foreign-position');
  if (path.endsWith('/_search')) codes.push('invalid-cursor', 'position-not-reached');
  if (scopes.length > 0) codes.push('unauthenticated', 'missing-scope', 'unavailable');
  if (scopes.some((scope) => (PERSONAL_SCOPES as readonly string[]).includes(scope))) codes.push('person-required');
  if (path.includes('{')) codes.push('not-found', 'address-too-long');
  if (command) codes.push('conflict', 'idempotency-key-reused', 'precondition-failed', 'outcome-unknown');
  codes.push('internal-error');
  return codes;
}

function taken(operation: Operation, extension: `x-${string}`): unknown {
  const value = operation[extension];
  delete operation[extension];
  return value;
}

function statusOf(code: string, catalogue: ProblemCatalogue): number {
  const message = catalogue.find(code);
  if (message === undefined) throw new Error(`an operation names the problem code ${code}, which nobody declares`);
  return message.status;
}

/** `/v1/persons/{id}/documents` → `/v1/persons`: where the objects are that a command makes or changes. */
const objectsOf = (path: string): string => path.split('/{', 1)[0]!;

const versionHeader = (version: string): Record<string, object> => ({
  'API-Version': { description: 'Full version of this API', schema: { type: 'string' }, example: version },
});

/** All problems of one status: the codes in words, for programs, and each as an example. */
function problemResponse(status: number, codes: readonly string[], parts: ContractParts): OperationResponse {
  const title = (code: string): string => parts.catalogue.title(code, 'en');
  return {
    description: codes.map((code) => `\`${code}\`: ${title(code)}.`).join(' '),
    'x-problem-codes': codes,
    headers: {
      ...versionHeader(parts.version),
      ...(status === 503
        ? { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 1 }, example: 1 } }
        : {}),
    },
    content: {
      'application/problem+json': {
        schema: referenceTo('Problem'),
        examples: Object.fromEntries(
          codes.map((code) => [code, { summary: title(code), value: problemExample(code, status, parts) }]),
        ),
      },
    },
  };
}

function problemExample(code: string, status: number, { catalogue, publicBaseUrl }: ContractParts): object {
  const isOfMember = status === 400 && code !== 'unsupported-media-type' && code !== 'bad-request';
  const fault = { code: code === 'invalid-request' ? 'required' : code };
  const errors = isOfMember ? [{ pointer: '', ...fault, detail: catalogue.title(fault.code, 'en') }] : [];
  return {
    type: problemType(publicBaseUrl, code),
    title: catalogue.title(code, 'en'),
    status,
    detail: catalogue.find(code)!.meaning.en,
    code,
    ...(status === 409 ? { errors: [{ ...fault, detail: catalogue.title(code, 'en') }] } : {}),
    ...(errors.length > 0 ? { errors } : {}),
    instance: 'urn:trace:4bf92f3577b34da6a3ce929d0e0e4736',
  };
}
