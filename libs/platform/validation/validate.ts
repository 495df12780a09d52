import 'reflect-metadata';
import type { Words } from '#libs/kernel';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { memberPointer } from '../http/pointer.js';
import { PHRASES } from '../problems/phrases.js';
import { MAX_FAULTS, type Fault } from '../problems/problem.exception.js';
import { membersOf, shapeOf } from './shape.js';

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
 * Missing = `required`; `null` is a value of the wrong type. No value is repeated in a fault. Looks at what the class
 * knows only: never inside an unknown member, nor at the items of a list that is too long.
 */
export function validate<T extends object>(type: ClassConstructor<T>, json: unknown): Validated<T> {
  if (json === undefined) return { faults: [{ pointer: '', code: 'required', detail: PHRASES.bodyRequired() }] };
  if (!isPlainObject(json)) return { faults: [{ pointer: '', code: 'wrong-type', detail: PHRASES.body() }] };
  const found: Found = { faults: [], tooLong: new Set() };
  const known = knownMembers(type, json, '', found);
  if (found.faults.length > MAX_FAULTS) return { faults: found.faults };
  const value = plainToInstance(type, known, { enableImplicitConversion: false });
  const errors = validateSync(value, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    validationError: { target: false, value: true },
  });
  const own = [
    ...found.faults,
    ...errors.flatMap((error) => faultsOf(error, '')).filter(({ pointer }) => !found.tooLong.has(pointer!)),
  ];
  const faulty = new Set(own.map(({ pointer }) => pointer));
  const between = (type as RequestClass<T>).between?.(value) ?? [];
  const faults = [...own, ...between.filter(({ pointer }) => !faulty.has(pointer))];
  return faults.length === 0 ? { value, faults: [] } : { faults };
}

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Found {
  readonly faults: Fault[];
  /** Pointers of lists that are refused for their length and left out. */
  readonly tooLong: Set<string>;
}

/**
 * The members that the class knows, at every depth. The others, and lists over their length, become faults; it ends when
 * there are more than are told. What is left is as large as the class at most, whatever was sent.
 */
function knownMembers(
  type: ClassConstructor<object>,
  json: Record<string, unknown>,
  parent: string,
  found: Found,
): Record<string, unknown> {
  const known: Record<string, unknown> = {};
  const names = membersOf(type);
  const { faults, tooLong } = found;
  for (const name of Object.keys(json)) {
    if (faults.length > MAX_FAULTS) break;
    const pointer = memberPointer(parent, name);
    if (!names.has(name)) {
      faults.push({ pointer, code: 'unknown-member', detail: PHRASES.unknown() });
      continue;
    }
    const value = json[name];
    const { most, nested, free } = shapeOf(type, name);
    const inside = (item: unknown, at: string): unknown =>
      nested !== undefined && isPlainObject(item) ? knownMembers(nested(), item, at, found) : withoutInside(item);
    if (free === true) known[name] = value;
    else if (most === undefined) known[name] = inside(value, pointer);
    else if (!Array.isArray(value)) known[name] = withoutInside(value);
    else if (value.length <= most) {
      known[name] = value.map((item: unknown, index) => inside(item, memberPointer(pointer, index)));
    } else {
      tooLong.add(pointer);
      faults.push({ pointer, code: 'invalid-value', detail: PHRASES.atMost(most) });
    }
  }
  return known;
}

/** What stands where no object or list belongs is of the wrong type, whatever is in it. */
function withoutInside(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? [] : {};
}

function faultsOf(error: ValidationError, parent: string): Fault[] {
  const pointer = memberPointer(parent, error.property);
  const below = (error.children ?? []).flatMap((child) => faultsOf(child, pointer));
  const constraints = Object.entries(error.constraints ?? {});
  if (constraints.length === 0) return below;
  if (constraints.some(([name]) => name === 'whitelistValidation')) {
    return [{ pointer, code: 'unknown-member', detail: PHRASES.unknown() }, ...below];
  }
  if (error.value === undefined) return [{ pointer, code: 'required', detail: PHRASES.required() }];
  const types = constraints.filter(([name]) => TYPE_CONSTRAINTS.has(name));
  if (error.value === null || types.length > 0) {
    const detail = types.length === 0 ? PHRASES.nothing() : wordsOf(error, types[0]![0]);
    // Inside of what should have been something else there is nothing to check; a list may have good and bad items.
    return [{ pointer, code: 'wrong-type', detail }, ...(Array.isArray(error.value) ? below : [])];
  }
  return [
    ...constraints.map(([constraint]) => ({
      pointer,
      code: codeOf(error, constraint),
      detail: wordsOf(error, constraint),
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

/** What a constraint says, which stands in its context: class-validator knows messages of one language only. */
function wordsOf({ contexts, property }: ValidationError, constraint: string): Words {
  if (constraint === 'nestedValidation') return PHRASES.object();
  const { words, each } = (contexts?.[constraint] ?? {}) as { readonly words?: Words; readonly each?: boolean };
  if (words === undefined) throw new Error(`the member ${property} does not say what ${constraint} asks`);
  return each === true ? PHRASES.each(property, words) : words;
}
