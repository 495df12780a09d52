import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { onceInRun } from '#libs/testing';
import type { Json } from './api.js';
import { documentsOf, type Document, type DocumentedAnswer, type DocumentedOperation } from './contract.js';

/*
 * Every answer that a spec gets over HTTP is held against the contract: its status is declared, its body is as the
 * schema says and has no member that it does not name, a problem has one of the codes that stand at that status, and each of
 * its faults a code with a page; and a body that the server took is one that the schema takes. A body that came again is not judged a second time, here no more than there (interfaces.md §3).
 */

interface Exchange {
  readonly method: string;
  /** As asked for, with its query. */
  readonly path: string;
  readonly sent: unknown;
  /** It is the first answer to a command that came again. */
  readonly replayed: boolean;
  readonly status: number;
  readonly body: Json;
  /** What the body was read from; judged where the answer is text. */
  readonly text?: string;
}

type Judge = (exchange: Exchange) => readonly string[];

const judges = new Map<string, Promise<Judge>>();

/** Addresses of servers that have every app. */
const whole = new Set<string>();

/**
 * Says that every app answers there. The contract of one such is that of all of a run: it is read from the first, since it is
 * built in the process that is asked for it.
 */
export const answersWithEveryApp = (url: string): void => void whole.add(url);

interface Schemas {
  readonly documents: readonly Document[];
  /** The same, for what is answered. */
  readonly closed: readonly Document[];
}

async function schemasOf(url: string): Promise<Schemas> {
  const read = async (): Promise<Schemas> => {
    const documents = (await documentsOf(url)).map((document) => withoutExamples(document) as Document);
    return { documents, closed: documents.map((document) => closed(document) as Document) };
  };
  if (!whole.has(url)) return read();
  return JSON.parse(await onceInRun('contract.json', async () => JSON.stringify(await read()))) as Schemas;
}

/** What of an exchange the contract of that server does not say; empty: it conforms. */
export async function breaches(url: string, exchange: Exchange): Promise<readonly string[]> {
  let judge = judges.get(url);
  if (judge === undefined) {
    judges.set(url, (judge = schemasOf(url).then(judgeBy)));
    // Where a suite ended meanwhile another may start at the same address.
    judge.catch(() => judges.delete(url));
  }
  return [...(await judge)(exchange), ...(await withoutPage(url, exchange.body))];
}

const pages = new Map<string, Promise<boolean>>();

/** Codes of faults that nobody can look up (`/problems/CODE`). */
async function withoutPage(url: string, { errors }: Json): Promise<readonly string[]> {
  if (!Array.isArray(errors)) return [];
  const codes = new Set(errors.map(({ code }: Json) => String(code)));
  const missing = await Promise.all(
    [...codes].map(async (code) => {
      const page = `${url}/problems/${code}`;
      let isThere = pages.get(page);
      if (isThere === undefined) {
        pages.set(page, (isThere = fetch(page).then((answer) => answer.arrayBuffer().then(() => answer.ok))));
        isThere.catch(() => pages.delete(page));
      }
      return (await isThere) ? [] : [`the code ${code} of a fault has no page`];
    }),
  );
  return missing.flat();
}

/** Statuses of the connection itself, whatever was asked. */
const OF_CONNECTIONS: readonly number[] = [405, 408, 431];

function judgeBy({ documents, closed }: Schemas): Judge {
  // Most schemas judge a few answers of one suite: what is compiled quickly is done sooner than what runs quickly.
  const ajv = new Ajv2020({ strict: false, validateSchema: false, inlineRefs: false, code: { optimize: false } });
  addFormats.default(ajv);
  const operations = documents.flatMap((document, index) => {
    ajv.addSchema({ ...document, $id: `document-${index}` });
    ajv.addSchema({ ...closed[index], $id: `answers-${index}` });
    const base = new URL(document.servers[0]!.url).pathname;
    return Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        form: new RegExp(`^${(base + path).replaceAll(/\{[^}]+\}/g, '[^/?]+')}$`),
        sent: `document-${index}#/paths/${escape(path)}/${method}`,
        answered: `answers-${index}#/paths/${escape(path)}/${method}`,
        operation,
      })),
    );
  });
  const validators = new Map<string, ValidateFunction>();
  const faults = (pointer: string, value: unknown): readonly string[] => {
    let valid = validators.get(pointer);
    if (valid === undefined) validators.set(pointer, (valid = ajv.compile({ $ref: pointer })));
    return valid(value)
      ? []
      : (valid.errors ?? []).map(
          ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
        );
  };
  return (exchange) => {
    const address = exchange.path.split('?', 1)[0]!;
    const found = operations.find(({ method, form }) => method === exchange.method && form.test(address));
    if (found === undefined || OF_CONNECTIONS.includes(exchange.status)) return [];
    const { operation } = found;
    const answer = operation.responses[String(exchange.status)];
    if (answer === undefined) return [`status ${exchange.status} is not declared`];
    return [
      ...ofAnswer(answer, exchange, found.answered, faults),
      ...ofRequest(operation, exchange, found.sent, faults),
    ];
  };
}

/**
 * With every object closed whose members are named. To callers an answer is open, so that it may have more in a later
 * version; in this one it has what the contract says.
 */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const schema = Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, CONDITIONS.includes(name) ? part : closed(part)]),
  );
  const isOpen = schema['type'] === 'object' && schema['properties'] !== undefined;
  return isOpen && schema['additionalProperties'] === undefined ? { ...schema, additionalProperties: false } : schema;
}

/** What these say is about members that are named elsewhere. */
const CONDITIONS: readonly string[] = ['if', 'then', 'else', 'not', 'allOf'];

/** Examples are most of a document, and no schemas: going through them would hold a spec up. */
function withoutExamples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExamples);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) =>
      name === 'examples' || name === 'example' ? [] : [[name, withoutExamples(part)]],
    ),
  );
}

type Faults = (pointer: string, value: unknown) => readonly string[];

function ofAnswer(
  { content = {}, 'x-problem-codes': codes }: DocumentedAnswer,
  { status, body, text }: Exchange,
  at: string,
  faults: Faults,
): readonly string[] {
  const [type] = Object.keys(content);
  // No schema says what is in another file.
  if (type !== undefined && !type.endsWith('json') && !type.startsWith('text/')) return [];
  const known =
    codes === undefined || codes.includes(body['code'] as string)
      ? []
      : [`the code ${String(body['code'])} is not declared`];
  return [
    ...known,
    ...faults(`${at}/responses/${status}/content/${escape(type!)}/schema`, type!.startsWith('text/') ? text : body),
  ];
}

function ofRequest(
  { requestBody }: DocumentedOperation,
  { sent, replayed, status }: Exchange,
  at: string,
  faults: Faults,
): readonly string[] {
  if (requestBody === undefined || replayed || status >= 300 || typeof sent !== 'object') return [];
  return faults(`${at}/requestBody/content/${escape('application/json')}/schema`, sent).map(
    (fault) => `sent: ${fault}`,
  );
}

const escape = (text: string): string => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
