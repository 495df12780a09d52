import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { FaultForPeople, membersTwice } from '#libs/kernel';
import { TokenRejected, type VerificationKey } from './token-verifier.js';

/** The server says of itself what can't be: a person has to mend the setting or the server. */
export class IssuerRefused extends FaultForPeople {
  override readonly name = 'IssuerRefused';
}

/** Its keys can't be had, and none are known that count still: no token can be judged. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable';
}

/** Milliseconds. */
export interface IssuerLimits {
  /** Between two looks at the keys: so long a key that was withdrawn counts, while the server answers. */
  readonly lookEvery: number;
  /** Between two looks while it does not answer. */
  readonly retryEvery: number;
  /** Least time between two looks because of a key that is not known. */
  readonly unknownKeyEvery: number;
  /** How long keys count that could not be looked at again. */
  readonly knownFor: number;
  /** Longest wait for all the answers of one look. */
  readonly patience: number;
}

export const ISSUER_LIMITS: IssuerLimits = {
  lookEvery: 5 * 60_000,
  retryEvery: 30_000,
  unknownKeyEvery: 5_000,
  knownFor: 60 * 60_000,
  patience: 5_000,
};

/** Bytes of an answer; more is not read. */
const MAX_ANSWER = 512 * 1024;

export interface AuthorizationServer extends VerificationKey {
  /**
   * Looks at the server for the first time. Rejects with `IssuerRefused` when what it says can never be right; one that
   * does not answer is told in a line and looked at again.
   */
  begin(): Promise<void>;
  /** Milliseconds since its keys were had; `undefined` while none ever were. */
  age(): number | undefined;
  /** Where clients get their tokens, as the server says; `undefined` while it was not had. */
  tokenEndpoint(): string | undefined;
  /** Why no token can be judged now; `undefined` when it can. */
  trouble(): string | undefined;
  close(): void;
}

export interface AuthorizationServerParts {
  /** As in `iss`, letter by letter. */
  readonly issuer: string;
  readonly log: (line: string) => void;
  readonly limits?: Partial<IssuerLimits>;
  /** Milliseconds that never go back. */
  readonly clock?: () => number;
}

interface KnownKeys {
  readonly resolve: JWTVerifyGetKey;
  readonly at: number;
  readonly tokenEndpoint: string | undefined;
}

/** The organization's authorization server: its metadata (RFC 8414, or OpenID's) and its keys, kept and looked at again. */
export function authorizationServer(parts: AuthorizationServerParts): AuthorizationServer {
  const { issuer, log, clock = (): number => performance.now() } = parts;
  const limits = { ...ISSUER_LIMITS, ...parts.limits };
  const closing = new AbortController();
  let known: KnownKeys | undefined;
  let looking: Promise<void> | undefined;
  let lookedAt = -Infinity;
  let failure: Error | undefined;
  let next: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    lookedAt = clock();
    // Of one look, whatever it has to ask.
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(limits.patience)]);
    const ask: Ask = (url) => answerOf(url, signal);
    try {
      const metadata = await metadataOf(issuer, ask);
      const keys = await keysOf(metadata, ask);
      known = { resolve: createLocalJWKSet(keys), at: clock(), tokenEndpoint: metadata.tokenEndpoint };
      if (failure !== undefined) log(`The keys of ${issuer} can be had again.`);
      failure = undefined;
    } catch (error) {
      if (closing.signal.aborted) return;
      const first = failure === undefined;
      failure = error instanceof Error ? error : new Error(String(error));
      if (first) {
        const until = Math.round(limits.knownFor / 60_000);
        const rest = known === undefined ? 'no token is taken until then' : `those known count for ${until} minutes`;
        log(`The keys of ${issuer} can't be had, ${rest}: ${failure.message}`);
      }
    } finally {
      schedule();
    }
  }

  /** One look at a time, whoever asks for it. */
  const lookAgain = (): Promise<void> => (looking ??= look().finally(() => (looking = undefined)));

  /** Strangers must not make us ask as often as they like. */
  const lookUnlessJustDone = async (): Promise<void> => {
    if (clock() - lookedAt >= limits.unknownKeyEvery) await lookAgain();
    else await looking;
  };

  function schedule(): void {
    clearTimeout(next);
    if (closing.signal.aborted) return;
    const pause = failure === undefined ? limits.lookEvery : limits.retryEvery;
    next = setTimeout(() => void lookAgain(), pause).unref();
  }

  const counting = (): KnownKeys | undefined =>
    known !== undefined && clock() - known.at <= limits.knownFor ? known : undefined;

  const unavailable = (): IssuerUnavailable =>
    new IssuerUnavailable(`the keys of ${issuer} can't be had`, { cause: failure });

  return {
    async begin() {
      await lookAgain();
      if (failure instanceof IssuerRefused) throw failure;
    },
    async resolve(header, token) {
      if (typeof header.kid !== 'string') throw new TokenRejected('no key id');
      // None were had yet, or not for long: the server may be back, or the process was stopped.
      if (counting() === undefined) await lookUnlessJustDone();
      const keys = counting();
      if (keys === undefined) throw unavailable();
      try {
        return await keys.resolve(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      }
      // A new key, or anybody's invention.
      await lookUnlessJustDone();
      const renewed = counting();
      // Whether there is such a key can't be told.
      if (renewed === undefined || failure !== undefined) throw unavailable();
      return renewed.resolve(header, token);
    },
    age: () => (known === undefined ? undefined : clock() - known.at),
    tokenEndpoint: () => known?.tokenEndpoint,
    trouble: () =>
      counting() === undefined ? (failure?.message ?? 'its keys were not had yet, or not for long') : undefined,
    close() {
      closing.abort();
      clearTimeout(next);
    },
  };
}

