import type { FastifyInstance } from 'fastify';
import { notFound } from '../problems/problem.exception.js';

export interface PublishedFile {
  readonly bytes: Uint8Array | string;
  readonly contentType: string;
  readonly cacheControl: string;
}

/** Files that everyone may read, from any page: they hold nothing that is not published. */
export interface PublishedFiles {
  /**
   * Answers `GET prefix/…` with what `read` gives for the path below it; `undefined` is a 404. Called from a module's
   * constructor, since routes are registered after that. Throws when the prefix is taken.
   */
  add(prefix: string, read: (path: string) => Promise<PublishedFile | undefined>): void;
}

/** Injection token of `PublishedFiles`. */
export const PUBLISHED_FILES = Symbol('PublishedFiles');

export interface PublishedFilesServer extends PublishedFiles {
  serve(fastify: FastifyInstance): void;
}

export function publishedFilesServer(): PublishedFilesServer {
  const readers = new Map<string, (path: string) => Promise<PublishedFile | undefined>>();
  let served = false;
  return {
    add(prefix, read) {
      if (served || readers.has(prefix)) throw new Error(`${prefix} can't be published any more`);
      readers.set(prefix, read);
    },
    serve(fastify) {
      served = true;
      for (const [prefix, read] of readers) {
        fastify.get<{ Params: { '*': string } }>(`${prefix}/*`, async (request, reply) => {
          // Also of what is not there yet, so that a page can tell.
          void reply.header('Access-Control-Allow-Origin', '*');
          const file = await read(request.params['*']);
          if (file === undefined) throw notFound();
          const { bytes, contentType, cacheControl } = file;
          return reply
            .header('Cache-Control', cacheControl)
            .type(contentType)
            .send(typeof bytes === 'string' ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
        });
      }
    },
  };
}
