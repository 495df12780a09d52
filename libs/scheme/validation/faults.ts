import type { ErrorObject } from 'ajv';
import { MOST_FAULTS } from './bounded.js';

/** The same in both languages. */
interface Words {
  readonly en: string;
  readonly nl: string;
}

/** One fault of a request, where it is and what is wrong. The detail never repeats a value that was sent. */
export interface Fault {
  /** JSON Pointer (RFC 6901) of the member concerned; of a missing member the place where it should be. */
  readonly pointer: string;
  readonly code: FaultCode;
  readonly detail: Words;
}

export const FAULT_CODES = [
  'unknown-level',
  'unknown-member',
  'missing-member',
  'wrong-type',
  'unknown-value',
  'unknown-type',
  'invalid-date',
  'out-of-bounds',
  'end-before-begin',
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

const token = (member: string): string => member.replaceAll('~', '~0').replaceAll('/', '~1');

const fault = (pointer: string, code: FaultCode, en: string, nl: string): Fault => ({
  pointer,
  code,
  detail: { en, nl },
});

const listed = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');

/** These say only that something within them failed, which is reported itself. */
const FRAMES: readonly string[] = ['anyOf', 'if'];

const isAlternative = (error: ErrorObject): boolean => error.schemaPath.includes('/anyOf/');

const isLevel = (error: ErrorObject): boolean => error.schemaPath.includes('/ehLevel/');

const REQUIRED = { en: 'is required', nl: 'is verplicht' };
const REQUIRED_OR_ANOTHER = {
  en: 'is required, or another member in its place',
  nl: 'is verplicht, of een ander veld in plaats ervan',
};

/** What ajv says in English of a bound, in Dutch. */
function outOfBounds({ keyword, params }: ErrorObject): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'minimum':
      return `moet ten minste ${limit} zijn`;
    case 'maximum':
      return `mag hoogstens ${limit} zijn`;
    case 'minLength':
      return `mag niet minder dan ${limit} tekens hebben`;
    case 'maxLength':
      return `mag niet meer dan ${limit} tekens hebben`;
    case 'minItems':
      return `mag niet minder dan ${limit} onderdelen hebben`;
    case 'maxItems':
      return `mag niet meer dan ${limit} onderdelen hebben`;
    default:
      return 'ligt buiten wat hier is toegestaan';
  }
}

function faultOf(error: ErrorObject): Fault {
  const { instancePath: pointer, keyword, params } = error;
  switch (keyword) {
    case 'required':
      return {
        pointer: `${pointer}/${token(params['missingProperty'])}`,
        code: 'missing-member',
        detail: isAlternative(error) ? REQUIRED_OR_ANOTHER : REQUIRED,
      };
    case 'additionalProperties':
      return fault(
        `${pointer}/${token(params['additionalProperty'])}`,
        'unknown-member',
        'is not a member here',
        'is hier geen veld',
      );
    case 'enum':
      return fault(
        pointer,
        isLevel(error) ? 'unknown-level' : 'unknown-value',
        `is not one of ${listed(params['allowedValues'])}`,
        `is geen van ${listed(params['allowedValues'])}`,
      );
    case 'discriminator':
      return fault(
        `${pointer}/${token(params['tag'])}`,
        'unknown-type',
        'is missing or names no known type',
        'ontbreekt of noemt geen bekend type',
      );
    case 'type':
      return fault(
        pointer,
        'wrong-type',
        `is not of type ${String(params['type'])}`,
        `is niet van het type ${String(params['type'])}`,
      );
    case 'format':
    case 'pattern':
      return fault(
        pointer,
        'invalid-date',
        'is not a date or date-time with offset that exists',
        'is geen bestaande datum, of datum met tijd en tijdzone',
      );
    default:
      return fault(pointer, 'out-of-bounds', error.message ?? keyword, outOfBounds(error));
  }
}

/** The faults in what the schema reports, each once. */
export function faultsOf(errors: readonly ErrorObject[]): readonly Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of errors) {
    if (FRAMES.includes(error.keyword)) continue;
    if (faults.size > MOST_FAULTS) break;
    const found = faultOf(error);
    faults.set(`${found.code} ${found.pointer}`, found);
  }
  return [...faults.values()];
}
