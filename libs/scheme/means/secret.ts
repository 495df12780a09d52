import type { EpochMillis } from '../time/instant.js';

/** A guideline for passwords from a date on; a newer one binds passwords set from its own date (PW-01). */
export interface PasswordPolicy {
  readonly from: EpochMillis;
  readonly minimumLength: number;
  /** A ceiling against abuse only; DigiD's own maximum is not taken over (PW-09). */
  readonly maximumLength: number;
  /** Of other characters a password may hold any number, they do not count as special (AMB-41). */
  readonly specialCharacters: string;
  /** How many of the latest passwords may not come back, the current one included (PW-08, AMB-41). */
  readonly history: number;
}

/** A guideline for PINs from a date on (AMB-40). */
export interface PinPolicy {
  readonly from: EpochMillis;
  readonly minimumLength: number;
  readonly maximumLength: number;
  /** The longest run of one digit (`11`) that is allowed. */
  readonly longestRepeat: number;
  /** The longest run of digits each one higher, or each one lower, than the one before (`12`, `98`) that is allowed. */
  readonly longestSequence: number;
  /** Wrong attempts after which the PIN is locked. */
  readonly attemptsBeforeLock: number;
}

export interface SecretPolicies {
  readonly passwords: readonly PasswordPolicy[];
  readonly pins: readonly PinPolicy[];
}

export interface PasswordContext {
  readonly userName: string;
  /**
   * For each earlier password of the means, latest first and the current one included, whether the new one equals it.
   * Only their salted hashes are kept, so the comparison is made where those are.
   */
  readonly equalsEarlier: readonly boolean[];
}

/** What a mechanism holds a password to when it is set; the password itself is seen by nobody else. */
export interface EnforcedPassword {
  readonly kind: 'password';
  readonly minimumLength: number;
  readonly maximumLength: number;
  readonly lowerCase: boolean;
  readonly upperCase: boolean;
  readonly digit: boolean;
  /** One of these has to be in it; empty: none has to. */
  readonly specialCharacters: string;
  readonly withoutUserName: boolean;
  /** How many of the latest passwords may not come back, the current one included. */
  readonly history: number;
}

/** What a mechanism holds a PIN to. */
export interface EnforcedPin {
  readonly kind: 'pin';
  readonly minimumLength: number;
  readonly maximumLength: number;
  readonly longestRepeat: number;
  readonly longestSequence: number;
  /** Wrong attempts after which it is locked. */
  readonly attemptsBeforeLock: number;
}

export type EnforcedSecret = EnforcedPassword | EnforcedPin;

export interface SecretFault {
  readonly id: string;
  readonly rule: string;
}

interface SecretRule<Policy, Context> {
  readonly id: string;
  readonly rule: string;
  readonly holds: (secret: string, policy: Policy, context: Context) => boolean;
}

/** Characters as a person counts them, not UTF-16 units. */
const length = (text: string): number => [...text].length;

const PASSWORD_RULES: readonly SecretRule<PasswordPolicy, PasswordContext>[] = [
  { id: 'PW-02', rule: 'long enough', holds: (secret, policy) => length(secret) >= policy.minimumLength },
  { id: 'PW-03', rule: 'a lower-case letter', holds: (secret) => /[a-z]/.test(secret) },
  { id: 'PW-04', rule: 'an upper-case letter', holds: (secret) => /[A-Z]/.test(secret) },
  { id: 'PW-05', rule: 'a digit', holds: (secret) => /[0-9]/.test(secret) },
  {
    id: 'PW-06',
    rule: 'a special character of the list',
    holds: (secret, policy) => [...secret].some((character) => policy.specialCharacters.includes(character)),
  },
  {
    id: 'PW-07',
    rule: 'not the user name within it, in upper or lower case',
    holds: (secret, _policy, { userName }) => userName === '' || !secret.toLowerCase().includes(userName.toLowerCase()),
  },
  {
    id: 'PW-08',
    rule: 'not one of the latest passwords',
    holds: (_secret, policy, { equalsEarlier }) => !equalsEarlier.slice(0, policy.history).includes(true),
  },
  {
    id: 'PW-09',
    rule: 'no longer than the technical ceiling',
    holds: (secret, policy) => length(secret) <= policy.maximumLength,
  },
];

