import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { BODY_LIMIT } from '../http/limits.js';
import type { KnownRoutes } from '../http/known-routes.js';
import { routeOf, UNMATCHED } from '../telemetry/access-log.js';
import { traceOf } from '../http/trace.js';
import { preferredLanguage, type ProblemCatalogue } from './catalogue.js';
import { PHRASES } from './phrases.js';
import { ProblemException } from './problem.exception.js';
import { PROBLEM_TYPE, foreseen, problemBody } from './to-problem.js';

/** A problem as it goes over the line. */
export interface WrittenProblem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, already text: no serializer of a route comes between. */
  readonly text: string;
}

/** Which request failed. */
export interface FailedRequest {
  readonly raw: IncomingMessage;
  /** Template of the route, or `unmatched`. */
  readonly route: string;
}

/** Answers whatever was thrown; the same for Nest's routes, for raw ones and for what never reached a route. */
export interface ProblemAnswers {
  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void;
  /** The answer, for whoever sends it himself. A failure of ours is also written to the log. */
  describe(error: unknown, request: FailedRequest): WrittenProblem;
}

export function problemAnswers(
  catalogue: ProblemCatalogue,
  publicBaseUrl: string,
  routes: KnownRoutes,
  log: () => FastifyBaseLogger,
  planned: readonly string[] = [],
): ProblemAnswers {
  const notYet = planned.map(belowTemplate);
  const describe = (error: unknown, { raw, route }: FailedRequest): WrittenProblem => {
    const problem = atThisAddress(foreseen(error) ?? new ProblemException(500, 'internal-error'), raw, route, {
      routes,
      notYet,
    });
    const traceId = traceOf(raw).traceId;
    if (problem.status >= 500) {
      log().error({ log: 'operations', trace: traceId, route, code: problem.code, err: error }, 'request failed');
    }
    const language = preferredLanguage(raw.headers['accept-language']);
    let text: string;
    try {
      text = JSON.stringify(problemBody(problem, { catalogue, publicBaseUrl, language, traceId }, bytesSent(raw)));
    } catch (failure) {
      // What is wrong can't be said, which is a mistake of ours.
      return describe(failure, { raw, route });
    }
    return {
      status: problem.status,
      headers: {
        ...problem.headers,
        'Content-Language': language,
        Vary: 'Accept-Language',
        'Content-Type': PROBLEM_TYPE,
      },
      text,
    };
  };
  return {
    describe,
    send(error, request, reply) {
      const { status, headers, text } = describe(error, { raw: request.raw, route: routeOf(request) });
      // The answer has begun: nothing can be said any more, and a second attempt would throw.
      if (reply.sent || reply.raw.headersSent) return;
      reply.removeHeader('etag');
      reply.removeHeader('location');
      void reply.status(status).headers(headers).send(text);
    },
  };
}

/** The address of a template (`/v1/means/{id}/renewals`), and whatever lies below it. */
const belowTemplate = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}(?:/|$)`);

/** Length of the body as the request says it; 0 where it says none. */
const bytesSent = ({ headers }: IncomingMessage): number => {
  const length = Number(headers['content-length'] ?? 0);
  return length <= BODY_LIMIT ? length : 0;
};

/** What a problem means depends on the address: a wrong method is no wrong address, and AuthZEN has rules of its own. */
function atThisAddress(
  problem: ProblemException,
  raw: IncomingMessage,
  route: string,
  { routes, notYet }: { readonly routes: KnownRoutes; readonly notYet: readonly RegExp[] },
): ProblemException {
  const path = (raw.url ?? '').split('?', 1)[0]!;
  if (problem.status === 404 && route === UNMATCHED) {
    const methods = routes.methodsOf(path);
    if (methods.length === 0) {
      const isPlanned = notYet.some((expression) => expression.test(path));
      return new ProblemException(404, 'not-found', isPlanned ? { detail: PHRASES.notInThisVersion() } : {});
    }
    return new ProblemException(405, 'method-not-allowed', { headers: { Allow: methods.join(', ') } });
  }
  // AuthZEN: any content type but application/json is 400 (interfaces.md §7).
  if (problem.status === 415 && path.startsWith('/access/')) {
    const { code, detail, headers } = problem;
    return new ProblemException(400, code, { ...(detail === undefined ? {} : { detail }), headers });
  }
  // The evaluations know two codes only (classification.md §0).
  if (problem.code === 'malformed-json' && path.startsWith('/v1/classifications/')) {
    return new ProblemException(400, 'invalid-request', { errors: problem.errors });
  }
  return problem;
}
