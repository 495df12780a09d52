import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { SCOPE_MEANINGS } from '#libs/configuration';
import type { Configuration } from '#libs/configuration';
import type { ProblemCatalogue } from '../problems/catalogue.js';
import { completeOperation, type ContractParts, type Operation } from './complete-operation.js';
import { descriptionOfTag } from './operations.js';
import { problemSchemas } from './problem-schema.js';
import { publishedComponents } from './components.js';
import { componentsNeeded, isSchema, type Schemas } from './schema.js';
import { closeRequests, tidyInline, tidySchemas } from './tidy-schemas.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

type PathItem = Record<string, Operation>;
type Paths = Record<string, PathItem>;

/** An OpenAPI document. */
export interface Contract {
  readonly openapi: string;
  readonly info: { readonly contact: object; readonly [member: string]: unknown };
  readonly paths: Readonly<Paths>;
  readonly components: { readonly schemas: Schemas; readonly securitySchemes: object };
  readonly [member: string]: unknown;
}

/** The documents of an application, one per versioned base (NL GOV API Design Rules 2.2). */
export interface Contracts {
  readonly v1: Contract;
  readonly access: Contract;
}

/** Whose API it is: the participant's whose installation serves it. */
export const contactOf = ({
  publicBaseUrl,
  participantName,
  contactEmail,
}: Pick<Configuration, 'publicBaseUrl' | 'participantName' | 'contactEmail'>) => ({
  name: participantName,
  url: `${publicBaseUrl}/v1/status`,
  email: contactEmail,
});

/** What differs between the documents. Requests of AuthZEN take any member (interfaces.md §7), ours none that is unknown. */
const DOCUMENTS = {
  v1: {
    base: '/v1',
    title: 'Waarborg',
    closed: true,
    description: [
      'Means and authorizations of an eHerkenning supplier. **No level without proof**: levels are computed from recorded checks and never sent.',
      'Tokens: `oauth2` with the scope of each operation. Every `POST` that changes something takes an `Idempotency-Key`: the same request again, with the same key, gives the first answer again.',
      'An answer to a command carries `position`; a read that is given it as `after` already shows what the command did.',
      'Problems are RFC 9457; each code has a page at `/problems/{code}` beside this base. Every answer has its full version in `API-Version` and its trace id in `Trace-Id`.',
      'Beside this base there are `/access/v1` (decisions at use, with a document of its own), `/.well-known/authzen-configuration`, `/.well-known/jwks.json`, and `/health/live` and `/health/ready` of each process.',
      'A value or a member that a later version adds to an answer is no break: pass over what you do not know.',
    ],
  },
  access: {
    base: '/access/v1',
    title: 'Waarborg: decisions at use',
    closed: false,
    description: [
      'May this person, with this means, act for this organization at this service, at this level, now? OpenID AuthZEN Authorization API 1.0.',
      'What is unknown is a no (`decision: false` with its reasons), never an error. Members that are not known are passed over. Every answer is on record before it is given.',
      'Every answer is signed over its bytes, in `Payload-Signature`; `context` says whose answer it is, to whom, when and to which request. The keys are at `/.well-known/jwks.json` beside this base.',
      '`/.well-known/authzen-configuration` beside this base names the address to ask. Everything else is at `/v1`, with a document of its own at `/v1/openapi.json`.',
    ],
  },
} as const;

/** Addresses that the documents have words for only: they lie beside both bases, and have no version. */
const IN_WORDS: readonly string[] = ['/.well-known/authzen-configuration', '/.well-known/jwks.json'];

