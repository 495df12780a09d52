import 'reflect-metadata';
import type { ClassConstructor } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';

/** What has to be known of a member before its inside is looked at. */
export interface MemberShape {
  /** Most items, where it is a list. */
  readonly most?: number;
  /** Class of the object or of the list's items. */
  readonly nested?: () => ClassConstructor<object>;
  /** Another check judges its inside. */
  readonly free?: true;
}

const SHAPE = 'waarborg:shape';
const NO_SHAPE: MemberShape = {};

/** Says it of a member of a request class. */
export const Shape = (shape: MemberShape): PropertyDecorator => Reflect.metadata(SHAPE, shape);

export const shapeOf = (type: ClassConstructor<object>, member: string): MemberShape =>
  (Reflect.getMetadata(SHAPE, type.prototype as object, member) as MemberShape | undefined) ?? NO_SHAPE;

const membersOfClasses = new WeakMap<ClassConstructor<object>, ReadonlySet<string>>();

/** Names of the members that a request class knows. */
export function membersOf(type: ClassConstructor<object>): ReadonlySet<string> {
  let names = membersOfClasses.get(type);
  if (names === undefined) {
    const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
    membersOfClasses.set(type, (names = new Set(metadata.map(({ propertyName }) => propertyName))));
  }
  return names;
}
