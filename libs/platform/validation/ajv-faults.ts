import { memberPointer } from '../http/pointer.js';
import { MAX_FAULTS, type Fault } from '../problems/problem.exception.js';

/** What is read of an error of ajv; structural, so that platform does not depend on it. */
export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath?: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** Keywords that only say "one of the branches failed"; the branches' own errors say more. */
const SUMMARIES = new Set(['if', 'anyOf', 'oneOf', 'allOf', 'not']);

/**
 * Faults of a JSON schema check in the form of all others (`allErrors: true`), each once. `at` is the pointer to the
 * checked part of the body.
 */
export function faultsOfSchema(errors: readonly SchemaError[] | null | undefined, at = ''): Fault[] {
  const all = withoutLosers(errors ?? []);
  const telling = all.filter((error) => !SUMMARIES.has(error.keyword) || isEitherOr(error));
  const faults = new Map<string, Fault>();
  for (const error of telling.length > 0 ? telling : all) {
    if (faults.size > MAX_FAULTS) break;
    const fault = faultOf(error, at);
    faults.set(`${fault.pointer} ${fault.code} ${fault.detail}`, fault);
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

function faultOf({ instancePath, keyword, params, message }: SchemaError, at: string): Fault {
  const pointer = at + instancePath;
  const member = (name: unknown): string => memberPointer(pointer, String(name));
  switch (keyword) {
    case 'additionalProperties':
      return { pointer: member(params['additionalProperty']), code: 'unknown-member', detail: 'is not known here' };
    case 'unevaluatedProperties':
      return { pointer: member(params['unevaluatedProperty']), code: 'unknown-member', detail: 'is not known here' };
    case 'required':
    case 'dependentRequired':
      return { pointer: member(params['missingProperty']), code: 'required', detail: 'is required' };
    case 'discriminator':
      // No branch was tried: the member that chooses one is missing, no text, or names none.
      return { pointer: member(params['tag']), code: 'invalid-value', detail: 'does not name a known kind' };
    case 'type':
      return { pointer, code: 'wrong-type', detail: message ?? 'is of another type' };
    case 'oneOf':
      return { pointer, code: 'invalid-value', detail: 'holds members of which only one may be present' };
    case 'false schema':
      return { pointer, code: 'invalid-value', detail: 'does not go with the other members' };
    case 'enum':
      return {
        pointer,
        code: 'invalid-value',
        detail: `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`,
      };
    default:
      return { pointer, code: 'invalid-value', detail: message ?? 'is not allowed' };
  }
}
