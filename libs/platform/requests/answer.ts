import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { entityTag } from './request-headers.js';

/** Status, headers and body of an accepted command, of an object or of a text, as a value that a controller returns. */
export class Answer<Body extends object | string = object | string> {
  constructor(
    readonly status: number,
    readonly body: Body,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

export interface CommandAnswer<Body extends object> {
  readonly body: Body;
  /** Revision of the object's stream. */
  readonly revision: number;
  /** Opaque position (`encodePosition`); becomes the member `position` of the body. */
  readonly position: string;
  /** The command had been carried out before. */
  readonly replayed: boolean;
}

/** 201: the command made an object, which is at `location` (path, `/v1/means/…`). */
export const created = <Body extends object>(location: string, answer: CommandAnswer<Body>): Answer<Body> =>
  commandAnswer(201, answer, { Location: location });

/** 201: the command made several objects, each answered as by itself; none of them is *the* object of the answer. */
export function createdAll<Body extends object>(answers: readonly CommandAnswer<Body>[]): Answer {
  return new Answer(
    201,
    { items: answers.map(({ body, position }) => ({ ...body, position })), position: answers.at(-1)!.position },
    answers.every(({ replayed }) => replayed) ? { 'Idempotency-Replayed': 'true' } : {},
  );
}

/** 200: any other accepted command, with the object as it is now. */
export const done = <Body extends object>(answer: CommandAnswer<Body>): Answer<Body> => commandAnswer(200, answer, {});

/** 202: accepted and durable, not yet effective everywhere (interfaces.md §8). */
export const accepted = <Body extends object>(location: string, answer: CommandAnswer<Body>): Answer<Body> =>
  commandAnswer(202, answer, { Location: location });

/** 200: an object that was read, with its `ETag`. */
export const found = <Body extends object>(body: Body, revision: number): Answer<Body> =>
  new Answer(200, body, { ETag: entityTag(revision) });

/** 200: a text, which a browser saves under this name. */
export const textFile = (text: string, name: string, type = 'text/plain'): Answer<string> =>
  new Answer(200, text, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Disposition': `attachment; filename="${name}"`,
  });

function commandAnswer<Body extends object>(
  status: number,
  { body, revision, position, replayed }: CommandAnswer<Body>,
  headers: Readonly<Record<string, string>>,
): Answer<Body> {
  return new Answer(
    status,
    { ...body, position },
    {
      ...headers,
      ETag: entityTag(revision),
      ...(replayed ? { 'Idempotency-Replayed': 'true' } : {}),
    },
  );
}

/** Writes an `Answer` out; anything else a controller returns is the body of a 200. */
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((value: unknown) => {
        if (!(value instanceof Answer)) {
          reply.status(200);
          return value;
        }
        reply.status(value.status).headers(value.headers);
        return value.body;
      }),
    );
  }
}
