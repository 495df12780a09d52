import { CHECK_TYPES, checkSchema, SINCE_VERSION_2, WORDS } from '#libs/domain';
import { capital, componentsFrom, named, publishComponents, type Schema, type Schemas } from '#libs/platform';
import { auditedMembers } from '../audit/audited-members.js';

/*
 * Checks as components of the contract: one per kind in what is sent, shown, answered and audited. All of them are made of
 * the schema file of a check; a member that it gets is in the contract without another line.
 */

const file = (checkSchema as { readonly $defs: Schemas }).$defs;

/** `eSignatureValidation` → `EsignatureValidation`: upper camel case as the design rules have it. */
const kindName = (kind: string): string =>
  kind.replace(/^([a-z])([A-Z]?)/, (_, first: string, second: string) => first.toUpperCase() + second.toLowerCase());

for (const [name, [kind, member]] of Object.entries({
  RepresentativeCapacity: ['representationCheck', 'capacity'],
  CheckedRegister: ['representationCheck', 'register'],
  RegisteredLimitation: ['representationCheck', 'limitation'],
  OfficialNumberKind: ['officialNumberVerification', 'numberKind'],
  DeliveryForm: ['meansDelivery', 'form'],
} as const)) {
  named(name, (membersOf(file[kind]!)[member] as { readonly enum: readonly string[] }).enum);
}

function membersOf(schema: Schema): Schemas {
  return schema['properties'] as Schemas;
}

/** What is sent: the schema file as it is. */
const sent = componentsFrom(
  {
    definitions: file,
    nameOf: (definition) =>
      definition === 'storedCheck'
        ? 'RecordCheckRequest'
        : CHECK_TYPES.includes(definition)
          ? `${kindName(definition)}Request`
          : `Check${capital(definition)}`,
  },
  ['storedCheck'],
);

/** Keywords that bound what is sent; what is on record was taken under the bounds of its day. */
const BOUNDS: readonly string[] = [
  ...['additionalProperties', 'minProperties', 'maxProperties', 'oneOf', 'allOf', 'if', 'then', 'else'],
  ...['dependentRequired', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems', 'pattern'],
];

/** A definition without bounds. Ids keep their pattern, by which they are known as ids. */
function unbounded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unbounded);
  if (typeof value !== 'object' || value === null) return value;
  const schema = value as Schema;
  if (schema['discriminator'] !== undefined) {
    return { ...schema, oneOf: (schema['oneOf'] as readonly unknown[]).map(unbounded) };
  }
  if (typeof schema['pattern'] === 'string' && schema['pattern'].startsWith('^[0-9a-f]{8}-')) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, part]) => (BOUNDS.includes(keyword) ? [] : [[keyword, unbounded(part)]])),
  );
}

/** A check as it is shown: its facts without the words of a clerk, and what the register adds. */
function shownKind(kind: string, schema: Schema, added: Schemas, askedFor: readonly string[]): Schema {
  const facts = unbounded(schema) as Schema;
  const members = Object.entries(membersOf(facts)).filter(([member]) => !(WORDS as readonly string[]).includes(member));
  const later: readonly string[] = (SINCE_VERSION_2 as Readonly<Record<string, readonly string[]>>)[kind] ?? [];
  const required = (facts['required'] as readonly string[]).filter((member) => !later.includes(member));
  return {
    ...facts,
    required: ['id', ...required, 'late', ...askedFor],
    properties: {
      id: { type: 'string', format: 'uuid', description: 'Id of the check' },
      ...Object.fromEntries(members),
      late: { type: 'boolean', description: 'Recorded more than 31 days after it was performed' },
      ...added,
    },
  };
}

/** The kinds of check as an answer has them. `name` makes the name of a kind's component, and of all together. */
function shown(name: (kind: string) => string, added: Schemas, askedFor: readonly string[]): Schemas {
  const definitions = Object.fromEntries(
    Object.entries(file).map(([definition, schema]) => [
      definition,
      CHECK_TYPES.includes(definition) ? shownKind(definition, schema, added, askedFor) : (unbounded(schema) as Schema),
    ]),
  );
  return componentsFrom(
    {
      definitions,
      nameOf: (definition) =>
        definition === 'storedCheck'
          ? name('Check')
          : CHECK_TYPES.includes(definition)
            ? name(kindName(definition))
            : `${capital(definition)}View`,
    },
    ['storedCheck'],
  );
}

const POSITION: Schemas = { position: { type: 'string', description: 'Place in the store, for `?after=`' } };

publishComponents(sent);
publishComponents(shown((kind) => `${kind}View`, {}, []));
publishComponents(shown((kind) => `${kind}Answer`, POSITION, ['position']));
publishComponents(shown((kind) => `Audited${kind}`, auditedMembers.properties, auditedMembers.required));
