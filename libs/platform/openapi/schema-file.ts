import {
  capital,
  isSchema,
  orNull,
  referenceTo,
  referredBy,
  withoutDefault,
  type Schema,
  type Schemas,
} from './schema.js';
import { splitIntoForms } from './variants.js';

/**
 * Components of the contract from a schema file of ours (JSON Schema 2020-12), so that nothing is described twice. What
 * generators of clients stumble over is written otherwise and means the same: objects and alternatives get names of their
 * own, what is only a word or a number stands where it is used, and "exactly one of" becomes alternatives.
 */
export interface SchemaFile {
  readonly definitions: Schemas;
  /** Name of a definition's component. */
  readonly nameOf: (definition: string) => string;
  /** Words for a member that the file has none for. */
  readonly describe?: (member: string) => string | undefined;
  /** Absent: the definition as it is. */
  readonly adapt?: (definition: string, schema: Schema) => Schema;
}

/** Formats that everybody knows; ours are said by the pattern beside them. */
const KNOWN_FORMATS: readonly unknown[] = ['date-time', 'date', 'uuid'];
const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';

/** Components of the definitions named, and of what they need. */
export function componentsFrom(file: SchemaFile, definitions: readonly string[]): Schemas {
  const { definitions: all, nameOf, describe, adapt } = file;
  const components: Record<string, Schema> = {};
  const begun = new Set<string>();

  const define = (definition: string): void => {
    if (begun.has(definition)) return;
    begun.add(definition);
    const schema = all[definition];
    if (schema === undefined) throw new Error(`the schema file has no definition ${definition}`);
    add(nameOf(definition), adapt?.(definition, schema) ?? schema);
  };

  /** A component of its own: an object, or alternatives. */
  const add = (name: string, schema: Schema): void => {
    const translated = object(schema, name);
    const forms = formsOf(schema, name);
    const parts = forms === undefined ? { [name]: translated } : splitIntoForms(name, translated, forms);
    for (const [part, content] of Object.entries(parts)) {
      if (Object.hasOwn(components, part) && meaning(components[part]!) !== meaning(content)) {
        throw new Error(`two components are named ${part}`);
      }
      components[part] ??= content;
    }
  };

  const at = (value: unknown, place: string): Schema => {
    const schema = withoutDefault(value as Schema);
    const { $ref, ...beside } = schema;
    if (referredBy(schema) !== undefined) return schema;
    if (typeof $ref === 'string') {
      const definition = $ref.slice('#/$defs/'.length);
      const target = all[definition];
      if (target === undefined) throw new Error(`the schema file has no definition ${definition}`);
      if (!isStructure(target)) return { ...at(target, place), ...beside };
      define(definition);
      return { ...beside, ...referenceTo(nameOf(definition)) };
    }
    const branches = schema['oneOf'];
    if (Array.isArray(branches) && branches.some(isNull)) {
      const { oneOf: _branches, ...rest } = schema;
      return orNull({
        ...at(
          branches.find((branch) => !isNull(branch)),
          place,
        ),
        ...rest,
      });
    }
    if (!isStructure(schema)) return word(schema, place);
    add(place, schema);
    const { description } = schema;
    return { ...(description === undefined ? {} : { description }), ...referenceTo(place) };
  };

  const word = (schema: Schema, place: string): Schema => {
    const { pattern, format, items, enum: values, const: only, additionalProperties, propertyNames, ...rest } = schema;
    if (pattern === UUID) return { ...rest, type: 'string', format: 'uuid' };
    const isKnown = KNOWN_FORMATS.includes(format);
    const list = Array.isArray(values) ? values : only === undefined ? undefined : [only];
    return {
      ...rest,
      ...(list === undefined ? {} : typeOf(list)),
      ...(isKnown ? { format } : {}),
      ...(pattern === undefined || isKnown ? {} : { pattern }),
      ...(items === undefined ? {} : { items: at(items, `${place}Item`) }),
      ...(isSchema(additionalProperties) ? map(additionalProperties, propertyNames, place) : {}),
    };
  };

  /** A map with a closed list of names is an object with these members, unless generators would give two one name. */
  const map = (values: Schema, propertyNames: unknown, place: string): Schema => ({
    additionalProperties: at(values, `${place}Value`),
    ...(isSchema(propertyNames) ? { propertyNames: { enum: namesIn(propertyNames, all) } } : {}),
  });

  const object = (schema: Schema, name: string): Schema => {
    const { oneOf, properties, propertyNames, additionalProperties, ...given } = schema;
    if (properties === undefined && Array.isArray(oneOf)) return alternatives(schema, name);
    const rest = withConditions({ ...given, ...(oneOf === undefined ? {} : { oneOf }) }, properties);
    const names = isSchema(propertyNames) ? namesIn(propertyNames, all) : [];
    const members = isSchema(properties)
      ? Object.entries(properties)
      : names.map((member): [string, unknown] => [member, additionalProperties]);
    return {
      ...rest,
      type: 'object',
      properties: Object.fromEntries(
        members.map(([member, value]) => {
          const translated = at(value, name + capital(member));
          const words = translated['description'] ?? describe?.(member);
          return [member, words === undefined ? translated : { description: words, ...translated }];
        }),
      ),
      ...(isSchema(properties) && additionalProperties !== undefined ? { additionalProperties } : {}),
      ...(isSchema(properties) ? {} : { additionalProperties: false }),
    };
  };

  const alternatives = ({ oneOf, description }: Schema, name: string): Schema => {
    const branches = (oneOf as readonly Schema[]).map((branch) => ({ branch, target: resolved(branch, all) }));
    const tag = tagOf(branches.map(({ target }) => target));
    const mapping: Record<string, string> = {};
    const references = branches.map(({ branch, target }) => {
      const values = tag === undefined ? [] : valuesOf(target, tag);
      const reference = at(branch, name + values.map((value) => capital(value)).join('Or'));
      for (const value of values) mapping[value] = reference['$ref'] as string;
      return { $ref: reference['$ref'] };
    });
    return {
      ...(description === undefined ? {} : { description }),
      oneOf: references,
      ...(tag === undefined || Object.keys(mapping).some(looksLikeMethod)
        ? {}
        : { discriminator: { propertyName: tag, mapping } }),
    };
  };

  for (const definition of definitions) define(definition);
  return components;
}

