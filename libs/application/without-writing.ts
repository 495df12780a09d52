import { randomUUID } from 'node:crypto';
import type { CommandHandler, CommandOutcome, CommandSource } from '#libs/eventing';
import type { Decider, DomainEvent, StreamId } from '#libs/kernel';
import type { Backbone, CommandRequest } from './backbone.js';

/**
 * The same backbone, on which commands are decided as on the other and nothing is written: no event, no key, no reference
 * of a clerk. A use case that is run on it says what it would earn or be refused with on what is recorded so far.
 */
export const withoutWriting = (backbone: Backbone): Backbone => ({
  ...backbone,
  commands: decidingOnly(backbone.commands),
  secrets: {
    ...backbone.secrets,
    requestHash: () => Promise.resolve('none'),
    clerkReference: () => Promise.resolve('none'),
  },
});

/** A request under a key that nobody has used or will use. */
export const requestOfNobody = (): CommandRequest => ({
  client: 'precheck',
  correlationId: 'precheck',
  idempotencyKey: randomUUID(),
});

const decidingOnly = ({ load, loadAll, requestHashes, knowsKey }: CommandHandler): CommandHandler => ({
  ...{ load, loadAll, requestHashes, knowsKey },
  async execute<State, const Command extends { readonly type: string }, Event extends DomainEvent>(
    decider: Decider<State, Command, Event>,
    stream: StreamId,
    source: CommandSource<State, Command>,
  ): Promise<CommandOutcome<State, Event>> {
    const { state, history, revision, position } = await load(decider as Decider<State, never, Event>, stream);
    const decision = decider.decide(await source(state, history), state);
    if (decision.outcome === 'rejected') return decision;
    const { events } = decision;
    return {
      outcome: 'accepted',
      state: events.reduce((before, event) => decider.evolve(before, event), state),
      events,
      revision: (revision === 'no-stream' ? -1 : revision) + events.length,
      position,
      replayed: false,
    };
  },
});
