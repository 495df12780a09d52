import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import {
  allowInsecureRequests,
  clientCredentialsGrantRequest,
  DPoP,
  PrivateKeyJwt,
  processClientCredentialsResponse,
  type AuthorizationServer,
  type Client,
  type DPoPHandle,
} from 'oauth4webapi';
import type { Configuration } from 'oidc-provider';
import type { TestCertificate } from './certificates.js';

export type TokenAlgorithm = 'PS256' | 'ES256' | 'EdDSA' | 'RS256';

/** A key pair that a client has registered, or that its tokens are bound to. */
export interface TestKeys {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** Also what no server would say. */
export type TestClaims = Readonly<Record<string, unknown>>;

export interface TestAuthorizationServer {
  readonly issuer: string;
  readonly audience: string;
  /** What its clients are registered with (RFC 7591), beside their name and keys. */
  readonly registration: Readonly<Record<string, unknown>>;
  /** The private key (JWK) of its clients. */
  readonly clientKey: JWK;
  /**
   * A token of a client (`private_key_jwt`, client credentials): as bearer token, bound to the key of `bindTo`, or to the
   * certificate that it shows to the gateway before the server.
   */
  token(
    scope: string,
    options?: { readonly client?: string; readonly bindTo?: TestKeys; readonly certificate?: TestCertificate },
  ): Promise<string>;
  /** Signs whatever is asked for with a key of the server: what it would never give, or what it gives persons. */
  sign(claims: TestClaims, header?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Claims of a token that is taken. */
  claims(more?: TestClaims): TestClaims;
  /** New keys; those before are withdrawn. */
  rotate(): Promise<void>;
  /** Answers nobody any more, until it is `back`. */
  away(): Promise<void>;
  back(): Promise<void>;
  /** Answers these paths so, whatever the server would say; absent: as the server does. */
  answering(path: string, body: string | undefined): void;
  /** Requests that it got for a path. */
  asked(path: string): number;
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly audience: string;
  /** Every scope that it gives. */
  readonly scopes: readonly string[];
  readonly clients?: readonly string[];
  readonly algorithm?: TokenAlgorithm;
  /** `https`, at this name. */
  readonly tls?: TestCertificate & { readonly host: string };
  /** Binds its tokens to the certificate that the client shows to a gateway before it (RFC 8705). */
  readonly bindsToCertificates?: boolean;
}

const REGISTRATION = {
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'private_key_jwt' as const,
  token_endpoint_auth_signing_alg: 'PS256' as const,
};

/** How the gateway before the server hands on what its client has shown. */
const SHOWN = 'x-shown-certificate';
const shown = (certificate: TestCertificate | undefined): Record<string, string> =>
  certificate === undefined ? {} : { [SHOWN]: encodeURIComponent(certificate.certificate) };

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/**
 * Jest runs tests in a realm of their own and its `structuredClone` makes objects of another, which `oidc-provider` does
 * not take for plain ones. What it copies is plain data.
 */
const copyOf = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member)])) as T;
};

/** Loaded by those tests only that start one: it is large, and needs two things of Node 22 and of its own realm. */
async function loadProvider(): Promise<typeof import('oidc-provider').Provider> {
  const parsing = URL as unknown as { parse?: (text: string) => URL | null };
  parsing.parse ??= (text) => (URL.canParse(text) ? new URL(text) : null);
  if (!(structuredClone({}) instanceof Object)) globalThis.structuredClone = copyOf;
  return (await import('oidc-provider')).Provider;
}

