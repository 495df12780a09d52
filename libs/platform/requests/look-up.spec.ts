import { describe, expect, it } from '@jest/globals';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { lastValueFrom, of, throwError } from 'rxjs';
import { StoreUnavailable } from '#libs/eventing';
import { invalidRequest, MAX_FAULTS, ProblemException, type Fault } from '../problems/problem.exception.js';
import { IsUuidString } from '../validation/members.js';
import { Refers, type NamedReference } from '../validation/refers.js';
import { LookUpInterceptor, readsAs, type LookUp } from './look-up.js';

const ID = '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44';

class Body {
  @Refers('person') @IsUuidString() person!: string;
  @Refers('party') @IsUuidString() party!: string;
}
const body = { person: ID, party: ID };
const fault = (pointer: string, more: Partial<Fault> = {}): Fault => ({ pointer, code: 'invalid-value', ...more });
const unknown: LookUp = async (named) => named.map(({ kind, pointer }) => ({ pointer, code: `unknown-${kind}` }));

/** What becomes of a request that fails so; `type`: the class by which its body can be read. */
async function outcomeOf(
  error: unknown,
  { type = Body, lookUp = unknown }: { readonly type?: typeof Body | null; readonly lookUp?: LookUp } = {},
): Promise<unknown> {
  const request = { body } as FastifyRequest;
  if (type !== null) readsAs(request, type);
  const context = { switchToHttp: () => ({ getRequest: () => request }) } as unknown as ExecutionContext;
  const next: CallHandler = { handle: () => throwError(() => error) };
  return lastValueFrom(new LookUpInterceptor(lookUp).intercept(context, next)).catch((e: unknown) => e);
}
const errorsOf = (problem: unknown): readonly string[] =>
  (problem as ProblemException).errors.map(({ pointer, code }) => `${pointer} ${code}`);

describe('the faults of what a request names', () => {
  it('come in one round with those of the request, but for a member that is faulty already', async () => {
    const problem = await outcomeOf(invalidRequest([fault('/person')]));
    expect(problem).toMatchObject({ status: 400, code: 'invalid-request' });
    expect(errorsOf(problem)).toEqual(['/person invalid-value', '/party unknown-party']);
  });

  it('are those of the body: a fault of that name elsewhere says nothing of it', async () => {
    expect(errorsOf(await outcomeOf(invalidRequest([fault('/person', { in: 'query' })])))).toEqual([
      ...['/person invalid-value', '/person unknown-person', '/party unknown-party'],
    ]);
  });

  it.each<[string, unknown, Parameters<typeof outcomeOf>[1]]>([
    ['is no problem', new Error('broken'), {}],
    ['is no fault of the request', new ProblemException(409, 'conflict'), {}],
    ['is of a request that was read', invalidRequest([fault('/other')]), { type: null }],
    ['is told in full', invalidRequest(Array.from({ length: MAX_FAULTS }, () => fault('/other'))), {}],
  ])('are not looked for where what failed %s', async (_what, error, options) => {
    const asked: (readonly NamedReference[])[] = [];
    const lookUp: LookUp = async (named) => {
      asked.push(named);
      return unknown(named);
    };
    expect(await outcomeOf(error, { ...options, lookUp })).toBe(error);
    expect(asked).toEqual([]);
  });

  it('are not asked for where nothing is named any more', async () => {
    const never: LookUp = () => Promise.reject(new Error('asked'));
    const error = invalidRequest([fault('/person'), fault('/party')]);
    expect(errorsOf(await outcomeOf(error, { lookUp: never }))).toEqual([
      ...['/person invalid-value', '/party invalid-value'],
    ]);
  });

  it('are left out where the store is away, and a mistake of ours is not', async () => {
    const away: LookUp = () => Promise.reject(new StoreUnavailable('away'));
    expect(errorsOf(await outcomeOf(invalidRequest([fault('/person')]), { lookUp: away }))).toEqual([
      '/person invalid-value',
    ]);
    const mistake = new TypeError('ours');
    const broken: LookUp = () => Promise.reject(mistake);
    expect(await outcomeOf(invalidRequest([fault('/person')]), { lookUp: broken })).toBe(mistake);
  });

  it('change nothing of a request that succeeds', async () => {
    const context = { switchToHttp: () => ({ getRequest: () => ({}) }) } as unknown as ExecutionContext;
    const interceptor = new LookUpInterceptor(() => Promise.reject(new Error('asked')));
    expect(await lastValueFrom(interceptor.intercept(context, { handle: () => of('answer') }))).toBe('answer');
  });
});
