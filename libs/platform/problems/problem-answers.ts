import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KnownRoutes } from '../http/known-routes.js';
import { routeOf } from '../telemetry/access-log.js';
import { traceOf } from '../http/trace.js';
import { preferredLanguage, type ProblemCatalogue } from './catalogue.js';
import { ProblemException } from './problem.exception.js';
import { PROBLEM_TYPE, foreseen, problemBody } from './to-problem.js';

/** Answers whatever was thrown; the same for Nest's routes, for raw ones and for what never reached a route. */
export interface ProblemAnswers {
  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void;
}

export function problemAnswers(
  catalogue: ProblemCatalogue,
  publicBaseUrl: string,
  routes: KnownRoutes,
): ProblemAnswers {
  return {
    send(error, request, reply) {
      const problem = atThisAddress(foreseen(error) ?? new ProblemException(500, 'internal-error'), request, routes);
      const traceId = traceOf(request.raw).traceId;
      if (problem.status >= 500) {
        request.log.error(
          { log: 'operations', trace: traceId, route: routeOf(request), code: problem.code, err: error },
          'request failed',
        );
      }
      // The answer has begun: nothing can be said any more, and a second attempt would throw.
      if (reply.sent || reply.raw.headersSent) return;
      const language = preferredLanguage(request.headers['accept-language']);
      const body = problemBody(problem, { catalogue, publicBaseUrl, language, traceId });
      reply.removeHeader('etag');
      reply.removeHeader('location');
      void reply
        .status(problem.status)
        .headers({ ...problem.headers, 'Content-Language': language, Vary: 'Accept-Language' })
        .type(PROBLEM_TYPE)
        // As text: no serializer of a route comes between.
        .send(JSON.stringify(body));
    },
  };
}

/** What a problem means depends on the address: a wrong method is no wrong address, and AuthZEN has rules of its own. */
function atThisAddress(problem: ProblemException, request: FastifyRequest, routes: KnownRoutes): ProblemException {
  const path = (request.raw.url ?? '').split('?', 1)[0]!;
  if (problem.status === 404 && request.is404) {
    const methods = routes.methodsOf(path);
    if (methods.length === 0) return new ProblemException(404, 'not-found');
    return new ProblemException(405, 'method-not-allowed', { headers: { Allow: methods.join(', ') } });
  }
  // AuthZEN: any content type but application/json is 400 (interfaces.md §7).
  if (problem.status === 415 && path.startsWith('/access/')) return new ProblemException(400, 'unsupported-media-type');
  // The evaluations know two codes only (classification.md §0).
  if (problem.code === 'malformed-json' && path.startsWith('/v1/classifications/')) {
    return new ProblemException(400, 'invalid-request', { errors: problem.errors });
  }
  return problem;
}
