import type { ErrorObject } from 'ajv';
import { MOST_FAULTS } from './bounded.js';

/** One fault of a request, where it is and what is wrong. The detail never repeats a value that was sent. */
export interface Fault {
  /** JSON Pointer (RFC 6901) of the member concerned; of a missing member the place where it should be. */
  readonly pointer: string;
  readonly code: FaultCode;
  readonly detail: string;
}

export type FaultCode =
  | 'unknown-level'
  | 'unknown-member'
  | 'missing-member'
  | 'wrong-type'
  | 'unknown-value'
  | 'unknown-type'
  | 'invalid-date'
  | 'out-of-bounds'
  | 'end-before-begin';

const token = (member: string): string => member.replaceAll('~', '~0').replaceAll('/', '~1');

const fault = (pointer: string, code: FaultCode, detail: string): Fault => ({ pointer, code, detail });

const listed = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');

/** These say only that something within them failed, which is reported itself. */
const FRAMES: readonly string[] = ['anyOf', 'if'];

const isAlternative = (error: ErrorObject): boolean => error.schemaPath.includes('/anyOf/');

const isLevel = (error: ErrorObject): boolean => error.schemaPath.includes('/ehLevel/');

function faultOf(error: ErrorObject): Fault {
  const { instancePath: pointer, keyword, params } = error;
  switch (keyword) {
    case 'required':
      return fault(
        `${pointer}/${token(params['missingProperty'])}`,
        'missing-member',
        isAlternative(error) ? 'is required, or another member in its place' : 'is required',
      );
    case 'additionalProperties':
      return fault(`${pointer}/${token(params['additionalProperty'])}`, 'unknown-member', 'is not a member here');
    case 'enum':
      return fault(
        pointer,
        isLevel(error) ? 'unknown-level' : 'unknown-value',
        `is not one of ${listed(params['allowedValues'])}`,
      );
    case 'discriminator':
      return fault(`${pointer}/${token(params['tag'])}`, 'unknown-type', 'is missing or names no known type');
    case 'type':
      return fault(pointer, 'wrong-type', `is not of type ${String(params['type'])}`);
    case 'format':
    case 'pattern':
      return fault(pointer, 'invalid-date', 'is not a date or date-time with offset that exists');
    default:
      return fault(pointer, 'out-of-bounds', error.message ?? keyword);
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
