import { nameOfList, namedLists } from './named-lists.js';
import {
  componentsNeeded,
  isSchema,
  orNull,
  referenceTo,
  withoutDefault,
  type Schema,
  type Schemas,
} from './schema.js';
import { completeComponent } from './variants.js';

/** Keywords whose value is data, or a condition: it asks something of members that are described elsewhere. */
const AS_IS: readonly string[] = [
  ...['example', 'examples', 'const', 'enum', 'required', 'discriminator', 'default'],
  ...['if', 'then', 'else'],
];
/** Keywords whose value is an object of schemas by name. */
const BY_NAME: readonly string[] = ['properties', 'patternProperties', '$defs'];

/**
 * The components as the documentation generator and our schema files give them, in one form: OpenAPI 3.1, lists of words
 * by name, whole numbers as integers, no defaults. A list of words without a name stops the build.
 */
export function tidySchemas(given: Schemas): Schemas {
  const found: Found = { lists: new Set(), nameless: [] };
  const components: Record<string, Schema> = {};
  for (const [name, schema] of Object.entries(given)) {
    for (const [part, content] of Object.entries(completeComponent(name, schema))) {
      components[part] = tidied(content, part, found);
    }
  }
  if (found.nameless.length > 0) {
    throw new Error(
      `the contract has lists of words without a name; name them with named():\n${[...new Set(found.nameless)].join('\n')}`,
    );
  }
  const lists = namedLists();
  for (const name of found.lists) {
    if (Object.hasOwn(components, name)) throw new Error(`a list and a component are both named ${name}`);
    components[name] = lists[name]!;
  }
  return components;
}

interface Found {
  readonly lists: Set<string>;
  readonly nameless: string[];
}

/** The same for a schema that stands in an operation. */
export function tidyInline(schema: Schema, where: string): Schema {
  const found: Found = { lists: new Set(), nameless: [] };
  const tidy = tidied(schema, where, found);
  if (found.nameless.length > 0) throw new Error(found.nameless.join('\n'));
  return tidy;
}

function tidied(given: Schema, where: string, found: Found): Schema {
  const { nullable, example, allOf, ...rest } = withoutDefault(given);
  let schema: Schema = rest;
  if (Array.isArray(allOf)) {
    // `allOf` of one only says that something is said beside the reference.
    schema = allOf.length === 1 ? { ...schema, ...(allOf[0] as Schema) } : { ...schema, allOf };
  }
  // The documentation generator puts the type of the class's member beside a reference that is given.
  if (schema['$ref'] !== undefined) schema = { ...schema, type: undefined };
  if (schema['type'] === 'number') schema = { ...schema, type: 'integer' };
  if (example !== undefined && schema['$ref'] === undefined) schema = { ...schema, examples: [example] };
  schema = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, part(keyword, value, `${where}/${keyword}`, found)]),
  );
  const values = schema['enum'];
  const isNullable = nullable === true || (Array.isArray(values) && values.includes(null));
  if (Array.isArray(values)) schema = listed(schema, values, where, found);
  return isNullable ? orNull(schema) : schema;
}

function part(keyword: string, value: unknown, where: string, found: Found): unknown {
  if (AS_IS.includes(keyword) || keyword.startsWith('x-')) return value;
  if (Array.isArray(value)) {
    return value.map((item, index) => (isSchema(item) ? tidied(item, `${where}/${index}`, found) : item));
  }
  if (!isSchema(value)) return value;
  if (!BY_NAME.includes(keyword)) return tidied(value, where, found);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      isSchema(item) ? tidied(item, `${where}/${name}`, found) : item,
    ]),
  );
}

/** A list of words by its name. Numbers, and a list of one, stand where they are. */
function listed(schema: Schema, values: readonly unknown[], where: string, found: Found): Schema {
  const { enum: _values, type, minLength: _shortest, maxLength: _longest, ...rest } = schema;
  const words = values.filter((value) => value !== null);
  if (words.length < 2 || typeof words[0] !== 'string') {
    const one = Array.isArray(type) ? type[0] : type;
    return { ...rest, type: one, ...(words.length === 1 ? { const: words[0] } : { enum: words }) };
  }
  const name = nameOfList(words);
  if (name === undefined) {
    found.nameless.push(`${where}: ${words.join(', ')}`);
    return schema;
  }
  found.lists.add(name);
  const { examples: _examples, ...beside } = rest;
  return { ...beside, ...referenceTo(name) };
}

/**
 * Components of requests take no member that they do not name. An object that occurs in requests and in answers would be
 * closed in both, so that no answer could ever get a member: it stops the build.
 */
export function closeRequests(components: Schemas, requests: unknown, answers: unknown): Schemas {
  const sent = componentsNeeded(requests, components);
  const given = componentsNeeded(answers, components);
  return Object.fromEntries(
    Object.entries(components).map(([name, schema]) => {
      const isObject = schema['properties'] !== undefined;
      if (!sent.has(name) || !isObject) return [name, schema];
      if (given.has(name)) throw new Error(`${name} occurs in requests and in answers`);
      return [name, { ...schema, additionalProperties: schema['additionalProperties'] ?? false }];
    }),
  );
}
