import type { IncomingMessage } from 'node:http';
import { errors, jwtVerify, type JWTHeaderParameters, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { Caller } from './caller.js';
import { isScope, type Scope } from '#libs/configuration';

/** The token is not one we accept. `reason` goes to the security log, never to the caller. */
export class TokenRejected extends Error {
  override readonly name = 'TokenRejected';
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
    /** What the caller is told (RFC 6750 §3.1, RFC 9449 §7.1). */
    readonly error: 'invalid_token' | 'invalid_dpop_proof' = 'invalid_token',
  ) {
    super(`token rejected: ${reason}`, options);
  }
}

/** Schemes in which a token can be brought (RFC 6750, RFC 9449). */
export type TokenScheme = 'Bearer' | 'DPoP';

/** How a token was brought. */
export interface Presented {
  readonly scheme: TokenScheme;
  readonly request: IncomingMessage;
}

/** Turns a token into its caller. */
export interface TokenVerifier {
  /**
   * MUST resolve only for a token of the configured issuer, meant for us, in force, signed with an allowed algorithm, and
   * where it is bound to a key or a certificate, only when `presented` shows that whoever brought it has that. Without
   * `presented` nothing is shown.
   * MUST reject with `TokenRejected` for any other; with another error when it can't tell (the issuer is away): 503.
   */
  readonly verify: (token: string, presented?: Presented) => Promise<Caller>;
  /**
   * Whose token an `Authorization` header holds, when that very token was verified a moment ago and is still in force.
   * MUST be `undefined` for a token whose end has come, that was never verified or not within the last five seconds, that
   * is bound to anything, or of another scheme: it is as much a gate as `verify`. A verifier that remembers nothing always
   * answers `undefined`.
   */
  readonly remembered: (authorization: string) => Caller | undefined;
  /** Algorithms of proofs (RFC 9449). Absent: no token is brought in the scheme `DPoP`. */
  readonly proofAlgorithms?: readonly string[];
}

/** Injection token of the `TokenVerifier`, which the composition provides. */
export const TOKEN_VERIFIER = Symbol('TokenVerifier');

/** Judges whether whoever brings a token has what it is bound to. */
export interface Possession {
  readonly proofAlgorithms?: readonly string[];
  /**
   * MUST resolve only when `confirmation` (the claim `cnf`, RFC 7800) is absent or what it names is shown, all of it; a
   * proof that counts once is used up by that. MUST reject with `TokenRejected` otherwise, also for a kind of confirmation
   * that it does not know; with another error when it can't tell.
   */
  prove(confirmation: unknown, token: string, presented: Presented | undefined): Promise<void>;
}

export interface JwtExpectations {
  readonly issuer: string;
  readonly audience: string;
  /** Never `none`, never a symmetric one. */
  readonly algorithms: readonly ('EdDSA' | 'Ed25519' | 'ES256' | 'PS256' | 'RS256')[];
  /** Kinds of token (`typ`) that are access tokens there. */
  readonly types: readonly string[];
  /** By how many seconds the issuer's clock may differ from ours. */
  readonly clockToleranceSeconds: number;
  /** Our scopes for the issuer's `scope`. Absent: those that are called as ours are. */
  readonly scopes?: (scope: string) => ReadonlySet<Scope>;
  /** Absent: a token that is bound to anything is rejected. */
  readonly possession?: Possession;
}

/** Public keys: a resolver such as jose's `createLocalJWKSet`. */
export interface VerificationKey {
  readonly resolve: JWTVerifyGetKey;
}

/** A token is compact and small; anything longer is not looked at. */
const MAX_TOKEN_LENGTH = 8_192;
/** NL GOV OAuth profile: a token lives six hours at most, whoever issued it. */
export const MAX_TOKEN_SECONDS = 6 * 60 * 60;
/** Tokens remembered as verified. A client sends the same one for hours, and a signature costs more than a decision. */
const REMEMBERED = 1_000;
/** Milliseconds that a token is remembered: as long as a key that was withdrawn may still count. */
const REMEMBERED_FOR = 5_000;
const BEARER = 'Bearer ';
const IDENTIFIER = /^[\x21-\x7e]{1,128}$/;
/** Claims that tell an ID token or a logout token from an access token, where `typ` does not (OpenID Connect Core §2). */
const OF_OTHER_TOKENS = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events'];

