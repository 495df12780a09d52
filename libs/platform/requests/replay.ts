import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { callerOfRequest } from '../auth/authenticate.js';
import type { AroundAnswers } from '../http/plain-routes.js';
import { ProblemException, type Fault } from '../problems/problem.exception.js';
import { foreseen } from '../problems/to-problem.js';
import { readIdempotencyKey } from './request-headers.js';
import type { SentRequest } from './sent-request.js';

/** A command as it came in, of which only the envelope is known to be sound. */
export interface KeyedRequest {
  /** Without its query. */
  readonly path: string;
  readonly body: unknown;
  readonly client: string;
  readonly key: string;
}

/** Whether a command with this key, at this object, was accepted before. MUST look at no more of the body than it needs. */
export type AnsweredBefore = (request: KeyedRequest) => Promise<boolean>;

const replayed = new WeakSet<SentRequest>();

/** Whether the body is not judged any more: its key was answered, and it is compared with the one of that time. */
export const isReplayed = (request: SentRequest): boolean => replayed.has(request);

/** What a retry may be told besides its first answer: that it is another request, that its object is erased, or to come back. */
const ANSWERS: readonly string[] = ['idempotency-key-reused', 'erased', 'unavailable', 'outcome-unknown'];

/**
 * The first answer again, whatever the contract says of the body by now (interfaces.md §3): a client that sends a request
 * again may not know that the version in between takes it no longer. It costs nothing where a body has no faults.
 */
export class ReplayInterceptor implements NestInterceptor, AroundAnswers {
  constructor(private readonly answeredBefore: AnsweredBefore) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<SentRequest>();
    return from(this.around(request, () => lastValueFrom(next.handle())));
  }

  async around(request: SentRequest, answer: () => Promise<unknown>): Promise<unknown> {
    try {
      return await answer();
    } catch (error) {
      if (!isOfBody(error) || !(await this.#isKnown(request))) throw error;
      replayed.add(request);
      try {
        return await answer();
      } catch (second) {
        // A body that was never taken may lead anywhere: then it is said what is wrong with it.
        throw ANSWERS.includes(foreseen(second)?.code ?? '') ? second : error;
      }
    }
  }

  async #isKnown(request: SentRequest): Promise<boolean> {
    const faults: Fault[] = [];
    const key = readIdempotencyKey(request.headers, faults);
    if (request.method !== 'POST' || faults.length > 0) return false;
    const { client } = callerOfRequest(request);
    return this.answeredBefore({ path: request.url.split('?')[0]!, body: request.body, client, key });
  }
}

/** Only the body is at fault: what is wrong with headers or address is wrong for a retry as well. */
const isOfBody = (error: unknown): boolean =>
  error instanceof ProblemException &&
  error.status === 400 &&
  error.errors.length > 0 &&
  error.errors.every((fault) => fault.in === undefined);
