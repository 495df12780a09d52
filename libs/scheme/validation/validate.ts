import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import schema from '../contract/classification.schema.json' with { type: 'json' };
import type {
  AuthorizationRequest,
  EvaluationRequest,
  MeansRequest,
  RevocationDeadlineRequest,
  ValidityRequest,
} from '../contract/classification.types.js';
import { readDate, readInstant } from '../time/instant.js';
import { bounded, enough } from './bounded.js';
import { crossMemberFaults } from './cross-member.js';
import { type Fault, faultsOf } from './faults.js';
import { withDiscriminators } from './discriminators.js';

export interface Requests {
  readonly authorization: AuthorizationRequest;
  readonly means: MeansRequest;
  readonly revocationDeadline: RevocationDeadlineRequest;
  readonly validity: ValidityRequest;
  readonly evaluation: EvaluationRequest;
}

export type RequestKind = keyof Requests;

export type ValidationCode = 'invalid-request' | 'unknown-level';

export type Validation<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: ValidationCode; readonly errors: readonly Fault[] };

const SCHEMA_ID = 'classification.schema.json';

/** Compiled on first use, once: a start that never judges a request does not pay for it. */
let compiled: Ajv2020 | undefined;

function compiler(): Ajv2020 {
  if (compiled === undefined) {
    compiled = new Ajv2020({
      allErrors: true,
      discriminator: true,
      // Compiled at every start: as it comes, of a schema that a spec holds against its meta-schema.
      code: { optimize: false },
      validateSchema: false,
      formats: {
        'date-time': (text: string) => !Number.isNaN(readInstant(text)),
        date: (text: string) => !Number.isNaN(readDate(text)),
      },
    });
    compiled.addKeyword(enough);
    compiled.addSchema(bounded(withDiscriminators(schema)) as typeof schema, SCHEMA_ID);
  }
  return compiled;
}

const validators = new Map<string, ValidateFunction>();

function definition(name: string): ValidateFunction {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const validator = compiler().getSchema(`${SCHEMA_ID}#/$defs/${name}`);
  if (validator === undefined) throw new Error(`the classification schema has no definition ${name}`);
  validators.set(name, validator);
  return validator;
}

const schemaFaults = (name: string, value: unknown): readonly Fault[] => {
  const validator = definition(name);
  return validator(value) ? [] : faultsOf((validator.errors ?? []) as readonly ErrorObject[]);
};

/**
 * Whether a value is a request of this kind, with the faults found in it at once (classification.md §0), up to the first
 * one beyond a hundred.
 * `unknown-level` as soon as one member that holds a level has another value, whatever else is wrong (LVL-01).
 */
export function validateRequest<Kind extends RequestKind>(kind: Kind, value: unknown): Validation<Requests[Kind]> {
  const errors = [...schemaFaults(`${kind}Request`, value), ...crossMemberFaults(kind, value)];
  if (errors.length === 0) return { ok: true, value: value as Requests[Kind] };
  const code = errors.some((fault) => fault.code === 'unknown-level') ? 'unknown-level' : 'invalid-request';
  return { ok: false, code, errors };
}

/** The structures of the contract that occur in requests of others too: one shape of a check, wherever it travels. */
const STRUCTURES = {
  authorizationCheck: 'check',
  identityValidation: 'validation',
  meansIssuanceForm: 'issuance',
  signature: 'signature',
  submitter: 'submitter',
  representedParty: 'representedParty',
  authorizedParty: 'authorizedParty',
  registerProfile: 'registerProfile',
} as const;

export type StructureName = keyof typeof STRUCTURES;

/** The faults of one structure of the contract; none: it is valid. */
export const structureFaults = (name: StructureName, value: unknown): readonly Fault[] =>
  schemaFaults(STRUCTURES[name], value);
