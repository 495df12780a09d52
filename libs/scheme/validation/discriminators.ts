/**
 * The contract tells alternatives apart by one member (`type`, `method`, `form` …), but says so only through the values
 * it allows there. This names that member, so that a fault is reported of the alternative that was meant, and not of
 * every one that was not.
 */
interface Schema {
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, { readonly const?: unknown; readonly enum?: readonly unknown[] }>>;
}

type Definitions = Readonly<Record<string, Schema>>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function resolved(schema: Schema, definitions: Definitions): Schema {
  return schema.$ref === undefined ? schema : (definitions[schema.$ref.slice('#/$defs/'.length)] ?? schema);
}

/** The member of which every alternative lists its own values. */
function tagOf(alternatives: readonly Schema[], definitions: Definitions): string | undefined {
  const members = alternatives.map((alternative) => resolved(alternative, definitions).properties ?? {});
  const [first] = members;
  return Object.keys(first ?? {}).find((name) => {
    const values = members.flatMap((properties) => {
      const member = properties[name];
      return member?.enum ?? (member?.const === undefined ? [undefined] : [member.const]);
    });
    return !values.includes(undefined) && new Set(values).size === values.length;
  });
}

function marked(value: unknown, definitions: Definitions): unknown {
  if (Array.isArray(value)) return value.map((item) => marked(item, definitions));
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, marked(member, definitions)]));
  const alternatives = (value as Schema).oneOf;
  const tag = alternatives === undefined ? undefined : tagOf(alternatives, definitions);
  return tag === undefined ? copy : { ...copy, type: 'object', discriminator: { propertyName: tag } };
}

export const withDiscriminators = (schema: { readonly $defs: unknown }): object =>
  marked(schema, schema.$defs as Definitions) as object;
