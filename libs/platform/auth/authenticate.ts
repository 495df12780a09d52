import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PHRASES } from '../problems/phrases.js';
import { ProblemException, unavailable } from '../problems/problem.exception.js';
import { traceOf } from '../http/trace.js';
import type { SentRequest } from '../requests/sent-request.js';
import { admission, type Caller } from './caller.js';
import type { Scope } from '#libs/configuration';
import { TokenRejected, type TokenScheme, type TokenVerifier } from './token-verifier.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `authenticate`. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** Of a route whose caller has no token yet: where he gets one. */
    isOpen?: boolean;
  }
}

/**
 * Whether the request may go on: a valid token with at least one of `scopes` (empty: any token). The same
 * before a body is read and in Nest's guard. Throws 401 or 403, and writes a line to the security log.
 */
export async function authenticate(
  request: FastifyRequest,
  verifier: TokenVerifier,
  scopes: readonly Scope[],
): Promise<Caller> {
  const caller = request.caller ?? (await callerOf(request, verifier));
  // Known from here on, so that the access log can name the client of a 403 as well.
  request.caller = caller;
  requireScope(request, caller, scopes);
  return caller;
}

/** Goes on with one of `scopes` (empty: with any token), else throws 403 and writes a line to the security log. */
export function requireScope(request: SentRequest, caller: Caller, scopes: readonly Scope[]): void {
  const admitted = admission(caller, scopes);
  if (admitted === 'granted') return;
  if (admitted === 'person-required') throw personRequired(request, caller);
  const needed = scopes.join(' ');
  securityLine(request, 403, 'missing scope', { client: caller.client, needed });
  throw new ProblemException(403, 'missing-scope', {
    detail: scopes.length === 1 ? PHRASES.scopeNeeded(needed) : PHRASES.oneScopeNeeded(scopes),
    errors: scopes.map((scope) => ({ code: 'missing-scope', detail: PHRASES.scope(scope), facts: { scope } })),
    headers: {
      'WWW-Authenticate': `${schemeOf(request) ?? 'Bearer'} realm="waarborg", error="insufficient_scope", scope="${needed}"`,
    },
  });
}

/** Goes on when a person holds the token, else throws 403 and writes a line to the security log (interfaces.md §2). */
export function requirePerson(request: SentRequest): void {
  const caller = callerOfRequest(request);
  if (caller.clerk === undefined) throw personRequired(request, caller);
}

/** The caller of this request; only on routes that are not open. */
export function callerOfRequest(request: Pick<SentRequest, 'caller'>): Caller {
  if (request.caller === null) throw new Error('the caller of an open route is not known');
  return request.caller;
}

function personRequired(request: SentRequest, caller: Caller): ProblemException {
  securityLine(request, 403, 'no person', { client: caller.client });
  return new ProblemException(403, 'person-required');
}

/**
 * Asks for the token before a body is read: strangers get no parsing done. Reads (`GET`, `HEAD`) have no body and are left
 * to the guard, because some are open; so an open route of the contract is always a read.
 */
export function authenticateFirst(fastify: FastifyInstance, verifier: TokenVerifier): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    // Nothing is at this address, or not with this method: said before a body is read.
    if (request.is404) return done(new ProblemException(404, 'not-found'));
    if (request.method === 'GET' || request.method === 'HEAD' || request.routeOptions.config.isOpen) return done();
    authenticate(request, verifier, []).then(() => done(), done);
  });
}

/** A token in its scheme; a proof of its own comes beside it. */
const CREDENTIALS = /^(Bearer|DPoP) +([A-Za-z0-9._~+/-]+=*)$/i;

const schemeOf = ({ headers }: Pick<SentRequest, 'headers'>): TokenScheme | undefined => {
  const [, scheme] = CREDENTIALS.exec(headers.authorization ?? '') ?? [];
  return scheme === undefined ? undefined : scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer';
};

async function callerOf(request: FastifyRequest, verifier: TokenVerifier): Promise<Caller> {
  const header = request.headers.authorization;
  if (header === undefined) {
    securityLine(request, 401, 'no token');
    throw unauthenticated(verifier);
  }
  const scheme = schemeOf(request);
  const token = CREDENTIALS.exec(header)?.[2];
  if (scheme === undefined || token === undefined || (scheme === 'DPoP' && verifier.proofAlgorithms === undefined)) {
    securityLine(request, 401, 'no bearer token');
    throw unauthenticated(verifier, 'Bearer', 'invalid_request');
  }
  try {
    return await verifier.verify(token, { scheme, request: request.raw });
  } catch (error) {
    if (!(error instanceof TokenRejected)) throw unavailable('unavailable', 1, error);
    securityLine(request, 401, error.reason);
    throw unauthenticated(verifier, scheme, error.error);
  }
}

/** A challenge for each way to bring a token; the one that was gone says what was wrong (RFC 6750 §3, RFC 9449 §7.1). */
function unauthenticated(
  { proofAlgorithms }: TokenVerifier,
  scheme?: TokenScheme,
  error?: 'invalid_request' | TokenRejected['error'],
): ProblemException {
  const challenge = (of: TokenScheme, more = ''): string =>
    `${of} realm="waarborg"${of === scheme && error !== undefined ? `, error="${error}"` : ''}${more}`;
  const challenges = [
    ...(scheme === 'DPoP' ? [] : [challenge('Bearer')]),
    ...(proofAlgorithms === undefined ? [] : [challenge('DPoP', `, algs="${proofAlgorithms.join(' ')}"`)]),
  ];
  return new ProblemException(401, 'unauthenticated', { headers: { 'WWW-Authenticate': challenges.join(', ') } });
}

/** Never the token, never the address itself: an id in it may point at a person. */
export function securityLine(request: SentRequest, status: number, reason: string, more: object = {}): void {
  const trace = traceOf(request.raw).traceId;
  const route = request.routeOptions?.url ?? 'unmatched';
  request.log.warn(
    { log: 'security', trace, route, method: request.method, status, reason, ...more },
    'access refused',
  );
}
