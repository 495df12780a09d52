import type { Json } from '#apps/suite';

/** One operation of the contract, as far as tests are generated from it. */
export interface Operation {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The path with an id that nothing has. */
  readonly address: string;
  /** Empty: open. */
  readonly scopes: readonly string[];
  readonly command: boolean;
  /** Names of what it takes in the query. */
  readonly query: readonly string[];
  /** Codes of problems that it says it may answer. */
  readonly codes: readonly string[];
  readonly schema: Json | undefined;
  readonly example: Json | undefined;
}

export const NOBODY = '00000000-0000-4000-8000-000000000000';

/** Every operation of `/v1/openapi.json`, so that a new one is tested without anybody remembering it. */
export async function operationsOf(url: string): Promise<readonly Operation[]> {
  const contract = (await (await fetch(`${url}/v1/openapi.json`)).json()) as {
    readonly servers: readonly { readonly url: string }[];
    readonly paths: Record<string, Record<string, Json> & { readonly servers?: readonly { readonly url: string }[] }>;
    readonly components: { readonly schemas: Record<string, Json> };
  };
  const resolved = (schema: Json | undefined): Json | undefined => {
    const reference = schema?.['$ref'] as string | undefined;
    return reference === undefined
      ? schema
      : contract.components.schemas[reference.slice('#/components/schemas/'.length)];
  };
  return Object.entries(contract.paths).flatMap(([written, { servers, ...methods }]) => {
    // Addresses are relative to the path's own server, or the contract's.
    const path = new URL((servers ?? contract.servers)[0]!.url, url).pathname.replace(/\/$/, '') + written;
    return Object.entries(methods).map(([method, operation]) => {
      const content = (
        operation['requestBody'] as
          { content: Record<string, { schema: Json; examples?: { example?: { value: Json } } }> } | undefined
      )?.content['application/json'];
      return {
        method: method.toUpperCase() as 'GET' | 'POST',
        path,
        address: path.replaceAll(/\{[^}]+\}/g, NOBODY),
        scopes: (operation['x-scopes'] ?? []) as readonly string[],
        command: operation['x-command'] === true,
        query: ((operation['parameters'] ?? []) as readonly { readonly in: string; readonly name: string }[])
          .filter((parameter) => parameter.in === 'query')
          .map(({ name }) => name),
        codes: (operation['x-problem-codes'] ?? []) as readonly string[],
        schema: resolved(content?.schema),
        example: content?.examples?.example?.value,
      };
    });
  });
}
