import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { ProblemException } from '../problems/problem.exception.js';

export interface BodyLimits {
  /** Most bytes of one body. */
  readonly body: number;
  /** Most bytes of all bodies that are held at once. */
  readonly held: number;
}

/** What is left of the body is not read any more. */
const CLOSING = { Connection: 'close' };

/**
 * Takes every body whole and as it came, of any content type. An app is only asked once the body is there, so that a slow
 * caller holds no connection to an app, and what got no answer can be asked of another instance. What all callers together
 * make the gateway hold is bounded: nobody has shown a token yet.
 */
export function takeWholeBodies(fastify: FastifyInstance, { body: most, held: mostHeld }: BodyLimits): void {
  let held = 0;
  /** Bytes held for a request until its answer has gone: they may have to be sent again. */
  const sizes = new WeakMap<IncomingMessage, number>();
  fastify.addHook('preParsing', (request, reply, _payload, done) => {
    reply.raw.once('close', () => {
      held -= sizes.get(request.raw) ?? 0;
      sizes.delete(request.raw);
    });
    done();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (request, payload: IncomingMessage, done) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let over = false;
    const end = (error: Error | null, whole?: Buffer): void => {
      if (over) return;
      over = true;
      chunks.length = 0;
      done(error, whole);
    };
    const tooLarge = (): void => end(new ProblemException(413, 'body-too-large', { headers: CLOSING }));
    if (Number(request.headers['content-length'] ?? 0) > most) return tooLarge();
    payload.on('data', (chunk: Buffer) => {
      if (over) return;
      length += chunk.length;
      held += chunk.length;
      sizes.set(request.raw, length);
      chunks.push(chunk);
      if (length > most) tooLarge();
      else if (held > mostHeld) {
        end(new ProblemException(503, 'unavailable', { headers: { ...CLOSING, 'Retry-After': '1' } }));
      }
    });
    payload.on('end', () => end(null, Buffer.concat(chunks, length)));
    payload.on('error', (error) => end(error));
  });
}
