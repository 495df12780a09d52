import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { comesUncoded } from '../http/content-coding.js';
import { securityLine } from './authenticate.js';
import type { LocalClient, LocalClients } from './local-clients.js';
import type { LocalIssuer } from './local-issuer.js';
import { isScope, ROLES, type Scope } from '#libs/configuration';

/** Where a program gets its token from (RFC 6749 §4.4), beside the paths of the contract. */
export const TOKEN_PATH = '/oauth/token';
const FORM = 'application/x-www-form-urlencoded';
/** Bytes; a request for a token is short. */
const BODY_LIMIT = 8_192;
const LIFETIME_SECONDS = 3_600;

export interface TokenEndpoint {
  readonly issuer: Pick<LocalIssuer, 'issue'>;
  readonly clients: Pick<LocalClients, 'authenticate'>;
}

/** An answer by RFC 6749 §5.2. */
class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  constructor(
    readonly code: 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope',
    readonly description: string,
  ) {
    super(`${code}: ${description}`);
  }
}

/**
 * `POST /oauth/token`: client credentials with `client_secret_basic`, a token for an hour in the scopes of the client's
 * role or those of them that it asks for. Every refusal leaves a line in the security log.
 */
export function serveTokenEndpoint(fastify: FastifyInstance, { issuer, clients }: TokenEndpoint): void {
  void fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(FORM, { parseAs: 'string', bodyLimit: BODY_LIMIT }, (request, body, parsed) => {
      if (comesUncoded(request.headers)) parsed(null, new URLSearchParams(body as string));
      else parsed(new TokenRefused('invalid_request', 'the body comes as it is, without Content-Encoding'));
    });
    scope.setErrorHandler((error: FastifyError, request, reply) => {
      if (error instanceof TokenRefused) return refuse(request, reply, error);
      if (!isOfBody(error)) throw error;
      return refuse(
        request,
        reply,
        new TokenRefused('invalid_request', `a body of ${FORM} is needed, ${BODY_LIMIT} bytes at most`),
      );
    });
    scope.post(TOKEN_PATH, { bodyLimit: BODY_LIMIT, config: { isOpen: true } }, async (request, reply) => {
      const parameters = readParameters(request.body);
      const client = await authenticated(request, parameters, clients);
      const grant = parameters.get('grant_type');
      if (grant === undefined) throw new TokenRefused('invalid_request', 'grant_type is missing: client_credentials');
      if (grant !== 'client_credentials') {
        throw new TokenRefused('unsupported_grant_type', 'grant_type can only be client_credentials');
      }
      const scopes = scopesFor(client, parameters.get('scope'));
      const { id, clerk } = client;
      const token = await issuer.issue({
        ...{ client: id, scopes, lifetimeSeconds: LIFETIME_SECONDS },
        ...(clerk === undefined ? {} : { clerk }),
      });
      return notKept(reply).send({
        access_token: token,
        token_type: 'Bearer',
        expires_in: LIFETIME_SECONDS,
        scope: scopes.join(' '),
      });
    });
    done();
  });
}

/** What the server says of a body before it is read: too long, of another type. */
const isOfBody = ({ code = '' }: Partial<FastifyError>): boolean => code.startsWith('FST_ERR_CTP_');

/** One without a value counts as not there, one that comes twice is refused, and what is not known is passed over (§3.2). */
function readParameters(body: unknown): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  const seen = new Set<string>();
  for (const [name, value] of body instanceof URLSearchParams ? body : []) {
    if (seen.has(name)) throw new TokenRefused('invalid_request', 'a parameter comes twice');
    seen.add(name);
    if (value !== '') parameters.set(name, value);
  }
  return parameters;
}

async function authenticated(
  request: FastifyRequest,
  parameters: ReadonlyMap<string, string>,
  clients: TokenEndpoint['clients'],
): Promise<LocalClient> {
  const header = request.headers.authorization;
  if (parameters.has('client_secret')) {
    throw header === undefined
      ? new TokenRefused('invalid_client', 'the secret comes in the header Authorization (client_secret_basic)')
      : new TokenRefused('invalid_request', 'the client shows its secret in one way only');
  }
  const [id, secret] = credentialsIn(header) ?? [];
  const client = id === undefined || secret === undefined ? undefined : await clients.authenticate(id, secret);
  if (client === undefined) {
    throw new TokenRefused('invalid_client', 'npm run client -- add NAME --role ROLE gives a name and its secret');
  }
  if (parameters.has('client_id') && parameters.get('client_id') !== client.id) {
    throw new TokenRefused('invalid_request', 'client_id names another client');
  }
  return client;
}

/** Name and secret, each form-encoded, of a header `Basic` (§2.3.1); `undefined` where there is none to be read. */
function credentialsIn(header: string | undefined): readonly [string, string] | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  try {
    return [formDecoded(text.slice(0, colon)), formDecoded(text.slice(colon + 1))];
  } catch {
    return undefined;
  }
}

const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

/** All scopes of the role, or those asked for, which have to be among them. */
function scopesFor({ role }: LocalClient, asked: string | undefined): readonly Scope[] {
  const own: readonly Scope[] = ROLES[role];
  if (asked === undefined) return own;
  const names = [...new Set(asked.split(' '))];
  const scopes = names.filter(isScope).filter((name) => own.includes(name));
  if (scopes.length < names.length) {
    throw new TokenRefused('invalid_scope', `this client can ask for ${own.join(' ')}`);
  }
  return scopes;
}

function refuse(request: FastifyRequest, reply: FastifyReply, { code, description }: TokenRefused): FastifyReply {
  const status = code === 'invalid_client' ? 401 : 400;
  securityLine(request, status, code);
  if (status === 401) void reply.header('WWW-Authenticate', 'Basic realm="waarborg"');
  return notKept(reply).status(status).send({ error: code, error_description: description });
}

const notKept = (reply: FastifyReply): FastifyReply =>
  reply.headers({ 'Cache-Control': 'no-store', Pragma: 'no-cache' }).type('application/json; charset=utf-8');
