import type { Json } from './api.js';
import { until } from './until.js';

/** Where each document of the contract is served. */
export const DOCUMENTS = ['/v1/openapi.json', '/access/v1/openapi.json'] as const;

export interface Document {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

export interface DocumentedOperation {
  readonly security: readonly { readonly oauth2: readonly string[] }[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

export interface DocumentedAnswer {
  readonly 'x-problem-codes'?: readonly string[];
  readonly content?: Readonly<Record<string, Media>>;
}

interface Media {
  readonly schema: Json;
  readonly examples?: Readonly<Record<string, { readonly value: Json }>>;
}

/** One operation of the contract, as far as tests are generated from it. */
export interface Operation {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The path with an id that nothing has. */
  readonly address: string;
  /** Empty: open. */
  readonly scopes: readonly string[];
  readonly command: boolean;
  /** Its body is a file. */
  readonly takesFile: boolean;
  /** Names of what it takes in the query. */
  readonly query: readonly string[];
  /** Codes of problems that it says it may answer. */
  readonly codes: readonly string[];
  /** Of the body; of alternatives the one that the example is of. */
  readonly schema: Json | undefined;
  readonly example: Json | undefined;
}

export const NOBODY = '00000000-0000-4000-8000-000000000000';

export const documentsOf = (url: string): Promise<readonly Document[]> =>
  Promise.all(DOCUMENTS.map((path) => documentOf(url + path)));

/** Asked again while it can not be given now; what is given instead of a contract is told as it is. */
async function documentOf(address: string): Promise<Document> {
  let [status, text] = [503, ''];
  await until(`${address} is given`, async () => {
    const answer = await fetch(address);
    [status, text] = [answer.status, await answer.text()];
    // Built in the process that asks for it: the head of the other question may come too late on a busy machine (408).
    return status !== 503 && status !== 408;
  });
  const document = JSON.parse(text) as Partial<Document>;
  if (document.servers === undefined) throw new Error(`${address} gave no contract: ${status} ${text.slice(0, 500)}`);
  return document as Document;
}

/** Every operation of the contract, so that a new one is tested without anybody remembering it. */
export async function operationsOf(url: string): Promise<readonly Operation[]> {
  return (await documentsOf(url)).flatMap((document) => {
    const base = new URL(document.servers[0]!.url).pathname;
    return Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): Operation => {
        const content = operation.requestBody?.content['application/json'];
        const example = Object.values(content?.examples ?? {})[0]?.value;
        return {
          method: method.toUpperCase() as 'GET' | 'POST',
          path: base + path,
          address: base + path.replaceAll(/\{[^}]+\}/g, NOBODY),
          scopes: operation.security.flatMap(({ oauth2 }) => oauth2),
          command: operation.parameters?.some(({ name }) => name === 'Idempotency-Key') ?? false,
          takesFile: operation.requestBody !== undefined && content === undefined,
          query: (operation.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name),
          codes: Object.values(operation.responses).flatMap((answer) => answer['x-problem-codes'] ?? []),
          schema: content === undefined ? undefined : resolved(document, content.schema, example),
          example,
        };
      }),
    );
  });
}

/** The schema itself with the schemas of its members, one level deep. */
function resolved(document: Document, schema: Json, example: Json | undefined): Json {
  const target = (one: Json): Json => {
    const reference = one['$ref'] as string | undefined;
    return reference === undefined ? one : document.components.schemas[reference.split('/').at(-1)!]!;
  };
  const { oneOf, discriminator, ...whole } = target(schema);
  if (Array.isArray(oneOf)) {
    const { propertyName, mapping } = (discriminator ?? {}) as {
      propertyName?: string;
      mapping?: Record<string, string>;
    };
    const chosen = propertyName === undefined ? undefined : mapping?.[example?.[propertyName] as string];
    return resolved(document, chosen === undefined ? (oneOf[0] as Json) : { $ref: chosen }, example);
  }
  const members = Object.entries((whole['properties'] ?? {}) as Record<string, Json>);
  return { ...whole, properties: Object.fromEntries(members.map(([name, member]) => [name, target(member)])) };
}
