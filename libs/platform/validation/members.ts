import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { parseDate, parseInstant, type Words } from '#libs/kernel';
import { Transform, Type, type ClassConstructor } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { PHRASES } from '../problems/phrases.js';
import { referenceTo } from '../openapi/schema.js';
import { isReference } from './reference.js';
import { Shape } from './shape.js';
import { isPlainObject } from './validate.js';
import { isReadable, isVisibleText } from './visible-text.js';

/*
 * Members of request classes. What each one checks is also what the contract says, so that both always agree; class-
 * validator's own decorators need an `@ApiProperty` beside them.
 */

export interface Docs {
  readonly description?: string;
  readonly example?: unknown;
}

/** The member may be absent. Unlike class-validator's `IsOptional`, `null` is no way to leave it out. */
export const Optional = (): PropertyDecorator =>
  all(
    ValidateIf((_object, value) => value !== undefined),
    ApiProperty({ required: false }),
  );

/** The member may be absent unless what stands beside it asks for it. */
export const OptionalUnless = <Body extends object>(isAsked: (body: Body) => boolean): PropertyDecorator =>
  all(
    ValidateIf((body, value) => value !== undefined || isAsked(body as Body)),
    ApiProperty({ required: false }),
  );

/** A date-time with any offset; arrives as the `Instant` in UTC with milliseconds (interfaces.md §5). */
export const IsInstant = (docs: Docs = {}): PropertyDecorator =>
  all(
    mapped((text) => parseInstant(text) ?? text),
    text('isInstant', PHRASES.instant(), isInstant),
    ApiProperty({ type: 'string', format: 'date-time', example: '2026-03-02T10:12:00Z', ...docs }),
  );

/** A calendar date that exists. */
export const IsCalendarDate = (docs: Docs = {}): PropertyDecorator =>
  all(
    text('isCalendarDate', PHRASES.date(), (value) => parseDate(value) !== undefined),
    ApiProperty({ type: 'string', format: 'date', example: '2026-03-02', ...docs }),
  );

/** A date of birth: one that exists, is not to come in Amsterdam, and lies within the longest life there was. */
export const IsBirthDate = (docs: Docs = {}): PropertyDecorator =>
  all(
    text('isBirthDate', PHRASES.birthDate(LONGEST_LIFE_YEARS), isBirthDate),
    ApiProperty({ type: 'string', format: 'date', example: '1985-04-12', ...docs }),
  );

/** An e-mail address. */
export const IsEmailAddress = (docs: Docs = {}): PropertyDecorator => IsForm(EMAIL_ADDRESS, EMAIL_WORDS, docs);
export const isEmailAddress = (value: string): boolean => isReadable(value) && EMAIL_ADDRESS.test(value);

/** A telephone number. */
export const IsTelephone = (docs: Docs = {}): PropertyDecorator => IsForm(TELEPHONE, TELEPHONE_WORDS, docs);
export const isTelephone = (value: string): boolean => TELEPHONE.test(value);

/** A UUID; arrives in lower case. */
export const IsUuidString = (docs: Docs = {}): PropertyDecorator =>
  all(
    lowerCaseUuid(),
    text('isUuid', PHRASES.uuid(), isUuid),
    ApiProperty({ type: 'string', format: 'uuid', example: EXAMPLE_ID, ...docs }),
  );

/** A list of distinct UUIDs; arrive in lower case. */
export const IsUuidList = ({ least = 0, most = 100, ...docs }: Sizes & Docs = {}): PropertyDecorator =>
  all(
    lowerCaseUuid(),
    isList(least, most),
    text('isUuid', PHRASES.uuid(), isUuid, { each: true }),
    rule('distinct', PHRASES.distinct(), (value) => !Array.isArray(value) || new Set(value).size === value.length),
    ApiProperty({
      type: 'array',
      items: { type: 'string', format: 'uuid' },
      uniqueItems: true,
      minItems: least,
      maxItems: most,
      example: [EXAMPLE_ID],
      ...docs,
    } as ApiPropertyOptions),
  );

/** Text of 1 to `most` characters that can be read (`isVisibleText`). */
export const IsText = (most: number, docs: Docs = {}): PropertyDecorator =>
  all(
    text('isText', PHRASES.visibleText(most), (value) => isVisibleText(value, most)),
    ApiProperty({ type: 'string', minLength: 1, maxLength: most, ...docs }),
  );