/** The longest stretch in which each digit differs from the one before by `step`. */
function longestRun(secret: string, step: number): number {
  let longest = 1;
  let run = 1;
  for (let index = 1; index < secret.length; index += 1) {
    run = secret.charCodeAt(index) - secret.charCodeAt(index - 1) === step ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

const PIN_RULES: readonly SecretRule<PinPolicy, null>[] = [
  { id: 'AMB-40-digits', rule: 'digits only', holds: (secret) => /^[0-9]*$/.test(secret) },
  {
    id: 'AMB-40-length',
    rule: 'long enough, and no longer than the ceiling',
    holds: (secret, policy) => secret.length >= policy.minimumLength && secret.length <= policy.maximumLength,
  },
  {
    id: 'AMB-40-repeat',
    rule: 'no digit repeated over and over',
    holds: (secret, policy) => longestRun(secret, 0) <= policy.longestRepeat,
  },
  {
    id: 'AMB-40-sequence',
    rule: 'no run of digits up or down',
    holds: (secret, policy) =>
      longestRun(secret, 1) <= policy.longestSequence && longestRun(secret, -1) <= policy.longestSequence,
  },
];

interface EnforcementRule<Enforced, Policy> {
  readonly id: string;
  readonly rule: string;
  readonly holds: (enforced: Enforced, policy: Policy) => boolean;
}

/** Passwords of this length are taken everywhere: a lower ceiling is not taken over (PW-09). */
const ALWAYS_TAKEN = 64;

const ENFORCED_PASSWORD: readonly EnforcementRule<EnforcedPassword, PasswordPolicy>[] = [
  {
    id: 'PW-02',
    rule: 'asks for the length of the guideline',
    holds: ({ minimumLength }, policy) => minimumLength >= policy.minimumLength,
  },
  { id: 'PW-03', rule: 'asks for a lower-case letter', holds: ({ lowerCase }) => lowerCase },
  { id: 'PW-04', rule: 'asks for an upper-case letter', holds: ({ upperCase }) => upperCase },
  { id: 'PW-05', rule: 'asks for a digit', holds: ({ digit }) => digit },
  {
    id: 'PW-06',
    rule: 'asks for a special character, and counts none that is not listed',
    holds: ({ specialCharacters }, policy) =>
      specialCharacters !== '' &&
      [...specialCharacters].every((character) => policy.specialCharacters.includes(character)),
  },
  { id: 'PW-07', rule: 'refuses the user name within it', holds: ({ withoutUserName }) => withoutUserName },
  {
    id: 'PW-08',
    rule: 'refuses as many of the latest passwords as the guideline',
    holds: ({ history }, policy) => history >= policy.history,
  },
  {
    id: 'PW-09',
    rule: `takes ${ALWAYS_TAKEN} characters, and no more than the technical ceiling`,
    holds: ({ maximumLength }, policy) => maximumLength >= ALWAYS_TAKEN && maximumLength <= policy.maximumLength,
  },
];

const ENFORCED_PIN: readonly EnforcementRule<EnforcedPin, PinPolicy>[] = [
  {
    id: 'AMB-40-length',
    rule: 'asks for the length of the guideline, and no more than its ceiling',
    holds: ({ minimumLength, maximumLength }, policy) =>
      minimumLength >= policy.minimumLength && maximumLength <= policy.maximumLength,
  },
  {
    id: 'AMB-40-repeat',
    rule: 'refuses a digit repeated over and over',
    holds: ({ longestRepeat }, policy) => longestRepeat <= policy.longestRepeat,
  },
  {
    id: 'AMB-40-sequence',
    rule: 'refuses runs of digits up or down',
    holds: ({ longestSequence }, policy) => longestSequence <= policy.longestSequence,
  },
  {
    id: 'AMB-40-lock',
    rule: 'locks after no more wrong attempts than the guideline',
    holds: ({ attemptsBeforeLock }, policy) => attemptsBeforeLock <= policy.attemptsBeforeLock,
  },
];

/** The rules as text, for the rule book as a page. */
export const SECRET_RULES: readonly SecretFault[] = [...PASSWORD_RULES, ...PIN_RULES].map(({ id, rule }) => ({
  id,
  rule,
}));

/** The policy in force: the one with the latest date not after the moment. Before the first there is none: refused. */
function inForce<Policy extends { readonly from: EpochMillis }>(policies: readonly Policy[], at: EpochMillis): Policy {
  const current = policies
    .filter((policy) => policy.from <= at)
    .reduce<Policy | undefined>(
      (latest, policy) => (latest === undefined || policy.from > latest.from ? policy : latest),
      undefined,
    );
  if (current === undefined) throw new RangeError('no guideline for secrets is in force at this moment');
  return current;
}

const faults = <Policy, Context>(
  rules: readonly SecretRule<Policy, Context>[],
  secret: string,
  policy: Policy,
  context: Context,
): readonly SecretFault[] =>
  rules.filter((rule) => !rule.holds(secret, policy, context)).map(({ id, rule }) => ({ id, rule }));

/** The rules PW-02…PW-09 that a password set at this moment breaks; none: it meets the guideline. */
export const passwordFaults = (
  password: string,
  context: PasswordContext,
  at: EpochMillis,
  policies: SecretPolicies,
): readonly SecretFault[] => faults(PASSWORD_RULES, password, inForce(policies.passwords, at), context);

/** The rules of AMB-40 that a PIN set at this moment breaks; none: it meets the guideline. */
export const pinFaults = (pin: string, at: EpochMillis, policies: SecretPolicies): readonly SecretFault[] =>
  faults(PIN_RULES, pin, inForce(policies.pins, at), null);

export const pinPolicyAt = (at: EpochMillis, policies: SecretPolicies): PinPolicy => inForce(policies.pins, at);

export const passwordPolicyAt = (at: EpochMillis, policies: SecretPolicies): PasswordPolicy =>
  inForce(policies.passwords, at);

/**
 * The rules that a secret set at this moment may break although the mechanism takes it; none: whatever it takes meets the
 * guideline.
 */
export function enforcementFaults(
  enforced: EnforcedSecret,
  at: EpochMillis,
  policies: SecretPolicies,
): readonly SecretFault[] {
  const broken =
    enforced.kind === 'password'
      ? ENFORCED_PASSWORD.filter(({ holds }) => !holds(enforced, inForce(policies.passwords, at)))
      : ENFORCED_PIN.filter(({ holds }) => !holds(enforced, inForce(policies.pins, at)));
  return broken.map(({ id, rule }) => ({ id, rule }));
}
