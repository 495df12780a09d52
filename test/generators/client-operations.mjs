// The table of libs/client: what each operation of the contract is to a program, for the documents as they are served.
import { createHash } from 'node:crypto';

const DOCUMENTS = { v1: '/v1', access: '/access/v1' };

/** SHA-256 of each document, wherever it is served. */
export function hashesOf(contracts) {
  return Object.fromEntries(
    Object.keys(DOCUMENTS).map((name) => {
      const served = contracts[name].servers[0].url.slice(0, -DOCUMENTS[name].length);
      const text = JSON.stringify(contracts[name]).replaceAll(served, 'https://register.example');
      return [name, createHash('sha256').update(text).digest('hex')];
    }),
  );
}

/** The text of libs/client/generated/operations.ts. */
export function operationsFile(contracts) {
  const operations = Object.keys(DOCUMENTS).flatMap((name) => operationsOf(contracts[name], name));
  const names = new Set(operations.map(({ id }) => id));
  if (names.size < operations.length) throw new Error('two operations of the contract have one name');
  return [
    '// Generated from the contract: npm run client:generate',
    "import type * as access from './access.js';",
    "import type * as v1 from './v1.js';",
    '',
    '/** What is sent and what is answered. */',
    'export interface Operations {',
    ...operations.map(({ id, document }) => {
      const type = `${document}.${id[0].toUpperCase()}${id.slice(1)}`;
      return `  ${id}: { data: ${type}Data; answer: ${type}Response };`;
    }),
    '}',
    '',
    'export const OPERATIONS = {',
    ...operations.map(({ id, document, path, ...rest }) => {
      const members = Object.entries({ ...rest, path: `${DOCUMENTS[document]}${path}` });
      return `  ${id}: { ${members.map(([member, value]) => `${member}: ${literal(value)}`).join(', ')} },`;
    }),
    '} as const;',
    '',
    '/** SHA-256 of the documents that these files were made of. */',
    'export const CONTRACT = {',
    ...Object.entries(hashesOf(contracts)).map(([name, hash]) => `  ${name}: '${hash}',`),
    '} as const;',
    '',
  ].join('\n');
}

const literal = (value) => (typeof value === 'string' ? `'${value}'` : String(value));

/** Other files are sent and read without this package: it speaks JSON, and takes text. */
const isOfText = ({ requestBody, responses }) =>
  [requestBody, ...Object.entries(responses).flatMap(([status, answer]) => (status.startsWith('2') ? [answer] : []))]
    .filter((one) => one?.content !== undefined)
    .every(({ content }) => content['application/json'] !== undefined || content['text/plain'] !== undefined);

function operationsOf(contract, document) {
  const resolved = (schema) =>
    schema?.$ref === undefined ? schema : contract.components.schemas[schema.$ref.split('/').at(-1)];
  const takes = (schema, member) => {
    const { properties = {}, oneOf = [], anyOf = [], allOf = [] } = resolved(schema) ?? {};
    return member in properties || [...oneOf, ...anyOf, ...allOf].some((one) => takes(one, member));
  };
  return Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => isOfText(operation))
      .map(([method, { operationId, parameters = [], requestBody, responses }]) => {
        const named = (name) => parameters.some((parameter) => parameter.name === name);
        const sent = requestBody?.content['application/json'].schema;
        const page = responses['200']?.content?.['application/json']?.schema;
        return {
          id: operationId,
          document,
          method: method.toUpperCase(),
          path,
          command: named('Idempotency-Key'),
          after: named('after') ? 'query' : takes(sent, 'after') ? 'body' : 'nowhere',
          list: takes(sent, 'cursor') && takes(page, 'next'),
        };
      }),
  );
}
