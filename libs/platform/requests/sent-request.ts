import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** What doors look at of a request: of one that Fastify took, and of a plain one in front of it (ADR 134). */
export interface SentRequest extends Pick<
  FastifyRequest,
  'method' | 'url' | 'headers' | 'query' | 'params' | 'body' | 'raw' | 'caller' | 'log'
> {
  /** `url`: the route's template. */
  readonly routeOptions: Pick<FastifyRequest['routeOptions'], 'url'>;
}

/** Reads a parameter of a controller's method. */
export type ReadParameter = (request: SentRequest, data: never) => unknown;

const readers = new WeakMap<object, ReadParameter>();

/** A decorator for what a door is given: read from no more of the request than that, so that a plain one does as well. */
export function sentParameter<Data, Output>(read: (request: SentRequest, data: Data) => Output) {
  const factory = (data: Data, context: ExecutionContext): Output =>
    read(context.switchToHttp().getRequest<SentRequest>(), data);
  readers.set(factory, read);
  return createParamDecorator<Data>(factory);
}

/** How a parameter that was made so is read; `undefined` of any other. */
export const readerOf = (factory: object): ReadParameter | undefined => readers.get(factory);

/** The request itself, as far as a door may look at it. */
export const Sent = sentParameter((request) => request);
