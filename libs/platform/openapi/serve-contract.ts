import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Configuration } from '../configuration/configuration.js';
import { buildContract } from './build-contract.js';

type ContractSource =
  | { readonly document: object }
  | { readonly app: NestFastifyApplication; readonly configuration: Configuration; readonly version: string };

/** `GET /v1/openapi.json`: open, and readable from any page (ADR /core/publish-openapi). */
export function serveContract(fastify: FastifyInstance, source: ContractSource): void {
  let text: string | undefined;
  fastify.get('/v1/openapi.json', (_request, reply) => {
    text ??= JSON.stringify(
      'document' in source ? source.document : buildContract(source.app, source.configuration, source.version),
    );
    return reply.header('Access-Control-Allow-Origin', '*').type('application/json; charset=utf-8').send(text);
  });
}
