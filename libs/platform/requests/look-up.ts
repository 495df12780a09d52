import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { ClassConstructor } from 'class-transformer';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { AroundAnswers } from '../http/plain-routes.js';
import { invalidRequest, MAX_FAULTS, ProblemException, type Fault } from '../problems/problem.exception.js';
import { foreseen } from '../problems/to-problem.js';
import { referencesIn, type NamedReference } from '../validation/refers.js';
import type { SentRequest } from './sent-request.js';

/** The faults of what a request names: each that is not there, with its pointer. It MUST know every kind that a member has. */
export type LookUp = (named: readonly NamedReference[]) => Promise<readonly Fault[]>;

const classes = new WeakMap<SentRequest, ClassConstructor<object>>();

/** By which class the body of a command can be read. */
export const readsAs = (request: SentRequest, type: ClassConstructor<object>): unknown => classes.set(request, type);

/**
 * All faults of a request in one round (interfaces.md §4). What a command names is looked up by the command itself, which a
 * request with other faults never reaches, nor one that has a fault in what is looked up first: here that is made up for, so
 * that nobody mends a member to learn of the next.
 */
export class LookUpInterceptor implements NestInterceptor, AroundAnswers {
  constructor(private readonly lookUp: LookUp) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<SentRequest>();
    return from(this.around(request, () => lastValueFrom(next.handle())));
  }

  async around(request: SentRequest, answer: () => Promise<unknown>): Promise<unknown> {
    try {
      return await answer();
    } catch (error) {
      return this.#withFaultsOfNames(request, error);
    }
  }

  async #withFaultsOfNames(request: SentRequest, error: unknown): Promise<never> {
    const type = classes.get(request);
    if (type === undefined || !(error instanceof ProblemException) || error.status !== 400) throw error;
    if (error.errors.length >= MAX_FAULTS) throw error;
    const pointers = new Set(error.errors.flatMap((fault) => (fault.in === undefined ? [fault.pointer] : [])));
    const named = referencesIn(type, request.body, (pointer) => pointers.has(pointer));
    const others = (await this.#unknown(named)).filter(({ pointer }) => !pointers.has(pointer));
    throw others.length === 0 ? error : invalidRequest([...error.errors, ...others]);
  }

  async #unknown(named: readonly NamedReference[]): Promise<readonly Fault[]> {
    if (named.length === 0) return [];
    try {
      return await this.lookUp(named);
    } catch (failure) {
      // The faults that were found stand, whether or not the store can be asked for more of them.
      if (foreseen(failure) !== undefined) return [];
      throw failure;
    }
  }
}
