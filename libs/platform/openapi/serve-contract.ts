import type { FastifyInstance } from 'fastify';
import type { Contracts } from './build-contract.js';

/** Where each document is served. */
export const CONTRACT_PATHS = {
  v1: '/v1/openapi.json',
  access: '/access/v1/openapi.json',
} as const satisfies Readonly<Record<keyof Contracts, string>>;

/** The documents, open and readable from any page (ADR /core/publish-openapi); `contracts` is asked once. */
export function serveContracts(
  fastify: FastifyInstance,
  contracts: () => { readonly [which in keyof Contracts]: object },
): void {
  let texts: Readonly<Record<string, string>> | undefined;
  for (const [which, path] of Object.entries(CONTRACT_PATHS)) {
    fastify.get(path, (_request, reply) => {
      texts ??= Object.fromEntries(Object.entries(contracts()).map(([name, one]) => [name, JSON.stringify(one)]));
      return reply
        .header('Access-Control-Allow-Origin', '*')
        .type('application/json; charset=utf-8')
        .send(texts[which]);
    });
  }
}
