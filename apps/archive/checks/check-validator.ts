import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parseDate, parseInstant, type Words } from '#libs/kernel';
import { CHECK_TYPES, checkSchema, MOMENTS } from '#libs/domain';
import {
  faultsOfSchema,
  isReference,
  isVisibleText,
  MAX_FAULTS,
  memberPointer,
  PHRASES,
  type Fault,
  type SchemaError,
} from '#libs/platform';
import { bounded, enough } from '#libs/scheme';

const definition = (name: string): object => ({ $ref: `check.schema.json#/$defs/${name}` });

/** Compiled when the first check comes in, once: a start does not wait for it. */
let compiled: ReturnType<typeof compile> | undefined;
const validators = () => (compiled ??= compile());

function compile() {
  const ajv = new Ajv2020({
    allErrors: true,
    // So that a fault between members can name them.
    verbose: true,
    discriminator: true,
    // The conditions on a delivery's form name members that stand beside them: ajv can't see that they belong together.
    strictRequired: false,
    strictTypes: false,
    // Each definition once, as it comes, of a schema that a spec holds against its meta-schema.
    inlineRefs: false,
    code: { optimize: false },
    validateSchema: false,
  });
  addFormats.default(ajv);
  ajv.addFormat('date', (text) => parseDate(text) !== undefined);
  ajv.addFormat('reference', isReference);
  // How long it may be stands in the schema, as `maxLength`.
  ajv.addFormat('visible-text', (text) => isVisibleText(text, Infinity));
  ajv.addKeyword(enough);
  const matches = ajv.compile(bounded(checkSchema) as typeof checkSchema);
  /** What every check has. Of a kind that is not known it is all that can be judged. */
  const matchesAnyKind = ajv.compile({
    type: 'object',
    required: ['application', 'about', 'performedAt', 'performedBy', 'source'],
    properties: {
      application: definition('intake'),
      about: {
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
        properties: Object.fromEntries(
          ['person', 'party', 'application', 'means'].map((object) => [object, definition('uuid')]),
        ),
      },
      performedAt: definition('performedAt'),
      performedBy: definition('performedBy'),
      source: definition('source'),
      lateEntryReason: definition('reason'),
    },
  });
  return { matches, matchesAnyKind };
}

/** What the members may be by which a branch of the schema is chosen. */
const KINDS = { type: CHECK_TYPES, technology: ['pki', 'nonPki'] };

/** A check as it was read: what the schema file says of it, and the check itself as far as it can be read. */
export interface ReadCheck {
  readonly faults: readonly Fault[];
  /** Moments in UTC with milliseconds (interfaces.md §5). A `StoredCheck` when there are no faults. */
  readonly check: unknown;
}

/** Reads a check by its schema file: every fault at once, with its pointer. */
export function readCheck(body: unknown): ReadCheck {
  const { matches, matchesAnyKind } = validators();
  const errors = matches(body) ? [] : [...(matches.errors ?? [])];
  if (errors.some(isUnknownKind) && !matchesAnyKind(body)) errors.push(...(matchesAnyKind.errors ?? []));
  const faults: Fault[] = [...faultsOfSchema(once(errors), '', KINDS)];
  const told = new Set(faults.map(({ pointer }) => pointer));
  return { check: normalized(body, '', { faults, told }), faults };
}

const isUnknownKind = ({ keyword, instancePath }: SchemaError): boolean =>
  keyword === 'discriminator' && instancePath === '';

const FORMS: Readonly<Record<string, Words>> = {
  reference: PHRASES.reference(),
  'visible-text': PHRASES.visible(),
};

/** A format says all that length and pattern of the same member say, in words of its own. */
function once(errors: readonly SchemaError[]): readonly SchemaError[] {
  const formed = new Set(errors.filter(({ keyword }) => keyword === 'format').map(({ instancePath }) => instancePath));
  return errors
    .filter(
      ({ keyword, instancePath }) =>
        !['pattern', 'minLength', 'maxLength'].includes(keyword) || !formed.has(instancePath),
    )
    .map((error) => {
      const form = FORMS[String(error.params['format'])];
      return form === undefined ? error : { ...error, words: form };
    });
}

/** Also of what lies ahead: an end that is read back in the register's own form. */
const isMoment = (name: string): boolean => name === 'validUntil' || (MOMENTS as readonly string[]).includes(name);

interface Found {
  readonly faults: Fault[];
  /** Pointers of the faults that the schema found. */
  readonly told: ReadonlySet<string | undefined>;
}

function normalized(value: unknown, pointer: string, found: Found): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // A check with more faults than are told is read no further.
  if (found.faults.length > MAX_FAULTS) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const place = memberPointer(pointer, name);
      if (!isMoment(name) || typeof member !== 'string') return [name, normalized(member, place, found)];
      const moment = parseInstant(member);
      // The schema tells most of it; an impossible date such as 30 February is found here.
      if (moment === undefined && !found.told.has(place)) {
        found.faults.push({ pointer: place, code: 'invalid-value', detail: PHRASES.instantThatExists() });
      }
      return [name, moment ?? member];
    }),
  );
}
