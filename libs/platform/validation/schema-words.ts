import type { Words } from '#libs/kernel';

type Parameters = Readonly<Record<string, unknown>>;

const bound =
  (name: string, en: (bound: string) => string, nl: (bound: string) => string) =>
  (parameters: Parameters): Words => {
    const text = String(parameters[name]);
    return { en: en(text), nl: nl(text) };
  };

/** One and several of something. */
type Noun = readonly [one: string, several: string];
const counted = (count: string, [one, several]: Noun): string => `${count} ${count === '1' ? one : several}`;
const CHARACTERS: readonly [en: Noun, nl: Noun] = [
  ['character', 'characters'],
  ['teken', 'tekens'],
];
const ITEMS: readonly [en: Noun, nl: Noun] = [
  ['item', 'items'],
  ['onderdeel', 'onderdelen'],
];
const MEMBERS: readonly [en: Noun, nl: Noun] = [
  ['member', 'members'],
  ['veld', 'velden'],
];
const atMost = ([en, nl]: readonly [Noun, Noun]) =>
  bound(
    'limit',
    (limit) => `must have no more than ${counted(limit, en)}`,
    (limit) => `mag niet meer dan ${counted(limit, nl)} hebben`,
  );
const atLeast = ([en, nl]: readonly [Noun, Noun]) =>
  bound(
    'limit',
    (limit) => `must have at least ${counted(limit, en)}`,
    (limit) => `moet ten minste ${counted(limit, nl)} hebben`,
  );
const compared = (en: string, nl: string) =>
  bound(
    'limit',
    (limit) => `must be ${en} ${limit}`,
    (limit) => `moet ${nl} ${limit} zijn`,
  );

const TYPES: Readonly<Record<string, Words>> = {
  string: { en: 'a string', nl: 'een tekst' },
  boolean: { en: 'true or false', nl: 'true of false' },
  integer: { en: 'a whole number', nl: 'een geheel getal' },
  number: { en: 'a number', nl: 'een getal' },
  array: { en: 'a list', nl: 'een lijst' },
  object: { en: 'an object', nl: 'een object' },
  null: { en: 'null', nl: 'null' },
};

function typeWords({ type }: Parameters): Words {
  const names = [type].flat().map((one) => TYPES[String(one)] ?? { en: String(one), nl: String(one) });
  return {
    en: `must be ${names.map(({ en }) => en).join(' or ')}`,
    nl: `moet ${names.map(({ nl }) => nl).join(' of ')} zijn`,
  };
}

/** What a keyword of a JSON schema says of a value that breaks it; `parameters` as ajv has them. */
const KEYWORDS: Readonly<Record<string, (parameters: Parameters) => Words>> = {
  type: typeWords,
  const: bound(
    'allowedValue',
    (value) => `must be ${value}`,
    (value) => `moet ${value} zijn`,
  ),
  format: bound(
    'format',
    (format) => `must have the form of a ${format}`,
    (format) => `moet de vorm van een ${format} hebben`,
  ),
  pattern: bound(
    'pattern',
    (pattern) => `must match the pattern ${pattern}`,
    (pattern) => `moet aan het patroon ${pattern} voldoen`,
  ),
  minLength: atLeast(CHARACTERS),
  maxLength: atMost(CHARACTERS),
  minItems: atLeast(ITEMS),
  maxItems: atMost(ITEMS),
  minProperties: atLeast(MEMBERS),
  maxProperties: atMost(MEMBERS),
  uniqueItems: () => ({ en: 'must not name the same twice', nl: 'mag hetzelfde niet tweemaal noemen' }),
  minimum: compared('at least', 'ten minste'),
  maximum: compared('no more than', 'hoogstens'),
  exclusiveMinimum: compared('more than', 'meer dan'),
  exclusiveMaximum: compared('less than', 'minder dan'),
};

/** `undefined`: it says nothing by itself, or is none that is known here. */
export const schemaWords = (keyword: string, parameters: Parameters): Words | undefined =>
  Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword]!(parameters) : undefined;
