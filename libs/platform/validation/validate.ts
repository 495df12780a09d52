import 'reflect-metadata';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { escapePointer } from '../http/json-body.js';
import type { Fault } from '../problems/problem.exception.js';

export type Validated<T> =
  | { readonly value: T; readonly faults: readonly [] }
  | { readonly value?: undefined; readonly faults: readonly Fault[] };

/**
 * A request class may judge its members together: `static between(request)`. It is called whatever else is wrong, so it
 * takes members of any type; a fault at a member that has one already is left out.
 */
interface RequestClass<T extends object> extends ClassConstructor<T> {
  between?(value: T): readonly Fault[];
}

/** Constraints that say "another JSON type"; beside one of them the other constraints of the member say nothing. */
const TYPE_CONSTRAINTS = new Set([
  'isString',
  'isNumber',
  'isInt',
  'isBoolean',
  'isArray',
  'isObject',
  'isPlainObject',
  'nestedValidation',
]);

/**
 * Reads JSON as an instance of a request class: every fault at once, unknown members refused at every depth.
 * Missing = `required`; `null` is a value of the wrong type. No value is repeated in a fault.
 */
export function validate<T extends object>(type: ClassConstructor<T>, json: unknown): Validated<T> {
  if (json === undefined) return { faults: [{ pointer: '', code: 'required', detail: 'a JSON object is required' }] };
  if (!isPlainObject(json)) return { faults: [{ pointer: '', code: 'wrong-type', detail: 'must be a JSON object' }] };
  const value = plainToInstance(type, json, { enableImplicitConversion: false });
  const errors = validateSync(value, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    validationError: { target: false, value: true },
  });
  const own = [...errors.flatMap((error) => faultsOf(error, '')), ...inheritedNames(json, '')];
  const faulty = new Set(own.map(({ pointer }) => pointer));
  const between = (type as RequestClass<T>).between?.(value) ?? [];
  const faults = [...own, ...between.filter(({ pointer }) => !faulty.has(pointer))];
  return faults.length === 0 ? { value, faults: [] } : { faults };
}

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function faultsOf(error: ValidationError, parent: string): Fault[] {
  const pointer = `${parent}/${escapePointer(error.property)}`;
  const below = (error.children ?? []).flatMap((child) => faultsOf(child, pointer));
  const constraints = Object.entries(error.constraints ?? {});
  if (constraints.length === 0) return below;
  if (constraints.some(([name]) => name === 'whitelistValidation')) {
    return [{ pointer, code: 'unknown-member', detail: 'is not known here' }, ...below];
  }
  if (error.value === undefined) return [{ pointer, code: 'required', detail: 'is required' }];
  const types = constraints.filter(([name]) => TYPE_CONSTRAINTS.has(name));
  if (error.value === null || types.length > 0) {
    const detail = types.length === 0 ? 'must not be null' : words(types[0]!, error.property);
    // Inside of what should have been something else there is nothing to check; a list may have good and bad items.
    return [{ pointer, code: 'wrong-type', detail }, ...(Array.isArray(error.value) ? below : [])];
  }
  return [
    ...constraints.map((constraint) => ({
      pointer,
      code: codeOf(error, constraint[0]),
      detail: words(constraint, error.property),
    })),
    ...below,
  ];
}

/** A constraint may carry a code of its own in its context: `{ code: 'unknown-level' }`. */
function codeOf(error: ValidationError, constraint: string): string {
  const context: unknown = error.contexts?.[constraint];
  const code = isPlainObject(context) ? context['code'] : undefined;
  return typeof code === 'string' ? code : 'invalid-value';
}

const words = ([name, message]: [string, string], property: string): string =>
  name === 'nestedValidation'
    ? 'must be an object'
    : message.replace(new RegExp(`^${escapeExpression(property)} `), '');

const escapeExpression = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Members named like something every object inherits (`constructor`, `toString`): the validator's look-up of known
 * members finds them on the prototype and lets them pass. No request of ours has one.
 */
function inheritedNames(json: unknown, parent: string): Fault[] {
  if (Array.isArray(json)) return json.flatMap((item, index) => inheritedNames(item, `${parent}/${index}`));
  if (!isPlainObject(json)) return [];
  return Object.entries(json).flatMap(([name, member]) => {
    const pointer = `${parent}/${escapePointer(name)}`;
    return name in Object.prototype
      ? [{ pointer, code: 'unknown-member', detail: 'is not known here' }]
      : inheritedNames(member, pointer);
  });
}
