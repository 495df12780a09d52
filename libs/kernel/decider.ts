import type { JsonValue } from './json.js';

/** A fact as the domain speaks of it: its stored type and its data. Metadata are the envelope's. */
export interface DomainEvent {
  readonly type: string;
  readonly data: object;
}

/**
 * How a rejection reaches the caller: `refused` = the rules say no (409, leaves a refusal record),
 * `not-found` = the object named in the path does not exist (404), `conflict` = the object is in another state than
 * the request assumes (409, no record), `invalid` = a reference inside the request can't be used (400).
 */
export type RejectionKind = 'refused' | 'not-found' | 'conflict' | 'invalid';

/** The same in both languages. */
export interface Words {
  readonly en: string;
  readonly nl: string;
}

/** Meaning of a rejection code, declared once where the code is defined. Part of the product's documentation. */
export interface RejectionDeclaration {
  readonly kind: RejectionKind;
  /** Short title, English and Dutch. */
  readonly title: Words;
  /** What it means and what a clerk can do about it. */
  readonly meaning: Words;
  /** Rule of the catalogue it comes from, where there is one. */
  readonly rule?: string;
}

/** A "no" with its reasons. Never an exception: exceptions are bugs or broken I/O. */
export interface Rejection {
  readonly code: string;
  readonly kind: RejectionKind;
  /** JSON Pointer into the request, for `invalid`. */
  readonly pointer?: string;
  /** Parameters of the code (`{ aspect: 'IV' }`), never personal data. */
  readonly facts?: Readonly<Record<string, JsonValue>>;
  /** What is asked here, where the code does not say it. */
  readonly detail?: Words;
}

/** `accepted` without events means "already so": the same request came again. */
export type Decision<Event extends DomainEvent> =
  | { readonly outcome: 'accepted'; readonly events: readonly Event[] }
  | { readonly outcome: 'rejected'; readonly rejections: readonly Rejection[] };

export const accept = <Event extends DomainEvent>(...events: readonly Event[]): Decision<Event> => ({
  outcome: 'accepted',
  events,
});

export const reject = (...rejections: readonly Rejection[]): Decision<never> => ({ outcome: 'rejected', rejections });

/**
 * The three pure functions of an aggregate. `decide` takes time, ids, look-ups, policy and the actor as data in the
 * command. `evolve` is total: it never throws, never validates and has no default branch.
 */
export interface Decider<State, Command, Event extends DomainEvent> {
  readonly initialState: State;
  decide(command: Command, state: State): Decision<Event>;
  evolve(state: State, event: Event): State;
}
