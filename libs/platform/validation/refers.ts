import 'reflect-metadata';
import type { ClassConstructor } from 'class-transformer';
import { memberPointer } from '../http/pointer.js';
import { membersOf, shapeOf } from './shape.js';

/** Something that a request says, and that only what is on record, a list or the clock can judge. */
export interface NamedReference {
  /** What it is one of, in the words of whoever looks it up. */
  readonly kind: string;
  readonly id: string;
  readonly pointer: string;
  /** The object that says it, for what is judged together with its other members: these may have any type. */
  readonly beside: Readonly<Record<string, unknown>>;
}

const REFERS = 'waarborg:refers';

/** What a member names, or each item of it. Where the request has faults of another sort it is looked up beside them. */
export const Refers = (kind: string): PropertyDecorator => Reflect.metadata(REFERS, kind);

/**
 * What a body names by members that have no fault themselves, nor stand in a list that has. A fault of an object is one
 * between its members: each of them may be sound.
 */
export function referencesIn(
  type: ClassConstructor<object>,
  json: unknown,
  isFaulty: (pointer: string) => boolean,
  parent = '',
): readonly NamedReference[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return [];
  const beside = json as Readonly<Record<string, unknown>>;
  return [...membersOf(type)].flatMap((name) => {
    const pointer = memberPointer(parent, name);
    const value = beside[name];
    if (value === undefined) return [];
    const { nested } = shapeOf(type, name);
    if (nested !== undefined && !Array.isArray(value)) return referencesIn(nested(), value, isFaulty, pointer);
    if (isFaulty(pointer)) return [];
    const items = Array.isArray(value)
      ? value.map((item: unknown, index) => ({ item, at: memberPointer(pointer, index) }))
      : [{ item: value, at: pointer }];
    const kind = Reflect.getMetadata(REFERS, type.prototype as object, name) as string | undefined;
    return items.flatMap(({ item, at }) => {
      if (nested !== undefined) return referencesIn(nested(), item, isFaulty, at);
      const isNamed = kind !== undefined && typeof item === 'string' && !isFaulty(at);
      return isNamed ? [{ kind, id: item, pointer: at, beside }] : [];
    });
  });
}
