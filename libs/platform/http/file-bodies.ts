import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { PHRASES } from '../problems/phrases.js';
import { ProblemException } from '../problems/problem.exception.js';
import { coded, comesUncoded } from './content-coding.js';
import { brokenOff } from './growing-body.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes one file as it is, of at most so many bytes. */
    takesFile?: number;
  }
}

/** What a file may be said to be; anything but JSON and these is 415 everywhere. */
export const FILE_TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const;

/** The operation takes a file of at most `most` bytes in place of a JSON body. */
export const TakesFile = (most: number): MethodDecorator => RouteConfig({ takesFile: most });

/** A file is handed on as it comes, and only to a route that takes one: nothing here holds it. */
export function handOnFiles(fastify: FastifyInstance): void {
  fastify.addContentTypeParser([...FILE_TYPES], (request, payload: IncomingMessage, done) => {
    if (request.routeOptions.config.takesFile === undefined) done(new ProblemException(415, 'unsupported-media-type'));
    else if (!comesUncoded(request.headers)) done(coded());
    else done(null, payload);
  });
}

/** 415 of a route that takes files. */
export const notAFile = (): ProblemException =>
  new ProblemException(415, 'unsupported-media-type', { detail: PHRASES.fileTypes(FILE_TYPES) });

/** 413 of a route that takes files of at most `most` bytes. What is left of the body is not read any more. */
export const fileTooLarge = (most: number): ProblemException =>
  new ProblemException(413, 'body-too-large', {
    detail: PHRASES.fileTooLarge(most),
    headers: { Connection: 'close' },
  });

/**
 * The bytes of a file as they come: 413 as soon as there are more than `most`. Whoever stops before the end leaves the
 * connection as it is, so that he can still be answered on it.
 */
export async function* bytesOf(payload: IncomingMessage, most: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    for await (const chunk of payload.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > most) throw fileTooLarge(most);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ProblemException ? error : brokenOff(error);
  } finally {
    // What was begun Node reads no further by itself: the next request would wait behind it for ever.
    if (!payload.readableEnded) payload.resume();
  }
}
