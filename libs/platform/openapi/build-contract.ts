import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { Configuration } from '../configuration/configuration.js';
import { completeOperation, problemSchema, type Operation } from './complete-operation.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const VERSIONED = '/v1';
const WELL_KNOWN = '/.well-known';

/**
 * The OpenAPI document of an application (NL GOV API Design Rules 2.2). Paths are relative to the server `…/v1`; those
 * outside it name their own server. Needs the application's modules, not that it listens.
 */
export function buildContract(
  app: INestApplication,
  configuration: Pick<Configuration, 'publicBaseUrl' | 'participantName' | 'contactEmail'>,
  version: string,
): OpenAPIObject {
  const { publicBaseUrl } = configuration;
  const { name, url, email } = contactOf(configuration);
  const head = new DocumentBuilder()
    .setOpenAPIVersion('3.0.3')
    .setTitle('Waarborg')
    .setDescription(
      'Means and authorizations of an eHerkenning supplier. No level without proof: levels are computed from recorded checks. ' +
        'Every answer carries the full version in `API-Version` and its trace id in `Trace-Id`; problems are RFC 9457.',
    )
    .setVersion(version)
    .setContact(name, url, email)
    .addServer(`${publicBaseUrl}${VERSIONED}`)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .build();
  const document = SwaggerModule.createDocument(app, head, { operationIdFactory, autoTagControllers: false });
  return completeContract(document, publicBaseUrl);
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

/** What holds for every operation is put in here and not repeated in each controller. */
export function completeContract(document: OpenAPIObject, publicBaseUrl: string): OpenAPIObject {
  const paths: OpenAPIObject['paths'] = {};
  const tags = new Set<string>();
  for (const [path, item] of Object.entries(document.paths).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { key, server } = placeOf(path, publicBaseUrl);
    if (Object.hasOwn(paths, key)) throw new Error(`two paths of the contract are both written ${key}`);
    const tag = path.split('/').find((segment) => segment !== '' && segment !== 'v1') ?? 'root';
    for (const method of METHODS) {
      const operation = item[method] as Operation | undefined;
      if (operation === undefined) continue;
      completeOperation(operation, method, path, publicBaseUrl);
      operation.tags = [operation.tags?.[0] ?? tag.replace(/^\./, '')];
      tags.add(operation.tags[0]!);
    }
    paths[key] = server === undefined ? item : { ...item, servers: [{ url: server }] };
  }
  const components = { ...document.components, schemas: { ...document.components?.schemas, Problem: problemSchema } };
  return { ...document, paths, tags: [...tags].sort().map((name) => ({ name })), components };
}

/** The linter knows kebab-case segments only, so `/.well-known` stands in the server and not in the path. */
function placeOf(path: string, publicBaseUrl: string): { readonly key: string; readonly server?: string } {
  if (path.startsWith(`${VERSIONED}/`)) return { key: path.slice(VERSIONED.length) };
  if (path.startsWith(`${WELL_KNOWN}/`))
    return { key: path.slice(WELL_KNOWN.length), server: publicBaseUrl + WELL_KNOWN };
  return { key: path, server: publicBaseUrl };
}

/** `RegisterAuthorizationController.post` → `registerAuthorizationPost`. */
function operationIdFactory(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '');
  return name.charAt(0).toLowerCase() + name.slice(1) + method.charAt(0).toUpperCase() + method.slice(1);
}
