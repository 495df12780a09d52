import { referenceTo, type Schema, type Schemas } from './schema.js';

/*
 * What the members of a request say about each other, in the contract. It documents; `static between` or the use case
 * judges it, with faults of its own.
 */

/** Per name of a request class: the forms it has, each by the members that make it. */
const forms = new Map<string, Readonly<Record<string, readonly string[]>>>();
/** Per name of a class: keywords of JSON Schema that hold besides those of its members. */
const conditions = new Map<string, Schema>();

/**
 * The request has exactly one of these forms: `@OneOf({ AuthorizedPerson: ['person', 'means'], Intermediary: ['party'] })`.
 * The members of a form are required in it and have no place in another; all other members occur in each.
 */
export const OneOf =
  (named: Readonly<Record<string, readonly string[]>>): ClassDecorator =>
  ({ name }) =>
    void forms.set(name, named);

/** Keywords that say when a member is asked for: `@Condition({ if: …, then: { required: ['medium'] } })`. */
export const Condition =
  (schema: Schema): ClassDecorator =>
  ({ name }) =>
    void conditions.set(name, schema);

/** The component of a class, completed by what its decorators say; a class of several forms becomes several components. */
export function completeComponent(name: string, schema: Schema): Schemas {
  const whole = { ...schema, ...conditions.get(name) };
  const named = forms.get(name);
  return named === undefined ? { [name]: whole } : splitIntoForms(name, whole, named);
}

/** One component per form, and one that is any of them. */
export function splitIntoForms(
  name: string,
  { properties, required = [], description, ...rest }: Schema,
  named: Readonly<Record<string, readonly string[]>>,
): Schemas {
  const members = Object.entries(properties as Record<string, Schema>);
  const ofForms = new Set(Object.values(named).flat());
  const said = description === undefined ? {} : { description };
  const parts = Object.entries(named).map(([form, own]): [string, Schema] => [
    form,
    {
      ...said,
      ...rest,
      properties: Object.fromEntries(members.filter(([member]) => !ofForms.has(member) || own.includes(member))),
      required: [...(required as readonly string[]).filter((member) => !ofForms.has(member)), ...own],
    },
  ]);
  return {
    [name]: { ...said, oneOf: parts.map(([form]) => referenceTo(form)) },
    ...Object.fromEntries(parts),
  };
}
