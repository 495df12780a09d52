import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { currentRuleSet } from '../rule-sets/rule-sets.js';
import { readInstant } from '../time/instant.js';
import {
  type PasswordContext,
  type EnforcedPassword,
  type EnforcedPin,
  SECRET_RULES,
  enforcementFaults,
  passwordFaults,
  passwordPolicyAt,
  pinFaults,
  pinPolicyAt,
} from './secret.js';

const policies = currentRuleSet.means.secrets;
const now = readInstant('2026-03-02T09:00:00+01:00');
const context: PasswordContext = { userName: 'clerk', equalsEarlier: [] };

const broken = (password: string, of: Partial<PasswordContext> = {}): string[] =>
  passwordFaults(password, { ...context, ...of }, now, policies).map(({ id }) => id);
const brokenPin = (pin: string): string[] => pinFaults(pin, now, policies).map(({ id }) => id);

describe('passwords', () => {
  test.each([
    ['PW-02', 'Abcde1!'],
    ['PW-03', 'ABCDEF1!'],
    ['PW-04', 'abcdef1!'],
    ['PW-05', 'Abcdefg!'],
    ['PW-06', 'Abcdefg1'],
    ['PW-07', 'xCLERK1!x'],
    ['PW-09', `Abcdef1!${'x'.repeat(249)}`],
  ])('%s is broken by %s alone', (rule, password) => {
    expect(broken(password)).toEqual([rule]);
  });

  test('PW-02, PW-09: eight characters and 256 will do, counted as a person counts', () => {
    expect(broken('Abcdef1!')).toEqual([]);
    expect(broken(`Abcdef1!${'x'.repeat(248)}`)).toEqual([]);
    expect(broken(`Abcdef1!${'x'.repeat(56)}`)).toEqual([]);
    expect(broken('Abc1!😀😀')).toEqual(['PW-02']);
  });

  test('PW-06: each listed character counts, another one alone does not (AMB-41)', () => {
    for (const character of "-_!$%&'.=/\\:<>|?@[]^`{}~") expect(broken(`Abcdefg1${character}`)).toEqual([]);
    for (const character of '#*(),;+" é€') expect(broken(`Abcdefg1${character}`)).toEqual(['PW-06']);
    expect(broken('Abcdefg1#!')).toEqual([]);
  });

  test('PW-07: nothing is compared where there is no user name', () => {
    expect(broken('Abcdef1!', { userName: '' })).toEqual([]);
    expect(broken('Abcdef1!', { userName: 'CDE' })).toEqual(['PW-07']);
  });

  test('PW-08: the last five, the current one included, may not come back (AMB-41)', () => {
    const earlier = (index: number): boolean[] => [0, 1, 2, 3, 4, 5].map((other) => other === index);
    for (const index of [0, 1, 2, 3, 4])
      expect(broken('Abcdef1!', { equalsEarlier: earlier(index) })).toEqual(['PW-08']);
    expect(broken('Abcdef1!', { equalsEarlier: earlier(5) })).toEqual([]);
  });

  test('every fault at once', () => {
    expect(broken('')).toEqual(['PW-02', 'PW-03', 'PW-04', 'PW-05', 'PW-06']);
  });
});

describe('PINs (AMB-40)', () => {
  test.each([
    ['135790', []],
    ['112277', []],
    ['121314', []],
    ['13579', ['AMB-40-length']],
    ['1'.concat('35790'.repeat(13)), ['AMB-40-length']],
    ['13579a', ['AMB-40-digits']],
    ['1357'.repeat(16), []],
    ['111359', ['AMB-40-repeat']],
    ['135999', ['AMB-40-repeat']],
    ['123905', ['AMB-40-sequence']],
    ['905321', ['AMB-40-sequence']],
    ['', ['AMB-40-length']],
  ])('%s breaks %j', (pin, rules) => {
    expect(brokenPin(pin)).toEqual(rules);
  });
});

