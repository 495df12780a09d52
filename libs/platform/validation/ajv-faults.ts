import type { Words } from '#libs/kernel';
import { memberPointer } from '../http/pointer.js';
import { PHRASES } from '../problems/phrases.js';
import { MAX_FAULTS, type Fault } from '../problems/problem.exception.js';

import { schemaWords } from './schema-words.js';

/** What is read of an error of ajv; structural, so that platform does not depend on it. */
export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath?: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** What it says, where that is not what its keyword says. */
  readonly words?: Words;
  /** The schema that says so (`verbose: true`): it names the members of a choice. */
  readonly parentSchema?: Readonly<Record<string, unknown>>;
}

/** Keywords that only say "one of the branches failed"; the branches' own errors say more. */
const SUMMARIES = new Set(['if', 'anyOf', 'oneOf', 'allOf', 'not']);

/** Per member that chooses a branch (`discriminator`) what it may be: ajv says of an unknown one that it is unknown only. */
export type Kinds = Readonly<Record<string, readonly string[]>>;

/**
 * Faults of a JSON schema check in the form of all others (`allErrors: true`), each once. `at` is the pointer to the
 * checked part of the body.
 */
export function faultsOfSchema(errors: readonly SchemaError[] | null | undefined, at = '', kinds: Kinds = {}): Fault[] {
  const { choices, others } = choicesAmong(withoutLosers(errors ?? []), at);
  const telling = others.filter((error) => !SUMMARIES.has(error.keyword) || isEitherOr(error));
  const faults = new Map<string, Fault>(choices.map((fault) => [`${fault.pointer} ${fault.detail!.en}`, fault]));
  for (const error of telling.length > 0 || choices.length > 0 ? telling : others) {
    if (faults.size > MAX_FAULTS) break;
    const fault = faultOf(error, at, kinds);
    faults.set(`${fault.pointer} ${fault.code} ${fault.detail!.en}`, fault);
  }
  const missing = new Set([...faults.values()].filter(({ code }) => code === 'required').map(({ pointer }) => pointer));
  return [...faults.values()].filter(({ code, pointer }) => code === 'required' || !missing.has(pointer));
}

/** More than one branch of a `oneOf` holds: no branch has a fault of its own that would say so. */
const isEitherOr = ({ keyword, params }: SchemaError): boolean =>
  keyword === 'oneOf' && Array.isArray(params['passingSchemas']);

/** Where two branches hold, what the others lack is no fault. */
function withoutLosers(errors: readonly SchemaError[]): readonly SchemaError[] {
  const decided = errors.filter(isEitherOr).flatMap(({ schemaPath }) => (schemaPath === undefined ? [] : [schemaPath]));
  return errors.filter(({ schemaPath }) => !decided.some((path) => schemaPath?.startsWith(`${path}/`) === true));
}

/**
 * Where one of several members is asked and none is there, that is one fault: none of them is required by itself. What else
 * is wrong is told apart from it.
 */
function choicesAmong(
  errors: readonly SchemaError[],
  at: string,
): { readonly choices: readonly Fault[]; readonly others: readonly SchemaError[] } {
  const choices: Fault[] = [];
  const told = new Set<SchemaError>();
  for (const choice of errors) {
    if ((choice.keyword !== 'oneOf' && choice.keyword !== 'anyOf') || isEitherOr(choice)) continue;
    const { instancePath } = choice;
    const branches = errors.filter(
      (error) =>
        `${error.instancePath}/`.startsWith(`${instancePath}/`) &&
        error.schemaPath?.startsWith(`${choice.schemaPath}/`) === true,
    );
    const isOfMembers = branches.every(({ schemaPath }) => /^\/\d+\/required$/.test(after(schemaPath, choice)));
    if (branches.length < 2 || !isOfMembers) continue;
    for (const error of [choice, ...branches]) told.add(error);
    const names = branches.map(({ params }) => String(params['missingProperty']));
    const detail = choice.keyword === 'oneOf' ? PHRASES.exactlyOne(names) : PHRASES.atLeastOne(names);
    choices.push({ pointer: at + instancePath, code: 'required', detail, facts: { names } });
  }
  return { choices, others: errors.filter((error) => !told.has(error)) };
}

/** What of the path of a branch's error lies below the choice. */
const after = (schemaPath: string | undefined, choice: SchemaError): string =>
  (schemaPath ?? '').slice((choice.schemaPath ?? '').length);

/** Names of the members of which an object has exactly one: by their number, or each by a branch of its own. */
function alternatives({ keyword, parentSchema = {} }: SchemaError): readonly string[] {
  const { properties = {}, minProperties, maxProperties, oneOf = [] } = parentSchema as AlternativesSchema;
  if (keyword === 'oneOf') return oneOf.flatMap(({ required = [] }) => required);
  return minProperties === 1 && maxProperties === 1 ? Object.keys(properties) : [];
}

interface AlternativesSchema {
  readonly properties?: object;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly oneOf?: readonly { readonly required?: readonly string[] }[];
}

function faultOf(error: SchemaError, at: string, kinds: Kinds): Fault {
  const { instancePath, keyword, params, words } = error;
  const pointer = at + instancePath;
  const member = (name: unknown): string => memberPointer(pointer, String(name));
  switch (keyword) {
    case 'additionalProperties':
      return { pointer: member(params['additionalProperty']), code: 'unknown-member', detail: PHRASES.unknown() };
    case 'unevaluatedProperties':
      return { pointer: member(params['unevaluatedProperty']), code: 'unknown-member', detail: PHRASES.unknown() };
    case 'required':
    case 'dependentRequired':
      return { pointer: member(params['missingProperty']), code: 'required', detail: PHRASES.required() };
    case 'discriminator': {
      // No branch was tried: the member that chooses one is missing, no text, or names none.
      const names = kinds[String(params['tag'])];
      return {
        pointer: member(params['tag']),
        code: 'invalid-value',
        ...(names === undefined ? { detail: PHRASES.kind() } : { detail: PHRASES.choice(names), facts: { names } }),
      };
    }
    case 'type':
      return { pointer, code: 'wrong-type', detail: words ?? schemaWords(keyword, params)! };
    case 'oneOf':
    case 'minProperties':
    case 'maxProperties': {
      const names = alternatives(error);
      if (names.length > 0) {
        const code = keyword === 'minProperties' ? 'required' : 'invalid-value';
        return { pointer, code, detail: PHRASES.exactlyOne(names), facts: { names } };
      }
      const detail = keyword === 'oneOf' ? PHRASES.onlyOne() : schemaWords(keyword, params)!;
      return { pointer, code: 'invalid-value', detail };
    }
    case 'false schema':
      return { pointer, code: 'invalid-value', detail: PHRASES.misplaced() };
    case 'enum':
      return {
        pointer,
        code: 'invalid-value',
        detail: PHRASES.choice(params['allowedValues'] as unknown[]),
      };
    default:
      return { pointer, code: 'invalid-value', detail: words ?? schemaWords(keyword, params) ?? PHRASES.notAllowed() };
  }
}
