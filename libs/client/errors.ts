import type { Problem, ProblemFault } from './generated/v1.js';
import { objectIn, type Received } from './received.js';

/** What every answer that is no success is thrown as: a refusal, a fault in the request, an installation that is away. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /** As the contract lists them, or `unexpected-answer` where something else than the register answered. */
  readonly code: string;
  /** All faults or reasons; empty where the code says it all. */
  readonly errors: readonly ProblemFault[];
  /** What the supplier's operators find the request by. */
  readonly traceId: string | undefined;
  /** The whole body, also members that are newer than this package; absent with `unexpected-answer`. */
  readonly problem: Problem | undefined;
  /** The key of a command: sent again with it, the same command is never done twice. */
  readonly key: string | undefined;

  constructor({ status, text }: Received, key?: string) {
    const problem = problemIn(text);
    const code = problem?.code ?? 'unexpected-answer';
    super(problem === undefined ? `${status} ${code}: ${text.slice(0, 200)}` : `${status} ${code}: ${problem.detail}`);
    this.status = status;
    this.code = code;
    this.errors = problem?.errors ?? [];
    this.traceId = problem?.instance?.replace(/^urn:trace:/, '');
    this.problem = problem;
    this.key = key;
  }

  /** Whether it has this code, as its own or among its reasons. */
  has(code: string): boolean {
    return this.code === code || this.errors.some((error) => error.code === code);
  }
}

/** Nothing answered, as often as it was tried. Whether a command was carried out is not known: send it again with `key`. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  constructor(
    readonly attempts: number,
    cause: unknown,
    readonly key?: string,
  ) {
    super(`no answer in ${attempts} attempts: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** No token was given (RFC 6749 §5.2): the program's name or secret is wrong, or it may not have what it asks for. */
export class TokenError extends Error {
  override readonly name = 'TokenError';

  constructor(
    readonly status: number,
    /** `invalid_client`, `invalid_scope` …, or `unexpected_answer`. */
    readonly code: string,
    description: string,
  ) {
    super(`no token: ${status} ${code}${description === '' ? '' : `: ${description}`}`);
  }
}

/** An answer that is not what a list is: nothing may be taken for its end but the end. */
export class BrokenListError extends Error {
  override readonly name = 'BrokenListError';
}

function problemIn(text: string): Problem | undefined {
  const body = objectIn(text);
  return typeof body?.['code'] === 'string' && typeof body['status'] === 'number'
    ? (body as unknown as Problem)
    : undefined;
}
