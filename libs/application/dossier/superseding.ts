import type { CheckFacts } from '#libs/domain';
import type { CheckOnRecord } from './load-checks.js';
import {
  answerOf,
  isGoodSignature,
  isLasting,
  isLater,
  lacksEstablishment,
  questionOf,
  type Answer,
  type AnswerContext,
} from './question.js';
import { isOfOneProcess, LOOKUPS } from './translate-check.js';

/** A check with its place in a dossier: named by the command or joined by itself, standing or replaced by a later answer. */
export interface Placed {
  readonly check: CheckOnRecord;
  readonly joined: boolean;
  readonly superseded: boolean;
}

export interface Candidates {
  /** What the command names, in its order. */
  readonly named: readonly CheckOnRecord[];
  /** What else hangs on the command's application and is about its dossier. */
  readonly others: readonly CheckOnRecord[];
  /** What registers answered about the party in other applications. */
  readonly elsewhere?: readonly CheckOnRecord[];
  /** Application of the command: evidence of another process takes back nothing that is said here. */
  readonly application: string;
  /** Intakes of before whose evidence counts here like its own (UPG-02). */
  readonly earlier?: ReadonlySet<string>;
  /** Whether a favorable answer counts by itself: only then it mends. Where nothing adverse is asked for, it matters not. */
  readonly mends?: (check: CheckOnRecord) => boolean;
}

/** What a register says of a party is of the party, in whatever application it was asked. */
export const OF_THE_PARTY = [...LOOKUPS, 'specialCircumstancesCheck'] as const satisfies readonly CheckFacts['type'][];
const isOfTheParty = (type: CheckFacts['type']): boolean => (OF_THE_PARTY as readonly string[]).includes(type);

/**
 * PROOF-01: of the answers to one question a favorable one stands only while no later one says less, of the application
 * or of a register that was asked in another; an adverse one joins by itself, unless a later favorable one that counts mended it.
 * Lasting findings are never mended.
 */
export function placed(candidates: Candidates, context: AnswerContext): readonly Placed[] {
  const { named, others, elsewhere = [], application, earlier, mends = () => true } = candidates;
  const isOwn = (of: string): boolean => of === application || earlier?.has(of) === true;
  const { keyOf, answerTo, answers } = answersAmong(candidates, context);
  const isReplaced = (check: CheckOnRecord): boolean => {
    const answer = answerTo(check);
    if (answer === 'none' || isLasting(check.facts)) return false;
    const { favorable, adverse } = answers.get(keyOf(check))!;
    if (answer === 'favorable')
      return adverse.some(
        (other) => isLater(other, check) && (isOwn(other.facts.application) || isOfTheParty(other.facts.type)),
      );
    // What another process found counts for nothing here, and mends nothing (REG-10).
    return favorable.some(
      (other) =>
        isLater(other, check) &&
        mends(other) &&
        (!lacksEstablishment(check.facts, context) || listsEstablishments(other)) &&
        (isOwn(other.facts.application) || !isOfOneProcess(other.facts.type)),
    );
  };
  const isNamed = new Set(named);
  /** Of another application joins what takes back something that is named, and no more. */
  const takesBack = (other: CheckOnRecord): boolean =>
    answerTo(other) === 'adverse' &&
    answers.get(keyOf(other))!.favorable.some((check) => isNamed.has(check) && isLater(other, check));
  return [
    ...named.map((check) => ({ check, joined: false, superseded: isReplaced(check) })),
    ...[...others, ...elsewhere.filter(takesBack)]
      .filter((check) => answerTo(check) === 'adverse')
      .map((check) => ({ check, joined: true, superseded: isReplaced(check) })),
  ];
}

/** The favorable answers that may mend an adverse one: those whose own worth matters for what stands. */
export function menders(candidates: Candidates, context: AnswerContext): readonly CheckOnRecord[] {
  const { answers } = answersAmong(candidates, context);
  return [...answers.values()].flatMap(({ favorable, adverse }) =>
    adverse.some(({ facts }) => !isLasting(facts)) ? favorable : [],
  );
}

/** The answers by question, and what each of them is. */
function answersAmong({ named, others, elsewhere = [] }: Candidates, context: AnswerContext) {
  const keyOf = once(questions([...named, ...others]));
  const answerTo = once(({ facts }: CheckOnRecord) => answerOf(facts, context));
  const answers = new Map<string, Answers>();
  for (const check of [...named, ...others, ...elsewhere]) {
    const answer = answerTo(check);
    if (answer === 'none') continue;
    if (!answers.has(keyOf(check))) answers.set(keyOf(check), { favorable: [], adverse: [] });
    answers.get(keyOf(check))![answer].push(check);
  }
  return { keyOf, answerTo, answers };
}

/** What was answered to one question. */
type Answers = Readonly<Record<Exclude<Answer, 'none'>, CheckOnRecord[]>>;

/** Asked once of each check, however many others it is held against. */
export function once<Answer>(ask: (check: CheckOnRecord) => Answer): (check: CheckOnRecord) => Answer {
  const known = new Map<CheckOnRecord, Answer>();
  return (check) => {
    if (!known.has(check)) known.set(check, ask(check));
    return known.get(check)!;
  };
}

/** A look that did not ask for the establishments says nothing about one that was not listed. */
const listsEstablishments = ({ facts }: CheckOnRecord): boolean =>
  facts.type === 'tradeRegisterLookup' && facts.currentEstablishments !== undefined;

/** The signatures under an assertion answer for that login, not for the submission. */
function questions(checks: readonly CheckOnRecord[]): (check: CheckOnRecord) => string {
  const assertions = assertionsIn(checks);
  return (check) =>
    assertions.some((one) => isUnder(one, check))
      ? `${questionOf(check.facts)} ${check.facts.source.reference}`
      : questionOf(check.facts);
}

type Login = Extract<CheckFacts, { readonly type: 'authentication' }>;
type Asserted = Pick<CheckOnRecord, 'position'> & { readonly facts: Login };

const assertionsIn = (checks: readonly CheckOnRecord[]): readonly Asserted[] =>
  checks.flatMap(({ facts, position }) =>
    facts.type === 'authentication' && facts.assertion !== undefined ? [{ facts, position }] : [],
  );

/** A validation speaks of an assertion by its reference and of whom it says to have logged in, whatever names it. */
export const isValidationOf = ({ about, assertion }: Login, facts: CheckFacts): facts is Validation =>
  facts.type === 'eSignatureValidation' &&
  facts.about.person === about.person &&
  facts.source.reference === assertion?.reference;

type Validation = Extract<CheckFacts, { readonly type: 'eSignatureValidation' }>;

/** One that failed is the assertion's only when the login was on record before: else a bad signature is called one. */
const isUnder = (login: Asserted, { facts, position }: CheckOnRecord): boolean =>
  isValidationOf(login.facts, facts) && (isGoodSignature(facts) || login.position < position);

/** Validations of signatures that stand under assertions of a login. */
export const assertionSignatures = (checks: readonly CheckOnRecord[]): ReadonlySet<string> => {
  const assertions = assertionsIn(checks);
  return new Set(checks.filter((check) => assertions.some((one) => isUnder(one, check))).map(({ id }) => id));
};