/** What a token says, once its signature and its times were judged. */
interface Judged {
  readonly caller: Caller;
  readonly confirmation: unknown;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/** No token is bound to anything, so nothing has to be shown. */
const bearerOnly: Possession = {
  prove: async (confirmation, _token, presented) => {
    if (confirmation !== undefined) throw new TokenRejected('cnf is not proven');
    if (presented?.scheme === 'DPoP') throw new TokenRejected('is bound to no key');
  },
};

/** Verifier of signed JWT access tokens (NL GOV OAuth profile: iss, aud, exp, alg, kid; interfaces.md §2: client_id, sub, scope). */
export function jwtVerifier(expectations: JwtExpectations, { resolve }: VerificationKey): TokenVerifier {
  const { possession = bearerOnly, clockToleranceSeconds: tolerance } = expectations;
  const options = {
    issuer: expectations.issuer,
    audience: expectations.audience,
    algorithms: [...expectations.algorithms],
    requiredClaims: ['exp', 'iat', 'scope'],
    clockTolerance: tolerance,
  };
  const verified = new Map<string, Judged>();
  const inForce = (token: string): Judged | undefined => {
    const known = verified.get(token);
    return known !== undefined && Date.now() < known.endsAt ? known : undefined;
  };
  const judge = async (token: string): Promise<Judged> => {
    verified.delete(token);
    if (token.length > MAX_TOKEN_LENGTH) throw new TokenRejected('too long');
    try {
      const { payload, protectedHeader } = await jwtVerify(token, resolve, options);
      const end = endOf(payload, protectedHeader, expectations);
      const judged = {
        caller: callerOf(payload, expectations.scopes ?? ourScopes),
        confirmation: payload['cnf'],
        endsAt: Math.min(end * 1_000, Date.now() + REMEMBERED_FOR),
      };
      if (verified.size >= REMEMBERED) verified.delete(verified.keys().next().value!);
      verified.set(token, judged);
      return judged;
    } catch (error) {
      if (error instanceof TokenRejected) throw error;
      if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) {
        throw new TokenRejected(error.code, { cause: error });
      }
      throw error;
    }
  };
  return {
    ...(possession.proofAlgorithms === undefined ? {} : { proofAlgorithms: possession.proofAlgorithms }),
    remembered(authorization) {
      if (!authorization.startsWith(BEARER)) return undefined;
      const known = inForce(authorization.slice(BEARER.length));
      // What is bound is shown with each request anew.
      return known?.confirmation === undefined ? known?.caller : undefined;
    },
    async verify(token, presented) {
      const { caller, confirmation } = inForce(token) ?? (await judge(token));
      await possession.prove(confirmation, token, presented);
      return caller;
    },
  };
}

/** When the token ends, in seconds; throws where it is no access token. */
function endOf(
  payload: JWTPayload,
  { typ }: JWTHeaderParameters,
  { types, clockToleranceSeconds }: JwtExpectations,
): number {
  if (typeof typ !== 'string' || !types.includes(typ)) throw new TokenRejected('typ is not that of an access token');
  const other = OF_OTHER_TOKENS.find((claim) => Object.hasOwn(payload, claim));
  if (other !== undefined) throw new TokenRejected(`${other} is no claim of an access token`);
  // Both are among the required claims.
  const { exp, iat } = payload;
  if (iat! > Date.now() / 1_000 + clockToleranceSeconds) throw new TokenRejected('issued in the future');
  if (exp! - iat! > MAX_TOKEN_SECONDS) throw new TokenRejected('lives too long');
  return exp! + clockToleranceSeconds;
}

const ourScopes = (scope: string): ReadonlySet<Scope> => new Set(scope.split(' ').filter(isScope));

function callerOf(payload: JWTPayload, scopesOf: (scope: string) => ReadonlySet<Scope>): Caller {
  const client = clientOf(payload);
  const scope = payload['scope'];
  const clerk: unknown = payload.sub;
  if (typeof scope !== 'string') throw new TokenRejected('scope is no string');
  if (clerk !== undefined && !isIdentifier(clerk)) throw new TokenRejected('sub is no identifier');
  refuseMistyped(payload);
  // A program that acts by itself says so by its own name, or says nothing (RFC 9068 §2.2).
  return { client, scopes: scopesOf(scope), ...(clerk === undefined || clerk === client ? {} : { clerk }) };
}

/** `client_id`, or `azp` where the issuer says it so; where it says both they are one. */
function clientOf(payload: JWTPayload): string {
  const { client_id: client, azp } = payload;
  if (client !== undefined && azp !== undefined && client !== azp) throw new TokenRejected('client_id and azp differ');
  const named = client === undefined ? azp : client;
  if (!isIdentifier(named)) throw new TokenRejected('client_id is no identifier');
  return named;
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
