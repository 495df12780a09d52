import { RequestMethod, type INestApplicationContext, type Type } from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  HEADERS_METADATA,
  HOST_METADATA,
  HTTP_CODE_METADATA,
  INTERCEPTORS_METADATA,
  METHOD_METADATA,
  PATH_METADATA,
  PIPES_METADATA,
  REDIRECT_METADATA,
  RENDER_METADATA,
  ROUTE_ARGS_METADATA,
  SSE_METADATA,
  VERSION_METADATA,
} from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import type { Scope } from '#libs/configuration';
import { OPEN_METADATA, PERSON_METADATA, SCOPES_METADATA } from '../auth/scopes.guard.js';
import { readerOf, type ReadParameter, type SentRequest } from '../requests/sent-request.js';

/** A `POST` route of Nest that is answered in front of it, as Nest would (ADR 134). */
export interface PlainRoute {
  /** Its template, as Fastify has it: `/v1/means/:id/renewals`. */
  readonly path: string;
  readonly scopes: readonly Scope[];
  readonly forPersons: boolean;
  /** What its controller answers, or throws. */
  readonly answer: (request: SentRequest) => Promise<unknown>;
}

/** Sees what a controller answers, and may answer in its place: what of an interceptor holds in front of Nest as well. */
export interface AroundAnswers {
  around(request: SentRequest, answer: () => Promise<unknown>): Promise<unknown>;
}

/** What a method or its class may have beside its parameters: Nest knows what that means. */
const BESIDE = [
  ...[GUARDS_METADATA, INTERCEPTORS_METADATA, PIPES_METADATA, EXCEPTION_FILTERS_METADATA],
  ...[HTTP_CODE_METADATA, HEADERS_METADATA, REDIRECT_METADATA, RENDER_METADATA, SSE_METADATA],
  ...[VERSION_METADATA, HOST_METADATA, OPEN_METADATA],
];

/**
 * The routes of an application that ask nothing of Nest but to call a method: `POST`, with scopes, and with parameters that are
 * read from a `SentRequest` alone. What is around their answers comes outermost first, as the application's interceptors do.
 */
export function plainRoutes(app: INestApplicationContext, around: readonly AroundAnswers[]): readonly PlainRoute[] {
  const modules = [...app.get(ModulesContainer).values()];
  return modules
    .flatMap(({ controllers }) => [...controllers.values()])
    .flatMap((wrapper) => {
      const { instance, metatype } = wrapper;
      if (!wrapper.isDependencyTreeStatic() || typeof metatype !== 'function') return [];
      const methods = Object.getOwnPropertyNames(metatype.prototype as object);
      return methods.flatMap((name) => routeOf(instance as Controller, metatype as Type, name, around) ?? []);
    });
}

type Method = (...parameters: unknown[]) => unknown;
type Controller = Readonly<Record<string, Method>>;

interface Parameter {
  readonly index: number;
  readonly read: ReadParameter;
  readonly data: unknown;
}

function routeOf(
  controller: Controller,
  type: Type,
  name: string,
  around: readonly AroundAnswers[],
): PlainRoute | undefined {
  const method = (type.prototype as Controller)[name];
  if (typeof method !== 'function' || metadata(METHOD_METADATA, method) !== RequestMethod.POST) return undefined;
  if ([method, type].some((of) => BESIDE.some((key) => metadata(key, of) !== undefined))) return undefined;
  // The method's own word wins over its controller's.
  const named = [method, type].find((of) => metadata(SCOPES_METADATA, of) !== undefined);
  const paths = [metadata(PATH_METADATA, type), metadata(PATH_METADATA, method)];
  const parameters = parametersOf(type, name);
  if (named === undefined || parameters === undefined || !paths.every((path) => typeof path === 'string'))
    return undefined;
  const call = async (request: SentRequest): Promise<unknown> =>
    method.apply(controller, valuesOf(parameters, request));
  return {
    path: `/${paths.flatMap((path) => path.split('/').filter((part) => part !== '')).join('/')}`,
    scopes: metadata(SCOPES_METADATA, named) as readonly Scope[],
    forPersons: [method, named].some((of) => metadata(PERSON_METADATA, of) === true),
    answer: (request) =>
      around.reduceRight<() => Promise<unknown>>(
        (inner, one) => () => one.around(request, inner),
        () => call(request),
      )(),
  };
}

const metadata = (key: string, of: object): unknown => Reflect.getMetadata(key, of);

/** In the order in which Nest reads them; `undefined` where one of them needs more than a `SentRequest`. */
function parametersOf(type: Type, name: string): readonly Parameter[] | undefined {
  const declared = (Reflect.getMetadata(ROUTE_ARGS_METADATA, type, name) ?? {}) as Readonly<Record<string, Declared>>;
  const parameters = Object.values(declared).map(({ index, factory, data, pipes }) => {
    const read = factory && readerOf(factory);
    return read === undefined || (pipes ?? []).length > 0 ? undefined : { index, read, data };
  });
  return parameters.every((one) => one !== undefined) ? parameters : undefined;
}

interface Declared {
  readonly index: number;
  readonly factory?: object;
  readonly data: unknown;
  readonly pipes?: readonly unknown[];
}

/** All are read, and of several that can't be the first one tells why, as in Nest. */
function valuesOf(parameters: readonly Parameter[], request: SentRequest): unknown[] {
  const values: unknown[] = [];
  let failed: { readonly error: unknown } | undefined;
  for (const { index, read, data } of parameters) {
    try {
      values[index] = read(request, data as never);
    } catch (error) {
      failed ??= { error };
    }
  }
  if (failed !== undefined) throw failed.error;
  return values;
}
