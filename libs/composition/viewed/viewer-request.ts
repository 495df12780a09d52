import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { isUuid } from '#libs/kernel';
import type { NamedViewer } from '#libs/application';
import { invalidRequest, IsUuidString, parametersBeside, PHRASES, type Fault, type ProblemCode } from '#libs/platform';

/** Who views, in a `_search`: what he sees is bounded by rule (interfaces.md §1). */
export class ViewerRequest {
  @IsUuidString({ description: 'The person who views' }) person!: string;
  @IsUuidString({ description: 'Check of his login, on an intake with purpose `insight`' }) authentication!: string;
}

export const VIEWER_DOCS = {
  description: 'The person who views: what he may not see is not there (VIS). Absent: the back office, which sees all',
};

/** The address of a read of one object with a viewer. */
export interface ViewedRead {
  readonly after: string | undefined;
  /** Absent: the back office reads. */
  readonly viewer: NamedViewer | undefined;
}

/** `?after=`, `?viewer=` and `?viewerLogin=`; the last two come together, others are refused. */
export const Viewed = createParamDecorator((_: unknown, context: ExecutionContext): ViewedRead =>
  readViewed(context.switchToHttp().getRequest<{ readonly query: unknown }>().query),
);

export function readViewed(query: unknown): ViewedRead {
  const faults: Fault[] = [...parametersBeside(query, 'after', 'viewer', 'viewerLogin')];
  const fault = (name: string, code: string, detail: Fault['detail']): void =>
    void faults.push({ in: 'query', pointer: `/${name}`, code, ...(detail === undefined ? {} : { detail }) });
  const given = (query ?? {}) as Readonly<Record<string, string | readonly string[]>>;
  const once = (name: string): string | undefined => {
    const value = given[name];
    if (typeof value !== 'object') return value;
    fault(name, 'invalid-value', PHRASES.onceOnly());
    return undefined;
  };
  const id = (name: string): string | undefined => {
    const value = once(name);
    if (value !== undefined && !isUuid(value.toLowerCase())) fault(name, 'invalid-value', PHRASES.uuid());
    return value?.toLowerCase();
  };
  const [after, person, authentication] = [once('after'), id('viewer'), id('viewerLogin')];
  if ('viewer' in given && !('viewerLogin' in given)) fault('viewerLogin', 'required', PHRASES.required());
  if ('viewerLogin' in given && !('viewer' in given)) fault('viewer', 'required', PHRASES.required());
  if (faults.length > 0) throw invalidRequest(faults);
  return {
    after,
    viewer: person === undefined || authentication === undefined ? undefined : { person, authentication },
  };
}

/** The parameters of a read with a viewer, in the contract. */
export const ApiViewer = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({
      name: 'viewer',
      required: false,
      description:
        'The person who views: what he may not see is not there (VIS). Absent: the back office, which sees all.',
      schema: { type: 'string', format: 'uuid', example: EXAMPLE_PERSON },
    }),
    ApiQuery({
      name: 'viewerLogin',
      required: false,
      description: 'With `viewer`: the check of his login, on an intake with purpose `insight`.',
      schema: { type: 'string', format: 'uuid', example: EXAMPLE_LOGIN },
    }),
  );

const EXAMPLE_PERSON = '1a2b3c4d-1111-4222-8333-944455566677';
const EXAMPLE_LOGIN = '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10';

/** A viewer in the body of an example. */
export const viewerExample = { person: EXAMPLE_PERSON, authentication: EXAMPLE_LOGIN };

/** Codes of a reading whose viewer is not shown. */
export const VIEWER_CODES: readonly ProblemCode[] = [
  'required',
  'unknown-person',
  'unknown-check',
  'viewer-login-refused',
  'purpose-not-in-application',
];