describe('PW-01: the guideline in force', () => {
  const [first] = policies.passwords;
  const [firstPin] = policies.pins;
  if (first === undefined || firstPin === undefined) throw new Error('the rule set has guidelines');
  const changes = { from: now, minimumLength: 12 };
  const dated = {
    passwords: [{ ...first, ...changes }, first],
    pins: [firstPin, { ...firstPin, ...changes }],
  };

  test('a new one binds from its own date', () => {
    expect(passwordPolicyAt(now - 1, dated).minimumLength).toBe(8);
    expect(passwordPolicyAt(now, dated).minimumLength).toBe(12);
    expect(pinPolicyAt(now - 1, dated).minimumLength).toBe(6);
    expect(pinPolicyAt(now, dated).minimumLength).toBe(12);
    expect(passwordFaults('Abcdef1!', context, now, dated).map(({ id }) => id)).toEqual(['PW-02']);
    expect(pinFaults('135790', now, dated).map(({ id }) => id)).toEqual(['AMB-40-length']);
    expect(pinPolicyAt(now, policies).attemptsBeforeLock).toBe(5);
  });

  test('before the first nothing is judged', () => {
    expect(() => passwordPolicyAt(first.from - 1, policies)).toThrow('no guideline for secrets is in force');
    expect(passwordPolicyAt(first.from, policies)).toBe(first);
  });
});

describe('what a mechanism enforces', () => {
  const password: EnforcedPassword = {
    ...{ kind: 'password', minimumLength: 8, maximumLength: 256, lowerCase: true, upperCase: true, digit: true },
    ...{ specialCharacters: '-_!', withoutUserName: true, history: 5 },
  };
  const pin: EnforcedPin = {
    ...{ kind: 'pin', minimumLength: 6, maximumLength: 64, longestRepeat: 2, longestSequence: 2 },
    attemptsBeforeLock: 5,
  };
  const letsBreak = (enforced: EnforcedPassword | EnforcedPin, at = now, dated = policies): string[] =>
    enforcementFaults(enforced, at, dated).map(({ id }) => id);

  test.each<[string, Partial<EnforcedPassword>]>([
    ['PW-02', { minimumLength: 7 }],
    ['PW-03', { lowerCase: false }],
    ['PW-04', { upperCase: false }],
    ['PW-05', { digit: false }],
    ['PW-06', { specialCharacters: '' }],
    ['PW-06', { specialCharacters: '-_#' }],
    ['PW-07', { withoutUserName: false }],
    ['PW-08', { history: 4 }],
    ['PW-09', { maximumLength: 63 }],
    ['PW-09', { maximumLength: 257 }],
  ])('%s may be broken with %j', (rule, weaker) => {
    expect(letsBreak({ ...password, ...weaker })).toEqual([rule]);
  });

  test('is as much as the guideline, or more: nothing may be broken', () => {
    expect(letsBreak(password)).toEqual([]);
    expect(letsBreak({ ...password, minimumLength: 12, maximumLength: 64, history: 10 })).toEqual([]);
    expect(letsBreak(pin)).toEqual([]);
    expect(letsBreak({ ...pin, minimumLength: 8, maximumLength: 8, longestRepeat: 1, attemptsBeforeLock: 3 })).toEqual(
      [],
    );
  });

  test.each<[string, Partial<EnforcedPin>]>([
    ['AMB-40-length', { minimumLength: 5 }],
    ['AMB-40-length', { maximumLength: 65 }],
    ['AMB-40-repeat', { longestRepeat: 3 }],
    ['AMB-40-sequence', { longestSequence: 3 }],
    ['AMB-40-lock', { attemptsBeforeLock: 6 }],
  ])('%s may be broken with %j', (rule, weaker) => {
    expect(letsBreak({ ...pin, ...weaker })).toEqual([rule]);
  });

  test('PW-01: is held against the guideline of the day', () => {
    const [first] = policies.passwords;
    const dated = { ...policies, passwords: [first!, { ...first!, from: now, minimumLength: 12 }] };
    expect([letsBreak(password, now - 1, dated), letsBreak(password, now, dated)]).toEqual([[], ['PW-02']]);
  });

  test('every rule at once', () => {
    const nothing: EnforcedPassword = {
      ...{ kind: 'password', minimumLength: 0, maximumLength: 32, lowerCase: false, upperCase: false, digit: false },
      ...{ specialCharacters: '', withoutUserName: false, history: 0 },
    };
    expect(letsBreak(nothing)).toHaveLength(8);
  });
});

test('each rule has a text of its own', () => {
  expect(new Set(SECRET_RULES.map(({ rule }) => rule)).size).toBe(SECRET_RULES.length);
  expect(broken('').length).toBeLessThan(SECRET_RULES.length);
});

test('a longer password of the same kind of characters is never worse', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (password, more) => {
      const rules = broken(password, { userName: '' });
      expect(broken(password + more, { userName: '' }).every((rule) => rules.includes(rule))).toBe(true);
    }),
  );
});
