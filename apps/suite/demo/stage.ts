import { setTimeout as delay } from 'node:timers/promises';
import type {
  access,
  AuthorizationAnswer,
  EhLevel,
  RecordDocumentRequest,
  RegisterAuthorizationRequest,
  RegisterPersonRequest,
  Waarborg,
} from '#libs/client';
import { BOARD, clerk, DUO, type Clerk, type Facts, type Human } from './dossier.js';
import type { Printer } from './printer.js';

/** The clients that the story needs: the supplier's back office, the network and an auditor. */
export interface Clients {
  readonly supplier: Waarborg;
  readonly network: Waarborg;
  readonly auditor: Waarborg;
}

/** Longest wait for what is due to come by itself, and between two looks, in milliseconds. */
const PATIENCE = 15_000;
const LOOK_EVERY = 50;

/** What the network asks. */
export interface Question {
  readonly pseudonym: string;
  readonly service: string;
  readonly level: EhLevel;
  /** Absent: of the school board. */
  readonly organization?: string;
  /** An authorization that the path has to lead through. */
  readonly via?: string;
}

/** A yes, or a no for this reason. */
export type Expected = true | access.DecisionReason;

/** What each chapter is played with. */
export interface Stage {
  readonly desk: Clerk;
  /** Records the checks and shows them; `each`: with what was found, a line for each. */
  recorded(application: string, checks: readonly Facts[], minutesAgo: number, each?: 'each'): Promise<string[]>;
  register(name: string, body: RegisterAuthorizationRequest): Promise<AuthorizationAnswer>;
  /** The key of a command that is done once in a run. */
  key(name: string): string;
  /**
   * Asks the network's question, shows the answer, and throws where that is not the expected one. A yes follows what made it
   * so a moment later and is waited for; a no is due with the very next question, unless it is to come `byItself`.
   */
  decides(
    what: string,
    question: Question,
    expected: Expected,
    byItself?: boolean,
  ): Promise<access.AccessAnswerContext>;
}

export function stage(
  { supplier, network }: Omit<Clients, 'auditor'>,
  print: Printer,
  run: string,
  now: () => number = Date.now,
): Stage {
  const desk = clerk(supplier, run, now);
  const ask = ({ pseudonym, service, level, organization = `kvk:${BOARD.number}`, via }: Question) =>
    timed(
      network.api.evaluateAccessPost({
        body: {
          subject: { type: 'means', id: pseudonym },
          action: { name: 'represent', properties: { service, level } },
          resource: { type: 'organization', id: organization },
          ...(via === undefined ? {} : { context: { via } }),
        },
      }),
    );
  const key = (name: string): string => `${run}-${name}`;
  return {
    desk,
    key,
    async recorded(application, checks, minutesAgo, each) {
      const ids = await desk.checks(application, checks, minutesAgo);
      if (each === 'each' || checks.length === 1) for (const facts of checks) print.check(facts);
      else print.text(`checks recorded: ${checks.map(({ type }) => type).join(', ')}`);
      return ids;
    },
    register: (name, body) => supplier.api.authorizationsRegister({ body, key: key(name) }),
    async decides(what, question, expected, byItself = false) {
      const isSo = ({ result: { decision, context } }: Awaited<ReturnType<typeof ask>>): boolean =>
        decision ? expected === true : context.reasons.some(({ code }) => code === expected);
      const { result, took } =
        expected === true || byItself ? await eventually(() => ask(question), isSo) : await ask(question);
      print.decision(what, result.decision, result.context, took);
      const said = result.decision || result.context.reasons.map(({ code }) => code);
      if (!isSo({ result, took })) agree(what, said, expected);
      return result.context;
    },
  };
}

/** Throws where an answer is not what the story says of it. */
export function agree(what: string, said: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(said), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}: expected ${other}, and it is ${one}`);
}

/** What is answered once it is so, or at last. */
export async function eventually<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  for (const end = performance.now() + PATIENCE; ; await delay(LOOK_EVERY)) {
    const answer = await ask();
    if (isSo(answer) || performance.now() > end) return answer;
  }
}

/** What was answered, and the milliseconds from asking to having it. */
export async function timed<T>(request: Promise<T>): Promise<{ readonly result: T; readonly took: number }> {
  const began = performance.now();
  return { result: await request, took: performance.now() - began };
}

type Registration = Pick<
  RegisterAuthorizationRequest,
  'application' | 'representedParty' | 'submitter' | 'authorizedParty' | 'checks'
>;

/** A first registration at EH3 for Mijn DUO, by what is said of it. */
export const registration = (
  body: Registration & Partial<RegisterAuthorizationRequest>,
): RegisterAuthorizationRequest => ({
  registration: 'first',
  aimedLevel: 'EH3',
  scope: { services: [DUO] },
  nature: { rightOfSubstitution: false, actsIndependently: true },
  period: {
    from: new Date(Date.now() - 1_000).toISOString(),
    until: new Date(Date.now() + 4 * 365 * 86_400_000).toISOString(),
  },
  displayConsent: true,
  ...body,
});

export const person = (part: string, birthDate: string): RegisterPersonRequest => ({
  familyName: `Test${part}`,
  givenNames: 'Specimen',
  birthDate,
  birthPlace: 'Teststad',
});

export const passport = (number: string): RecordDocumentRequest => ({
  documentType: 'passport',
  number,
  issuingState: 'NLD',
  expiresOn: '2031-03-09',
});

/** Somebody logged in with his means. */
export const login = (application: string, human: Human, means: string): Facts => ({
  type: 'authentication',
  about: { person: human.id },
  means,
  authenticationService: 'authentication-service-1',
  level: 'EH3',
  source: { name: 'authentication-service-1', reference: `assertion-1-${application.slice(0, 8)}` },
});