/** Members of an object of which exactly one is there: written as alternatives. */
function formsOf(schema: Schema, name: string): Readonly<Record<string, readonly string[]>> | undefined {
  const { properties, minProperties, maxProperties } = schema;
  if (!isSchema(properties) || minProperties !== 1 || maxProperties !== 1) return undefined;
  return Object.fromEntries(Object.keys(properties).map((member) => [`${name}With${capital(member)}`, [member]]));
}

/**
 * What the members of an object ask of each other. Generators take `allOf`, `anyOf` and `oneOf` beside members for other
 * types; below a condition that always holds they leave them to validators.
 */
function withConditions(schema: Schema, members: unknown): Schema {
  const { discriminator: _tag, minProperties: _least, maxProperties: _most, allOf, anyOf, oneOf, ...rest } = schema;
  const switches = onlyYes(members);
  const combined = Object.entries({ allOf, anyOf, oneOf, properties: switches }).filter(
    ([, value]) => value !== undefined,
  );
  if (combined.length === 0) return rest;
  const { if: condition, then, else: otherwise, ...beside } = rest;
  const own = condition === undefined ? [] : [{ if: condition, then, else: otherwise }];
  return {
    ...beside,
    if: {},
    then: { ...Object.fromEntries(combined), ...(own.length > 0 ? { allOf: [...((allOf as []) ?? []), ...own] } : {}) },
  };
}

/** The government's linter takes a member whose name holds a method for an operation: such a list of names is left out. */
const looksLikeMethod = (name: string): boolean => /put|post|patch/.test(name);

/** Members that may be `true` or absent. */
function onlyYes(members: unknown): Schema | undefined {
  const found = Object.entries((members ?? {}) as Schemas).filter(([, { const: only }]) => typeof only === 'boolean');
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([member, { const: only }]) => [member, { const: only }]));
}

const isNull = (schema: unknown): boolean => isSchema(schema) && schema['type'] === 'null';

/** Whether it becomes a component of its own. */
const isStructure = (schema: Schema): boolean =>
  schema['properties'] !== undefined ||
  (Array.isArray(schema['oneOf']) && !schema['oneOf'].some(isNull)) ||
  hasMemberNames(schema['propertyNames']);

/** Whether the names of a map may be those of members: words, listed in place. */
const hasMemberNames = (names: unknown): boolean =>
  isSchema(names) && Array.isArray(names['enum']) && names['enum'].every((name) => /^[A-Za-z]/.test(String(name)));

const resolved = (schema: Schema, all: Schemas): Schema =>
  typeof schema['$ref'] === 'string' ? all[schema['$ref'].slice('#/$defs/'.length)]! : schema;

const namesIn = (schema: Schema, all: Schemas): readonly string[] => resolved(schema, all)['enum'] as readonly string[];

function typeOf(values: readonly unknown[]): Schema {
  const words = values.filter((value) => value !== null);
  const type = typeof words[0] === 'number' ? 'integer' : typeof words[0];
  // A switch that only ever says yes: that it does is a condition, because generators make a text of it.
  if (type === 'boolean') return { type };
  if (values.length === 1) return { type, const: values[0] };
  const schema = { type, enum: words };
  return values.includes(null) ? orNull(schema) : schema;
}

const valuesOf = (schema: Schema, member: string): readonly string[] => {
  const { const: only, enum: values } = ((schema['properties'] ?? {}) as Record<string, Schema>)[member] ?? {};
  return (Array.isArray(values) ? values : only === undefined ? [] : [only]) as readonly string[];
};

/** The member of which every alternative lists words of its own. */
function tagOf(alternatives: readonly Schema[]): string | undefined {
  const [first] = alternatives;
  return Object.keys((first?.['properties'] ?? {}) as object).find((member) => {
    const values = alternatives.map((schema) => valuesOf(schema, member));
    const all = values.flat();
    return values.every(({ length }) => length > 0) && new Set(all).size === all.length;
  });
}

const meaning = (schema: Schema): string => JSON.stringify({ ...schema, description: undefined });
