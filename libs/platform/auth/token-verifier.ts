import { errors, jwtVerify, type JWTHeaderParameters, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { Caller } from './caller.js';
import { isScope, type Scope } from './scopes.js';

/** The token is not one we accept. `reason` goes to the security log, never to the caller. */
export class TokenRejected extends Error {
  override readonly name = 'TokenRejected';
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`token rejected: ${reason}`, options);
  }
}

/** Turns a bearer token into its caller. The seam for the organization's own authorization server (`AUTH_ISSUER`). */
export interface TokenVerifier {
  /**
   * MUST resolve only for a token of the configured issuer, meant for us, in force, signed with an allowed algorithm.
   * MUST reject with `TokenRejected` for any other; with another error when it can't tell (the issuer is away): 503.
   */
  readonly verify: (token: string) => Promise<Caller>;
  /**
   * Whose token an `Authorization` header holds, when that very token was verified a moment ago and is still in force.
   * MUST be `undefined` for a token whose end has come, that was never verified or not within the last five seconds,
   * or of another scheme: it is as much a gate as `verify`. A verifier that remembers nothing always answers `undefined`.
   */
  readonly remembered: (authorization: string) => Caller | undefined;
}

/** Injection token of the `TokenVerifier`, which the composition provides. */
export const TOKEN_VERIFIER = Symbol('TokenVerifier');

export interface JwtExpectations {
  readonly issuer: string;
  readonly audience: string;
  /** Never `none`, never a symmetric one. */
  readonly algorithms: readonly ('EdDSA' | 'Ed25519' | 'ES256' | 'PS256' | 'RS256')[];
}

/** Public keys: a resolver such as jose's `createRemoteJWKSet`. */
export interface VerificationKey {
  readonly resolve: JWTVerifyGetKey;
}

/** A token is compact and small; anything longer is not looked at. */
const MAX_TOKEN_LENGTH = 8_192;
const CLOCK_TOLERANCE_SECONDS = 5;
/** NL GOV OAuth profile: a token lives six hours at most, whoever issued it. */
export const MAX_TOKEN_SECONDS = 6 * 60 * 60;
/** Kinds of token that are access tokens (RFC 9068, RFC 7519); an id token or a logout token is none. */
const TYPES: readonly unknown[] = ['at+jwt', 'JWT'];
/** Tokens remembered as verified. A client sends the same one for hours, and a signature costs more than a decision. */
const REMEMBERED = 1_000;
/** Milliseconds that a token is remembered: as long as a key that was withdrawn may still count. */
const REMEMBERED_FOR = 5_000;
const BEARER = 'Bearer ';
const IDENTIFIER = /^[\x21-\x7e]{1,128}$/;

/** Verifier of signed JWT access tokens (NL GOV OAuth profile: iss, aud, exp, alg, kid; interfaces.md §2: client_id, sub, scope). */
export function jwtVerifier(expectations: JwtExpectations, { resolve }: VerificationKey): TokenVerifier {
  const options = {
    issuer: expectations.issuer,
    audience: expectations.audience,
    algorithms: [...expectations.algorithms],
    requiredClaims: ['exp', 'iat', 'client_id', 'scope'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  };
  const verified = new Map<string, { readonly caller: Caller; readonly endsAt: number }>();
  const inForce = (token: string): Caller | undefined => {
    const known = verified.get(token);
    return known !== undefined && Date.now() < known.endsAt ? known.caller : undefined;
  };
  return {
    remembered: (authorization) =>
      authorization.startsWith(BEARER) ? inForce(authorization.slice(BEARER.length)) : undefined,
    async verify(token) {
      const known = inForce(token);
      if (known !== undefined) return known;
      verified.delete(token);
      if (token.length > MAX_TOKEN_LENGTH) throw new TokenRejected('too long');
      try {
        const { payload, protectedHeader } = await jwtVerify(token, resolve, options);
        const end = endOf(payload, protectedHeader);
        const caller = callerOf(payload);
        if (verified.size >= REMEMBERED) verified.delete(verified.keys().next().value!);
        verified.set(token, { caller, endsAt: Math.min(end * 1_000, Date.now() + REMEMBERED_FOR) });
        return caller;
      } catch (error) {
        if (error instanceof TokenRejected) throw error;
        if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) {
          throw new TokenRejected(error.code, { cause: error });
        }
        throw error;
      }
    },
  };
}

/** When the token ends, in seconds; throws where it is no access token that its bearer may use. */
function endOf({ exp, iat, cnf }: JWTPayload, { typ }: JWTHeaderParameters): number {
  if (!TYPES.includes(typ)) throw new TokenRejected('typ is not that of an access token');
  // Bound to a key that the caller would have to prove (RFC 7800), for which there is no way here.
  if (cnf !== undefined) throw new TokenRejected('cnf is not proven');
  // Both are among the required claims.
  if (iat! > Date.now() / 1_000 + CLOCK_TOLERANCE_SECONDS) throw new TokenRejected('issued in the future');
  if (exp! - iat! > MAX_TOKEN_SECONDS) throw new TokenRejected('lives too long');
  return exp! + CLOCK_TOLERANCE_SECONDS;
}

function callerOf(payload: JWTPayload): Caller {
  const client = payload['client_id'];
  const scope = payload['scope'];
  const clerk: unknown = payload.sub;
  if (!isIdentifier(client)) throw new TokenRejected('client_id is no identifier');
  if (typeof scope !== 'string') throw new TokenRejected('scope is no string');
  if (clerk !== undefined && !isIdentifier(clerk)) throw new TokenRejected('sub is no identifier');
  refuseMistyped(payload);
  const scopes = new Set<Scope>(scope.split(' ').filter(isScope));
  // A program that acts by itself says so by its own name, or says nothing (RFC 9068 §2.2).
  return { client, scopes, ...(clerk === undefined || clerk === client ? {} : { clerk }) };
}

/** Whether a client or a person can be named by it: visible characters, no spaces. */
export const isIdentifier = (claim: unknown): claim is string => typeof claim === 'string' && IDENTIFIER.test(claim);
const isText = (claim: unknown): boolean => typeof claim === 'string';
const isMoment = (claim: unknown): boolean => typeof claim === 'number' && Number.isFinite(claim);

/** The other registered claims (RFC 7519 §4.1): a token that says one in another type was not made by who signs ours. */
const FORMS: Readonly<Record<string, (claim: unknown) => boolean>> = {
  iss: isText,
  aud: (claim) => isText(claim) || (Array.isArray(claim) && claim.every(isText)),
  exp: isMoment,
  iat: isMoment,
  nbf: (claim) => claim === undefined || isMoment(claim),
  jti: (claim) => claim === undefined || isText(claim),
};

function refuseMistyped(payload: JWTPayload): void {
  const mistyped = Object.entries(FORMS).find(([name, fits]) => !fits(payload[name]));
  if (mistyped !== undefined) throw new TokenRejected(`${mistyped[0]} has another type`);
}
