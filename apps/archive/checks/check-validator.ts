import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parseInstant } from '#libs/kernel';
import { checkSchema, MOMENTS, type StoredCheck } from '#libs/domain';
import { faultsOfSchema, type Fault, type Validated } from '#libs/platform';

const ajv = new Ajv2020({
  allErrors: true,
  discriminator: true,
  // The conditions on a delivery's form name members that stand beside them: ajv can't see that they belong together.
  strictRequired: false,
  strictTypes: false,
});
addFormats.default(ajv);
const matches = ajv.compile(checkSchema);

/**
 * Reads a check by its schema file: every fault at once, with its pointer. Moments come out in UTC with milliseconds
 * (interfaces.md §5).
 */
export function validateCheck(body: unknown): Validated<StoredCheck> {
  const faults: Fault[] = matches(body) ? [] : [...faultsOfSchema(matches.errors ?? [])];
  const check = normalized(body, '', faults);
  return faults.length > 0 ? { faults } : { value: check as StoredCheck, faults: [] };
}

const isMoment = (name: string): boolean => (MOMENTS as readonly string[]).includes(name);

function normalized(value: unknown, pointer: string, faults: Fault[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const place = `${pointer}/${name}`;
      if (!isMoment(name) || typeof member !== 'string') return [name, normalized(member, place, faults)];
      const moment = parseInstant(member);
      // The schema tells most of it; an impossible date such as 30 February is found here.
      if (moment === undefined && !faults.some((fault) => fault.pointer === place)) {
        faults.push({ pointer: place, code: 'invalid-value', detail: 'must be a date-time that exists' });
      }
      return [name, moment ?? member];
    }),
  );
}
