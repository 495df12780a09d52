import type { OPERATIONS, Operations } from './generated/operations.js';

export type OperationName = keyof Operations;

/** What may be said beside what the contract asks. */
export interface CallOptions {
  /** Of a command; made here unless it is given. The same key with the same body is never done twice. */
  readonly key?: string;
  /** A command's: revision that the object must have, as `etag` of an earlier answer gave it. */
  readonly ifMatch?: string;
  /** A read's: what it must show. The furthest position of this client's commands unless it is given; `false`: nothing. */
  readonly after?: string | false;
  readonly signal?: AbortSignal;
}

/** An answer with what stands beside its body. */
export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  /** Revision of the object. */
  readonly etag: string | undefined;
  /** The first answer again: the command had been carried out before. */
  readonly replayed: boolean;
}

type Parts<Data> = {
  [Part in 'body' | 'path' | 'query']: Part extends keyof Data
    ? [Data[Part]] extends [undefined]
      ? never
      : Part
    : never;
}['body' | 'path' | 'query'];

type Given<Name extends OperationName> = Pick<Operations[Name]['data'], Parts<Operations[Name]['data']>> & CallOptions;

type Call<Name extends OperationName, Result> =
  Record<never, never> extends Given<Name> ? (given?: Given<Name>) => Result : (given: Given<Name>) => Result;

/** Each operation of the contract, by its name there: the body, or an error. */
export type Api = { readonly [Name in OperationName]: Call<Name, Promise<Operations[Name]['answer']>> };

/** The same with status and headers. */
export type Answers = { readonly [Name in OperationName]: Call<Name, Promise<Answer<Operations[Name]['answer']>>> };

export type ListName = {
  [Name in OperationName]: (typeof OPERATIONS)[Name]['list'] extends true ? Name : never;
}[OperationName];

type Item<Name extends ListName> = Operations[Name]['answer'] extends { items: readonly (infer One)[] } ? One : never;

/** Each list of the contract, item by item, page after page. */
export type Lists = { readonly [Name in ListName]: Call<Name, AsyncGenerator<Item<Name>, void, undefined>> };