/** A real authorization server (`oidc-provider`) on a free port of this machine, with clients that are let in by a key. */
export async function testAuthorizationServer(options: TestServerOptions): Promise<TestAuthorizationServer> {
  const { audience, tls, algorithm = 'PS256', clients = ['back-office'] } = options;
  const Provider = await loadProvider();
  const own = await generateKeyPair('PS256', { extractable: true });
  const registered = { ...(await exportJWK(own.publicKey)), kid: 'client-1', alg: 'PS256', use: 'sig' };
  const counts = new Map<string, number>();
  const instead = new Map<string, string>();
  let handle: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined;
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url!.split('?')[0]!;
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const other = instead.get(path);
    if (other === undefined) void handle(request, response);
    else response.writeHead(other === '' ? 404 : 200, { 'content-type': 'application/json' }).end(other);
  };
  const listen = async (port: number): Promise<Server> => {
    const server =
      tls === undefined ? createHttp(listener) : createHttps({ cert: tls.certificate, key: tls.key }, listener);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const issuer = `${tls === undefined ? 'http://127.0.0.1' : `https://${tls.host}`}:${port}`;
  let made = 0;
  let signing = await signingKey(algorithm, (made += 1));

  const serve = (): void => {
    const provider = new Provider(issuer, {
      clients: clients.map((client_id) => ({
        ...{ client_id, redirect_uris: [], response_types: [], ...REGISTRATION },
        ...{ jwks: { keys: [registered] }, id_token_signed_response_alg: algorithm },
        ...(options.bindsToCertificates === true ? { tls_client_certificate_bound_access_tokens: true } : {}),
      })),
      jwks: { keys: [{ ...signing.jwk, kid: signing.kid, alg: algorithm, use: 'sig' }] },
      scopes: [...options.scopes],
      enabledJWA: { clientAuthSigningAlgValues: ['PS256'], idTokenSigningAlgValues: [algorithm] },
      features: {
        ...{ clientCredentials: { enabled: true }, devInteractions: { enabled: false }, dPoP: { enabled: true } },
        mTLS: {
          ...{ enabled: options.bindsToCertificates === true, certificateBoundAccessTokens: true },
          getCertificate: (context) => decodeURIComponent(context.get(SHOWN)),
        },
        resourceIndicators: {
          ...{ enabled: true, defaultResource: () => audience, useGrantedResource: () => true },
          getResourceServerInfo: () => ({
            ...{ scope: options.scopes.join(' '), audience, accessTokenTTL: 3_600, accessTokenFormat: 'jwt' as const },
            jwt: { sign: { alg: algorithm } },
          }),
        },
      },
    } satisfies Configuration as Configuration);
    handle = provider.callback();
  };
  serve();

  const shut = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise<void>((resolve) => void server.close(() => resolve()));
  };
  const claims = (more: TestClaims = {}): TestClaims => {
    const iat = Math.floor(Date.now() / 1_000);
    const base = { iss: issuer, aud: audience, iat, exp: iat + 600, client_id: clients[0], sub: clients[0] };
    return { ...base, scope: options.scopes.join(' '), ...more };
  };
  return {
    issuer,
    audience,
    registration: REGISTRATION,
    clientKey: { ...(await exportJWK(own.privateKey)), kid: registered.kid },
    claims,
    async token(scope, { client: name = clients[0]!, bindTo, certificate } = {}) {
      const as: AuthorizationServer = { issuer, token_endpoint: `${issuer}/token` };
      const client: Client = { client_id: name };
      const handleOf: DPoPHandle | undefined = bindTo === undefined ? undefined : DPoP(client, bindTo);
      const response = await clientCredentialsGrantRequest(
        ...([as, client, PrivateKeyJwt({ key: own.privateKey, kid: 'client-1' })] as const),
        new URLSearchParams({ scope, resource: audience }),
        {
          [allowInsecureRequests]: true,
          headers: shown(certificate),
          ...(handleOf === undefined ? {} : { DPoP: handleOf }),
        },
      );
      return (await processClientCredentialsResponse(as, client, response)).access_token;
    },
    sign: (payload, header = {}) =>
      new SignJWT(payload as JWTPayload)
        .setProtectedHeader({ alg: algorithm, kid: signing.kid, typ: 'at+jwt', ...header })
        .sign(signing.privateKey),
    async rotate() {
      signing = await signingKey(algorithm, (made += 1));
      serve();
    },
    away: shut,
    async back() {
      server = await listen(port);
    },
    answering(path, body) {
      if (body === undefined) instead.delete(path);
      else instead.set(path, body);
    },
    asked: (path) => counts.get(path) ?? 0,
    close: shut,
  };
}

async function signingKey(algorithm: TokenAlgorithm, nr: number): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { kid: `key-${nr}`, privateKey, jwk: await exportJWK(privateKey) };
}
