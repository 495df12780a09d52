import { expect } from '@jest/globals';
import type { Decider, Decision, DomainEvent, Rejection } from '#libs/kernel';

/** What a decider answered to one command after one history; every assertion is strict. */
export interface Answered<Event extends DomainEvent> {
  /** Accepted, with exactly these facts in this order. */
  then(...events: readonly Event[]): void;
  /** Accepted, and nothing to record: it is so already. */
  thenNothing(): void;
  /** Rejected with exactly these, in this order: a code alone, or a rejection as a whole. */
  thenRejected(...rejections: readonly (string | Rejection)[]): void;
}

export interface Given<State, Command, Event extends DomainEvent> {
  when(command: Command): Answered<Event>;
  /** The state that the facts lead to. */
  readonly state: State;
}

/** `given(...facts).when(command).then(...facts)` for one decider. */
export const specificationOf =
  <State, Command, Event extends DomainEvent>(decider: Decider<State, Command, Event>) =>
  (...events: readonly Event[]): Given<State, Command, Event> => {
    const state = foldOf(decider, events);
    return {
      state,
      when(command) {
        const decision = decider.decide(command, state);
        return {
          then: (...facts) => expect(decision).toStrictEqual({ outcome: 'accepted', events: facts }),
          thenNothing: () => expect(decision).toStrictEqual({ outcome: 'accepted', events: [] }),
          thenRejected(...rejections) {
            const whole = rejections.some((rejection) => typeof rejection !== 'string');
            expect(whole ? decision : codesOf(decision)).toStrictEqual(
              whole ? { outcome: 'rejected', rejections } : rejections,
            );
          },
        };
      },
    };
  };

export const foldOf = <State, Command, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  events: readonly Event[],
): State => events.reduce((state, event) => decider.evolve(state, event), decider.initialState);

/** The codes of a rejection; of an acceptance the types of its facts, so that a failure says what happened instead. */
const codesOf = (decision: Decision<DomainEvent>): readonly string[] =>
  decision.outcome === 'rejected'
    ? decision.rejections.map(({ code }) => code)
    : ['accepted', ...decision.events.map(({ type }) => type)];

/** One run through a decider: what was accepted after what, and where it led. */
export interface Played<State, Command, Event extends DomainEvent> {
  readonly history: readonly Event[];
  readonly state: State;
  /** The commands that recorded something, each with its facts. */
  readonly accepted: readonly { readonly command: Command; readonly events: readonly Event[] }[];
}

/**
 * Gives a decider one command after the other, as clients would, and each of them twice.
 * Throws when the second time records a fact: a repeated command may be answered with nothing or with a rejection.
 */
export function playTwice<State, Command extends { readonly type: string }, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  commands: readonly Command[],
): Played<State, Command, Event> {
  let state = decider.initialState;
  const history: Event[] = [];
  const accepted: { command: Command; events: readonly Event[] }[] = [];
  for (const command of commands) {
    const decision = decider.decide(command, state);
    if (decision.outcome === 'rejected' || decision.events.length === 0) continue;
    state = decision.events.reduce((before, event) => decider.evolve(before, event), state);
    history.push(...decision.events);
    accepted.push({ command, events: decision.events });
    const again = decider.decide(command, state);
    if (again.outcome === 'accepted' && again.events.length > 0) {
      const facts = again.events.map(({ type }) => type).join(', ');
      throw new Error(`${command.type} again recorded ${facts}`);
    }
  }
  return { history, state, accepted };
}