/** The documents of an application. Needs its modules, not that it listens. */
export function buildContracts(
  app: INestApplication,
  configuration: Pick<Configuration, 'publicBaseUrl' | 'participantName' | 'contactEmail'>,
  version: string,
  catalogue: ProblemCatalogue,
): Contracts {
  const described = SwaggerModule.createDocument(app, new DocumentBuilder().build(), {
    operationIdFactory,
    autoTagControllers: false,
  });
  const { publicBaseUrl } = configuration;
  const parts = { publicBaseUrl, contact: contactOf(configuration), version, catalogue };
  const components = { ...publishedComponents(), ...(described.components?.schemas as Schemas), ...problemSchemas };
  const operations = Object.entries(described.paths as unknown as Paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      if (operation === undefined || IN_WORDS.includes(path)) return [];
      completeOperation(operation, path, parts);
      tidyParameters(operation, `${method} ${path}`);
      return [{ path, method, operation }];
    }),
  );
  const tidy = tidySchemas(components);
  const document = (which: keyof typeof DOCUMENTS): Contract =>
    assemble(
      DOCUMENTS[which],
      operations.filter(({ path }) => path.startsWith(`${DOCUMENTS[which].base}/`)),
      tidy,
      parts,
    );
  const contracts = { v1: document('v1'), access: document('access') };
  const told = Object.values(contracts).flatMap(({ paths }) => Object.values(paths).flatMap(Object.keys));
  if (told.length !== operations.length) throw new Error('an operation lies below neither base of the contract');
  return contracts;
}

interface Placed {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function assemble(
  { base, title, closed, description }: (typeof DOCUMENTS)[keyof typeof DOCUMENTS],
  operations: readonly Placed[],
  tidy: Schemas,
  { publicBaseUrl, contact, version }: ContractParts,
): Contract {
  const paths: Paths = {};
  const tags = new Set<string>();
  const scopes = new Set<string>();
  for (const { path, method, operation } of [...operations].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const [tag] = operation.tags ?? [];
    if (tag === undefined || descriptionOfTag(tag) === undefined) throw new Error(`${path} stands in no @Section`);
    tags.add(tag);
    for (const asked of operation.security ?? []) for (const scope of asked['oauth2'] ?? []) scopes.add(scope);
    (paths[path.slice(base.length)] ??= {})[method] = operation;
  }
  const all = operations.map(({ operation }) => operation);
  const requests = all.map(({ requestBody }) => requestBody);
  const needed = componentsNeeded(all, tidy);
  const used = Object.fromEntries(Object.entries(tidy).filter(([name]) => needed.has(name)));
  const schemas = closed
    ? closeRequests(
        used,
        requests,
        all.map(({ responses }) => responses),
      )
    : used;
  return {
    openapi: '3.1.0',
    info: {
      title,
      description: description.join('\n\n'),
      version,
      contact,
      license: { name: 'Proprietary', url: `${publicBaseUrl}/` },
    },
    servers: [{ url: publicBaseUrl + base, description: 'This installation' }],
    tags: [...tags].sort().map((name) => ({ name, description: descriptionOfTag(name) })),
    paths,
    components: { schemas, securitySchemes: securitySchemes(publicBaseUrl, scopes) },
  };
}

const securitySchemes = (publicBaseUrl: string, scopes: ReadonlySet<string>) => ({
  oauth2: {
    type: 'oauth2',
    description:
      'Client credentials. Tokens come from the authorization server of the organization (NL GOV OAuth profile; `private_key_jwt`), where one is set, which production demands: as bearer token, or bound to a key (DPoP, RFC 9449: `Authorization: DPoP …` and one proof in `DPoP`) or to a certificate (mutual TLS, RFC 8705). In development they come from the installation itself: a client (`client_secret_basic`) from `npm run client`, or a token from `npm run token`.',
    flows: {
      clientCredentials: {
        tokenUrl: `${publicBaseUrl}/oauth/token`,
        scopes: Object.fromEntries(Object.entries(SCOPE_MEANINGS).filter(([scope]) => scopes.has(scope))),
      },
    },
  },
});

/** Parameters have their schema in them. */
function tidyParameters(operation: Operation, where: string): void {
  for (const parameter of operation.parameters ?? []) {
    if (isSchema(parameter.schema)) parameter.schema = tidyInline(parameter.schema, `${where} ${parameter.name}`);
  }
}

/** `RegisterAuthorizationController.post` → `registerAuthorizationPost`. */
function operationIdFactory(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '');
  return name.charAt(0).toLowerCase() + name.slice(1) + method.charAt(0).toUpperCase() + method.slice(1);
}
