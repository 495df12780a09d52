/**
 * Turns the schema file of the classification contract into TypeScript declarations.
 * It knows the keywords that file uses and throws on any other shape, so that nothing is typed by guesswork.
 */
interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
}

/** Definitions whose own name would be too general outside the schema file. */
const NAMES: Readonly<Record<string, string>> = {
  check: 'AuthorizationCheck',
  validation: 'IdentityValidation',
  issuance: 'MeansIssuanceForm',
  date: 'CalendarDate',
  person: 'PersonSubject',
  protection: 'ThreatProtection',
  name: 'ListedName',
  number: 'RegisterNumber',
  problem: 'ClassificationProblem',
};

const typeName = (definition: string): string =>
  NAMES[definition] ?? definition.charAt(0).toUpperCase() + definition.slice(1);

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : JSON.stringify(value);

const union = (members: readonly string[]): string => [...new Set(members)].join(' | ');

function reference(ref: string): string {
  return typeName(ref.slice(ref.lastIndexOf('/') + 1));
}

function objectType(schema: Schema, indent: string): string {
  if (schema.properties === undefined) {
    const value = schema.additionalProperties;
    if (typeof value !== 'object') throw new Error('an object without members needs a schema of its values');
    const values = typeOf(value, indent);
    if (schema.propertyNames === undefined) return `Readonly<Record<string, ${values}>>`;
    return `Readonly<Partial<Record<${typeOf(schema.propertyNames, indent)}, ${values}>>>`;
  }
  const deeper = `${indent}  `;
  const lines = Object.entries(schema.properties).map(([name, member]) => {
    const optional = schema.required?.includes(name) === true ? '' : '?';
    return `${comment(member, deeper)}${deeper}readonly ${name}${optional}: ${typeOf(member, deeper)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

function comment(schema: Schema, indent: string): string {
  return schema.description === undefined ? '' : `${indent}/** ${schema.description} */\n`;
}

/** Small closed ranges become unions of their numbers; larger ones stay `number`. */
function integerType(schema: Schema): string {
  const { minimum, maximum } = schema;
  if (minimum === undefined || maximum === undefined || maximum - minimum > 4) return 'number';
  return union(Array.from({ length: maximum - minimum + 1 }, (_, step) => String(minimum + step)));
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return reference(schema.$ref);
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map(literal));
  // Beside members, `oneOf` only says which of them go together.
  if (schema.oneOf !== undefined && schema.properties === undefined)
    return union(schema.oneOf.map((branch) => typeOf(branch, indent)));
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
      return integerType(schema);
    case 'array': {
      if (schema.items === undefined) throw new Error('an array needs a schema of its items');
      return `readonly ${wrapped(typeOf(schema.items, indent))}[]`;
    }
    case 'object':
      return objectType(schema, indent);
    default:
      throw new Error(`not a shape this generator knows: ${JSON.stringify(schema)}`);
  }
}

const wrapped = (type: string): string => (/[|]|^readonly /.test(type) && !type.startsWith('{') ? `(${type})` : type);

export function typesFromSchema(
  schema: { readonly $defs: Readonly<Record<string, unknown>> },
  file = 'classification.schema.json',
): string {
  const definitions = Object.entries(schema.$defs).map(([name, value]) => {
    const definition = value as Schema;
    return `${comment(definition, '')}export type ${typeName(name)} = ${typeOf(definition, '')};\n`;
  });
  return `// Generated from ${file}. Do not edit: \`npm run generate\`.\n\n${definitions.join('\n')}`;
}