/** `body` is `undefined` where there is none that can be read; `said` tells then what came instead. */
interface Asked {
  readonly body: unknown;
  readonly said: string;
}
type Ask = (url: string) => Promise<Asked>;

async function answerOf(url: string, signal: AbortSignal): Promise<Asked> {
  let response: Response;
  try {
    response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
  } catch (error) {
    throw new Error(`${url} does not answer (${reasonOf(error)})`, { cause: error });
  }
  if (response.status !== 200) {
    await response.body?.cancel().catch(() => undefined);
    return { body: undefined, said: `${url} answers ${response.status}` };
  }
  try {
    return { body: onlyReading(await textOf(response)), said: `${url} answers JSON` };
  } catch (error) {
    return { body: undefined, said: `${url} answers what can't be read (${reasonOf(error)})` };
  }
}

/** What a JSON text says to every reader: one that names a key twice says another thing to others (RFC 7517 §4). */
function onlyReading(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const [twice] = membersTwice(text);
  if (twice === undefined) return value;
  const [first, second] = twice.places.map(({ line, column }) => `line ${line}, column ${column}`);
  throw new Error(`${twice.path.join('/')} stands there twice: ${first} and ${second}`);
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    if ((bytes += chunk.byteLength) > MAX_ANSWER) throw new Error(`more than ${MAX_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Where the metadata may stand: RFC 8414 §3 puts its name before the path of the issuer, OpenID behind it. */
export function metadataAddresses(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
}

interface Metadata {
  readonly jwksUri: string;
  readonly tokenEndpoint: string | undefined;
}

async function metadataOf(issuer: string, ask: Ask): Promise<Metadata> {
  const instead: string[] = [];
  for (const url of metadataAddresses(issuer)) {
    const { body, said } = await ask(url);
    if (body === undefined) {
      instead.push(said);
      continue;
    }
    return metadataIn(body, issuer, url);
  }
  throw new Error(`no metadata: ${instead.join('; ')}`);
}

/** Throws `IssuerRefused` on what can't be right. Where the issuer is reached by TLS, so are its keys and its tokens. */
export function metadataIn(body: unknown, issuer: string, url: string): Metadata {
  const metadata = (body ?? {}) as Readonly<Record<string, unknown>>;
  const { issuer: named, jwks_uri: jwksUri, token_endpoint: tokenEndpoint } = metadata;
  // Else one server could give keys for another (RFC 8414 §3.3).
  if (named !== issuer) {
    throw new IssuerRefused(
      `${url} is of the issuer ${JSON.stringify(named)}: AUTH_ISSUER has to be that, letter by letter`,
    );
  }
  if (typeof jwksUri !== 'string' || !URL.canParse(jwksUri)) {
    throw new IssuerRefused(`${url} names no jwks_uri: the server has to sign its access tokens as JWT`);
  }
  const isSafe = (address: string): boolean =>
    new URL(issuer).protocol !== 'https:' || (URL.canParse(address) && new URL(address).protocol === 'https:');
  if (!isSafe(jwksUri)) throw new IssuerRefused(`${url} names a jwks_uri that is no https:// address`);
  if (typeof tokenEndpoint !== 'string') return { jwksUri, tokenEndpoint: undefined };
  // The contract tells clients to send there what they log in with.
  if (!isSafe(tokenEndpoint)) throw new IssuerRefused(`${url} names a token_endpoint that is no https:// address`);
  return { jwksUri, tokenEndpoint };
}

async function keysOf({ jwksUri }: Metadata, ask: Ask): Promise<JSONWebKeySet> {
  const { body, said } = await ask(jwksUri);
  if (body === undefined) throw new Error(said);
  const keys = (body as { readonly keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys) || keys.length === 0) throw new Error(`${jwksUri} holds no keys`);
  return body as JSONWebKeySet;
}

/** With the reason below, which says more: `fetch failed` is all that its own message says. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { readonly message?: string; readonly cause?: unknown };
  const below = cause as { readonly code?: string; readonly message?: string } | undefined;
  return below?.code ?? below?.message ?? message ?? String(error);
}
