import type { HttpAdapterHost } from '@nestjs/core';
import { callerOfRequest, requireScope, type Scope } from '#libs/platform';

type FastifyRequest = Parameters<typeof requireScope>[0];

interface Route {
  readonly method: string | readonly string[];
  readonly url: string;
  handler: (request: FastifyRequest) => unknown;
}

interface Fastify {
  addHook(name: 'onRoute', hook: (route: Route) => void): void;
  addHook(name: 'onReady', hook: (done: (error?: Error) => void) => void): void;
}

export interface DirectParts {
  readonly host: HttpAdapterHost;
  readonly scopes: readonly Scope[];
}

/**
 * Answers the named `POST` routes of a controller without Nest's pipeline, which costs as much as everything else of
 * such a request together. The controller keeps its decorators: they document the route and are what the guard would
 * ask; token, trace, headers, strict JSON and problems are the edge's hooks, the same for both kinds of route.
 *
 * Called from the controller's constructor: its routes are registered after that.
 */
export function answerDirectly(
  { host, scopes }: DirectParts,
  answers: Readonly<Record<string, (request: FastifyRequest) => unknown>>,
): void {
  const fastify = host.httpAdapter.getInstance<Fastify>();
  const missing = new Set(Object.keys(answers));
  fastify.addHook('onRoute', (route) => {
    const answer = answers[route.url];
    if (answer === undefined || route.method !== 'POST') return;
    missing.delete(route.url);
    route.handler = (request) => {
      // The edge asked for the token before it read the body.
      requireScope(request, callerOfRequest(request), scopes);
      return answer(request);
    };
  });
  fastify.addHook('onReady', (done) => {
    done(missing.size === 0 ? undefined : new Error(`no route of Nest is called ${[...missing].join(', ')}`));
  });
}
