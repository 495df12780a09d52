import { FaultForPeople } from '#libs/kernel';
import { LogFault, parsePolicy, type PolicyWitness, type TrustPolicy, type VerifierKey } from '#libs/transparency-log';

/** A witness that can be asked. */
export interface AddressedWitness extends PolicyWitness {
  /** Its submission prefix, without a slash at its end. */
  readonly url: string;
}

/** Whom the log asks to cosign, and how many of them a receipt needs. */
export interface WitnessPolicy extends TrustPolicy {
  readonly witnesses: readonly AddressedWitness[];
}

/** `LOG_POLICY` names what the log can't go by. */
export class WitnessPolicyFault extends FaultForPeople {
  override readonly name = 'WitnessPolicyFault';
}

/** Throws `WitnessPolicyFault` unless the file is a tlog-policy whose witnesses all have an address. */
export function witnessPolicyOf(file: Uint8Array | undefined): WitnessPolicy | undefined {
  if (file === undefined) return undefined;
  const policy = parsed(file);
  if (policy.witnesses.length === 0) throw new WitnessPolicyFault('LOG_POLICY names no witness: leave it out');
  const faults: string[] = [];
  const witnesses = policy.witnesses.map((witness): AddressedWitness => {
    const { url = '', key } = witness;
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      faults.push(`${key.name} has no address (https://…), by which the log could ask it`);
    }
    return { ...witness, url: url.replace(/\/+$/, '') };
  });
  if (faults.length > 0) throw new WitnessPolicyFault(`LOG_POLICY: ${faults.join('; ')}`);
  return { ...policy, witnesses };
}

function parsed(file: Uint8Array): TrustPolicy {
  try {
    return parsePolicy(file);
  } catch (error) {
    if (!(error instanceof LogFault)) throw error;
    throw new WitnessPolicyFault(`LOG_POLICY: ${error.message}`, { cause: error });
  }
}

/** The policy of who verifies what the log has signed: its own keys, whatever logs the file names. */
export const withKeys = (policy: TrustPolicy, keys: readonly VerifierKey[]): TrustPolicy => ({
  ...policy,
  logs: keys.map((key) => ({ key })),
});
