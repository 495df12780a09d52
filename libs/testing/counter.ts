import { accept, reject, type Decider, type EventCodec, type Personal } from '#libs/kernel';

/** A small aggregate for tests of the machinery around deciders: it counts, up to a limit, with a name of its own. */

export type CounterEvent =
  | { readonly type: 'CounterStarted'; readonly data: { readonly counter: string; readonly name: Personal<string> } }
  | { readonly type: 'Counted'; readonly data: { readonly counter: string; readonly by: number } };

export type CounterCommand =
  | { readonly type: 'Start'; readonly counter: string; readonly name: string; readonly counts?: readonly number[] }
  | { readonly type: 'Count'; readonly by: number }
  /** Counts only when the counter stands at something else. */
  | { readonly type: 'CountTo'; readonly total: number };

export type Counter =
  | { readonly status: 'none' }
  | { readonly status: 'started'; readonly counter: string; readonly name: Personal<string>; readonly total: number };

export const counterCodec: EventCodec<CounterEvent> = {
  CounterStarted: {
    schemaVersion: 1,
    processingActivity: 'counting',
    personal: { name: ({ counter }) => ({ kind: 'person', id: counter }) },
  },
  Counted: { schemaVersion: 1, processingActivity: 'counting' },
};

/** Above this a counter refuses. */
const COUNTER_LIMIT = 100;

export const counterDecider: Decider<Counter, CounterCommand, CounterEvent> = {
  initialState: { status: 'none' },

  decide(command, state) {
    if (command.type === 'Start') {
      if (state.status !== 'none') return reject({ code: 'counter-exists', kind: 'conflict' });
      const { counter, name, counts = [] } = command;
      return accept<CounterEvent>(
        { type: 'CounterStarted', data: { counter, name: { clear: name } } },
        ...counts.map((by): CounterEvent => ({ type: 'Counted', data: { counter, by } })),
      );
    }
    if (state.status === 'none') return reject({ code: 'no-such-counter', kind: 'not-found' });
    const by = command.type === 'Count' ? command.by : command.total - state.total;
    if (by === 0) return accept();
    if (state.total + by > COUNTER_LIMIT) return reject({ code: 'too-high', kind: 'refused' });
    return accept({ type: 'Counted', data: { counter: state.counter, by } });
  },

  evolve(state, event) {
    switch (event.type) {
      case 'CounterStarted':
        return { status: 'started', ...event.data, total: 0 };
      case 'Counted':
        return state.status === 'none' ? state : { ...state, total: state.total + event.data.by };
    }
  },
};