/** A reference: opaque, never personal data (interfaces.md §6). */
export const IsReference = (docs: Docs = {}): PropertyDecorator =>
  all(
    text('isReference', PHRASES.reference(), isReference),
    ApiProperty({
      ...{ type: 'string', minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._:/-]*[0-9][A-Za-z0-9._:/-]*$' },
      ...{ example: 'agreement-2026-7', ...docs },
    }),
  );

/** A list of distinct texts, each as `IsText` has it. */
export const IsTextList = (
  most: number,
  { least = 0, most: mostItems = 100, ...docs }: Sizes & Docs = {},
): PropertyDecorator =>
  all(
    isList(least, mostItems),
    text('isText', PHRASES.visibleText(most), (value) => isVisibleText(value, most), { each: true }),
    rule('distinct', PHRASES.distinct(), (value) => !Array.isArray(value) || new Set(value).size === value.length),
    ApiProperty({
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: most },
      uniqueItems: true,
      minItems: least,
      maxItems: mostItems,
      ...docs,
    } as ApiPropertyOptions),
  );

/** Text that can be read and matches an expression; `form` says it in words (`{ en: '8 digits', nl: '8 cijfers' }`). */
export const IsForm = (expression: RegExp, form: Words, docs: Docs = {}): PropertyDecorator =>
  all(
    text('isForm', PHRASES.form(form), (value) => isReadable(value) && expression.test(value)),
    ApiProperty({ type: 'string', pattern: expression.source, ...docs }),
  );

/** One of a closed list of words; `code` stands for a word that is not in it, where the contract has one of its own. */
export const IsChoice = (
  choices: readonly string[],
  { code, ...docs }: Docs & { readonly code?: string } = {},
): PropertyDecorator =>
  all(
    text(
      'isChoice',
      PHRASES.choice(choices),
      (value) => choices.includes(value),
      code === undefined ? {} : { context: { code } },
    ),
    ApiProperty({ type: 'string', enum: [...choices], ...docs } as ApiPropertyOptions),
  );

/** A list of distinct words of a closed list. */
export const IsChoiceList = (
  choices: readonly string[],
  { least = 0, most = 100, ...docs }: Sizes & Docs = {},
): PropertyDecorator =>
  all(
    isList(least, most),
    text('isChoice', PHRASES.choice(choices), (value) => choices.includes(value), { each: true }),
    rule('distinct', PHRASES.distinct(), (value) => !Array.isArray(value) || new Set(value).size === value.length),
    ApiProperty({
      type: 'array',
      items: { type: 'string', enum: [...choices] },
      uniqueItems: true,
      minItems: least,
      maxItems: most,
      ...docs,
    } as ApiPropertyOptions),
  );

/** `true` or `false`. */
export const IsFlag = (docs: Docs = {}): PropertyDecorator =>
  all(
    rule('isBoolean', PHRASES.flag(), (value) => typeof value === 'boolean'),
    ApiProperty({ type: 'boolean', ...docs }),
  );

/** `true`, of what asks for something by being there. */
export const IsTrue = (docs: Docs = {}): PropertyDecorator =>
  all(
    rule('isBoolean', PHRASES.flag(), (value) => typeof value === 'boolean'),
    rule('isTrue', PHRASES.onlyTrue(), (value) => typeof value !== 'boolean' || value),
    ApiProperty({ type: 'boolean', enum: [true], ...docs } as ApiPropertyOptions),
  );

/** A whole number within bounds. */
export const IsWhole = (least: number, most: number, docs: Docs = {}): PropertyDecorator =>
  all(
    rule('isNumber', PHRASES.number(), (value) => typeof value === 'number'),
    rule(
      'isWhole',
      PHRASES.whole(least, most),
      (value) => typeof value !== 'number' || (Number.isInteger(value) && value >= least && value <= most),
    ),
    ApiProperty({ type: 'integer', minimum: least, maximum: most, ...docs }),
  );

/** One object of the given class (class-validator's `ValidateNested` alone would take a list as well). */
export const Nested = <T extends object>(type: () => ClassConstructor<T>, docs: Docs = {}): PropertyDecorator =>
  all(
    rule('isPlainObject', PHRASES.object(), isPlainObject),
    ValidateNested(),
    Type(type),
    Shape({ nested: type }),
    ApiProperty({ type: () => type(), ...docs } as ApiPropertyOptions),
  );

