/** A schema of the contract (JSON Schema 2020-12, as OpenAPI 3.1 has it). */
export interface Schema {
  readonly [keyword: string]: unknown;
}

export type Schemas = Readonly<Record<string, Schema>>;

const COMPONENTS = '#/components/schemas/';

export const referenceTo = (component: string): Schema => ({ $ref: COMPONENTS + component });

/** Name of the component that a schema refers to. */
export const referredBy = ({ $ref }: Schema): string | undefined =>
  typeof $ref === 'string' && $ref.startsWith(COMPONENTS) ? $ref.slice(COMPONENTS.length) : undefined;

export const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Names of components that a part of the document needs, directly or through others. */
export function componentsNeeded(parts: unknown, components: Schemas): ReadonlySet<string> {
  const needed = new Set<string>();
  const look = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(look);
    if (!isSchema(value)) return;
    const name = referredBy(value);
    if (name !== undefined && !needed.has(name)) {
      needed.add(name);
      look(components[name]);
    }
    for (const [keyword, part] of Object.entries(value)) {
      if (keyword === 'example' || keyword === 'examples') continue;
      // The values of a mapping are references as well, but of schemas that stand beside it.
      look(part);
    }
  };
  look(parts);
  return needed;
}

/** The same with nothing allowed in it that means "absent is the same as". Said in words: a request has no defaults. */
export function withoutDefault({ default: value, ...schema }: Schema): Schema {
  if (value === undefined) return schema;
  const absent = `Absent: \`${JSON.stringify(value).replaceAll('"', '')}\`.`;
  return { ...schema, description: [schema['description'], absent].filter(Boolean).join(' ') };
}

/** The schema, or `null`. */
export function orNull(schema: Schema): Schema {
  const { type, enum: values, $ref, description, ...rest } = schema;
  const said = description === undefined ? {} : { description };
  if ($ref !== undefined) return { ...said, anyOf: [{ $ref, ...rest }, { type: 'null' }] };
  if (typeof type !== 'string') return schema;
  return {
    ...said,
    ...rest,
    type: [type, 'null'],
    ...(Array.isArray(values) ? { enum: [...values.filter((value) => value !== null), null] } : {}),
  };
}
