import type { Decider, DomainEvent, Instant, Recorded } from '#libs/kernel';

/** The state that an object had by what was on record at a moment. */
export const stateAsOf = <State, Event extends DomainEvent>(
  decider: Pick<Decider<State, never, Event>, 'initialState' | 'evolve'>,
  history: readonly Recorded<DomainEvent>[],
  at: Instant,
): State =>
  history
    .filter(({ recordedAt }) => recordedAt <= at)
    .reduce((state, event) => decider.evolve(state, event as unknown as Event), decider.initialState);
