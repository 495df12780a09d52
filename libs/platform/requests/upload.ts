import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { IncomingMessage } from 'node:http';
import { callerOfRequest } from '../auth/authenticate.js';
import type { Caller } from '../auth/caller.js';
import { bytesOf, fileTooLarge, notAFile } from '../http/file-bodies.js';
import { PHRASES } from '../problems/phrases.js';
import type { Fault } from '../problems/problem.exception.js';
import { parametersBeside, requestContext, type CommandRequest } from './command-request.js';
import { readIdempotencyKey, readIfMatch } from './request-headers.js';

/** A file as it comes in, with the envelope of a command. */
export interface UploadRequest {
  /** As the sender says; what it is shows in its bytes. */
  readonly mediaType: string;
  /** SHA-256 of the bytes, in hexadecimal digits, as the sender says (RFC 9530). */
  readonly digest: string;
  /** The id that the address names beside the path, in lower case. */
  readonly named: string;
  /** Of headers and address. Where there are any, `digest` and `named` may mean nothing. */
  readonly faults: readonly Fault[];
  /** To be read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly caller: Caller;
  readonly context: CommandRequest<object>['context'];
}

/**
 * A file in place of a JSON body, on a route that takes one; `parameter` of the address names what it belongs to. Its
 * faults are told with those that whoever takes it finds: `@Upload('application') upload: UploadRequest`.
 */
export const Upload = createParamDecorator((parameter: string, context: ExecutionContext): UploadRequest =>
  readUpload(context.switchToHttp().getRequest<FastifyRequest>(), parameter),
);

export function readUpload(request: FastifyRequest, parameter: string): UploadRequest {
  const { headers, query, body } = request;
  const most = request.routeOptions.config.takesFile;
  if (most === undefined || !(body instanceof IncomingMessage)) throw notAFile();
  if (Number(headers['content-length'] ?? 0) > most) throw fileTooLarge(most);
  const faults: Fault[] = [...parametersBeside(query, parameter)];
  const key = readIdempotencyKey(headers, faults);
  const ifMatch = readIfMatch(headers, faults);
  const digest = readContentDigest(headers['content-digest'], faults);
  const named = readId((query as Readonly<Record<string, unknown>>)[parameter], parameter, faults);
  return {
    mediaType: headers['content-type']!.split(';', 1)[0]!.trim().toLowerCase(),
    ...{ digest, named, faults, bytes: bytesOf(body, most), caller: callerOfRequest(request) },
    context: { ...requestContext(request), key, ...(ifMatch === undefined ? {} : { ifMatch }) },
  };
}

/** Of several digests the one that everybody has to know; others are passed over (RFC 9530 §2). */
const SHA_256 = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;

function readContentDigest(header: string | string[] | undefined, faults: Fault[]): string {
  const at = { in: 'header', pointer: '/Content-Digest' } as const;
  if (header === undefined) {
    faults.push({ ...at, code: 'required', detail: PHRASES.contentDigest() });
    return '';
  }
  for (const member of [header].flat().join(',').split(',')) {
    const [, text] = SHA_256.exec(member.trim()) ?? [];
    if (text !== undefined) return Buffer.from(text, 'base64').toString('hex');
  }
  faults.push({ ...at, code: 'invalid-value', detail: PHRASES.contentDigest() });
  return '';
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readId(value: unknown, parameter: string, faults: Fault[]): string {
  const at = { in: 'query', pointer: `/${parameter}` } as const;
  if (value === undefined) faults.push({ ...at, code: 'required', detail: PHRASES.required() });
  else if (Array.isArray(value)) faults.push({ ...at, code: 'invalid-value', detail: PHRASES.onceOnly() });
  else if (!UUID.test(String(value).toLowerCase())) {
    faults.push({ ...at, code: 'invalid-value', detail: PHRASES.uuid() });
  }
  return typeof value === 'string' ? value.toLowerCase() : '';
}
