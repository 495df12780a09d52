import { classificationSchema, type RequestKind } from '#libs/scheme';

/**
 * The contract's own JSON Schema (2020-12) as components of the OpenAPI document (3.0.3): the same structures, written in
 * the older dialect. Nothing about the evaluations is described a second time.
 */

type Schema = { readonly [keyword: string]: unknown };

const definitions = classificationSchema.$defs as unknown as Readonly<Record<string, Schema>>;

/** `eSignatureValidation` → `ClassificationEsignatureValidation`: upper camel case as the design rules have it. */
const nameOf = (definition: string): string =>
  `Classification${definition.replace(/^([a-z])([A-Z]?)/, (_, first: string, second: string) => first.toUpperCase() + second.toLowerCase())}`;

const referenceTo = (definition: string): Schema => ({ $ref: `#/components/schemas/${nameOf(definition)}` });

const NULL: Schema = { type: 'string', nullable: true, enum: [null] };

function translated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(translated);
  if (typeof value !== 'object' || value === null) return value;
  const schema = value as Schema;
  const reference = schema['$ref'];
  if (typeof reference === 'string') return referenceTo(reference.slice('#/$defs/'.length));
  if (schema['type'] === 'null') return NULL;
  if (schema['propertyNames'] !== undefined) return withNames(schema);
  if (schema['if'] !== undefined) return withCondition(schema);
  const copy = Object.fromEntries(Object.entries(schema).map(([name, member]) => [name, translated(member)]));
  return Array.isArray(schema['enum']) ? withType(copy, schema['enum']) : copy;
}

/** 3.0 has no condition: it does not hold, or what it asks for does. */
const withCondition = ({ if: condition, then: asked, ...rest }: Schema): Schema => ({
  ...(translated(rest) as Schema),
  anyOf: [{ not: translated(condition) }, translated(asked)],
});

/** 3.0 wants a type beside every enum, and says of `null` that it is one of the values. */
function withType(schema: Schema, values: readonly unknown[]): Schema {
  const first = values.find((value) => value !== null);
  const type = typeof first === 'number' ? 'integer' : typeof first;
  return { type, ...schema, ...(values.includes(null) ? { nullable: true } : {}) };
}

/** 3.0 has no `propertyNames`: a map with a closed list of names is an object with these members. */
function withNames({ propertyNames, additionalProperties, ...rest }: Schema): Schema {
  const { $ref, enum: names } = propertyNames as { readonly $ref?: string; readonly enum?: readonly string[] };
  const listed = names ?? (definitions[$ref!.slice('#/$defs/'.length)]!['enum'] as readonly string[]);
  return {
    ...rest,
    properties: Object.fromEntries(listed.map((name) => [name, translated(additionalProperties)])),
    additionalProperties: false,
  };
}

const RULE_SET: Schema = { type: 'string', description: 'Version of the rules it was judged by' };

function component(definition: string): Schema {
  const schema = translated(definitions[definition]) as Schema;
  if (!definition.endsWith('Result')) return schema;
  return {
    ...schema,
    required: [...(schema['required'] as readonly string[]), 'ruleSet'],
    properties: { ...(schema['properties'] as Schema), ruleSet: RULE_SET },
  };
}

/** The edge has a problem schema of its own, which every operation names. */
const components: Readonly<Record<string, Schema>> = Object.fromEntries(
  Object.keys(definitions)
    .filter((definition) => definition !== 'problem')
    .map((definition) => [nameOf(definition), component(definition)]),
);

/**
 * A definition in the form in which the documentation generator takes a schema that brings its components along
 * (Standard Schema). It documents and never validates: that is the rule book's.
 */
export const documented = (kind: RequestKind, part: 'Request' | 'Result') => {
  const schema = (): Record<string, unknown> => ({ ...referenceTo(`${kind}${part}`), $defs: components });
  return {
    '~standard': { version: 1 as const, vendor: 'waarborg', jsonSchema: { input: schema, output: schema } },
  };
};