/** A list of objects of the given class. */
export const NestedList = <T extends object>(
  type: () => ClassConstructor<T>,
  { least = 0, most = 100, ...docs }: Sizes & Docs = {},
): PropertyDecorator =>
  all(
    isList(least, most, type),
    rule('isPlainObject', PHRASES.objects(), (value) => isPlainObject(value), { each: true }),
    ValidateNested({ each: true }),
    Type(type),
    ApiProperty({ type: () => type(), isArray: true, minItems: least, maxItems: most, ...docs } as ApiPropertyOptions),
  );

/** An object whose inside another check judges (a JSON schema: `faultsOfSchema`); only that it is one is checked here. */
export const IsJsonObject = (docs: Docs = {}): PropertyDecorator =>
  all(
    rule('isPlainObject', PHRASES.object(), isPlainObject),
    Shape({ free: true }),
    ApiProperty({ type: 'object', additionalProperties: true, ...docs } as ApiPropertyOptions),
  );

/** A list whose items another check judges; the contract describes them as this component. */
export const ListOf = (component: string, { least = 0, most = 100, ...docs }: Sizes & Docs = {}): PropertyDecorator =>
  all(
    isList(least, most),
    ApiProperty({
      type: 'array',
      items: referenceTo(component),
      minItems: least,
      maxItems: most,
      ...docs,
    } as ApiPropertyOptions),
  );

/** A list of at most so many items, which is known before any of them is looked at. */
const isList = (least: number, most: number, nested?: () => ClassConstructor<object>): PropertyDecorator =>
  all(
    IsArray({ context: { words: PHRASES.list() } }),
    ArrayMinSize(least, { context: { words: PHRASES.atLeast(least) } }),
    ArrayMaxSize(most, { context: { words: PHRASES.atMost(most) } }),
    Shape(nested === undefined ? { most } : { most, nested }),
  );

interface Sizes {
  readonly least?: number;
  readonly most?: number;
}

const EXAMPLE_ID = '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isUuid = (value: string): boolean => UUID.test(value);

const EMAIL_ADDRESS = /^[^\s@]{1,64}@[^\s@]{1,190}$/;
export const EMAIL_WORDS: Words = {
  en: 'an e-mail address (such as name@example.org)',
  nl: 'een e-mailadres (zoals naam@example.org)',
};
/** Digits among signs that only order them. */
const TELEPHONE = /^(?=(?:\D*\d){6})\+?[0-9 ()-]{6,24}$/;
export const TELEPHONE_WORDS: Words = {
  en: 'a telephone number (at least 6 digits, perhaps with + before them, and blanks, dashes or brackets between them)',
  nl: 'een telefoonnummer (ten minste 6 cijfers, eventueel met + ervoor, en spaties, streepjes of haakjes ertussen)',
};

const LONGEST_LIFE_YEARS = 130;

function isBirthDate(value: string): boolean {
  if (parseDate(value) === undefined) return false;
  // `sv-SE` writes dates as ISO 8601 does.
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format(new Date());
  const first = `${Number(today.slice(0, 4)) - LONGEST_LIFE_YEARS}${today.slice(4)}`;
  return first <= value && value <= today;
}

const isInstant = (value: string): boolean => parseInstant(value) !== undefined;

const lowerCaseUuid = (): PropertyDecorator =>
  mapped((value) => (isUuid(value.toLowerCase()) ? value.toLowerCase() : value));

function all(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}

function rule(
  name: string,
  words: Words,
  test: (value: unknown) => boolean,
  { each = false, context }: Pick<ValidationOptions, 'each' | 'context'> = {},
): PropertyDecorator {
  const validator = { validate: test, defaultMessage: () => words.en };
  return ValidateBy({ name, validator }, { each, context: { ...(context as object), words, each } });
}

/** A string (another type is `wrong-type`) that also passes the test. */
const text = (
  name: string,
  words: Words,
  test: (value: string) => boolean,
  options: ValidationOptions = {},
): PropertyDecorator =>
  all(
    rule('isString', PHRASES.text(), (value) => typeof value === 'string', options),
    rule(name, words, (value) => typeof value !== 'string' || test(value), options),
  );

const mapped = (change: (text: string) => string): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => {
    const one = (item: unknown): unknown => (typeof item === 'string' ? change(item) : item);
    return Array.isArray(value) ? value.map(one) : one(value);
  });
