import { Controller, Inject, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { epochOf, type Instant, type StreamId } from '#libs/kernel';
import { placeOfSequence, type Chore, type DueItem, type PublishedEvent, type Ticker } from '#libs/eventing';
import { startChore, type Backbone } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import type { ConfirmationOutcome } from '#libs/domain';
import { METRICS, ReactsTo, type Metrics } from '#libs/platform';
import { beginningOf } from './beginning.js';
import { ConfirmationFigures } from './confirmation-figures.js';
import { confirmationsProjection } from './confirmations.projection.js';
import { lapseOvertaken } from './lapses.js';
import { CONFIRMATIONS } from './note-outcome.js';
import { passOn, PASSING_ON } from './pass-on.js';
import { sendings } from './send-confirmations.js';
import { TELLING, type ToldFact } from './telling-work.js';
import { isTold, TOLD_STREAMS } from './what-is-told.js';
import { enqueueTellings, MAIL, writeTelling } from './write-confirmations.js';

/** Kind of the work of finding out what is told of one fact. */
const WRITING = 'confirmation-writing';
/**
 * Facts that are looked at at once, pages of what they pass on, and confirmations that are written; those of one object one
 * after the other.
 */
const TOGETHER = 4;
/** Confirmations of one lane that are written at once: what is told to thousands leaves room for others. */
const PER_LANE = 2;
const KEEP_FOR = 24 * 3_600_000;

/** Tells people what became of their authorizations and means: writes what is told of a fact, and sends what goes by mail. */
@Controller()
export class Confirmations implements OnModuleInit, OnModuleDestroy {
  readonly #tickers: Ticker[] = [];
  #beginning: Promise<Instant> | undefined;

  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(METRICS) private readonly metrics: Metrics,
    @Inject(ConfirmationFigures) private readonly figures: ConfirmationFigures,
  ) {}

  async onModuleInit(): Promise<void> {
    const { readModels, dueWork, now } = this.backbone;
    const { metrics } = this;
    // Before the first request is taken: of whatever is recorded from then on somebody is told.
    await this.beginning();
    readModels.run(confirmationsProjection);
    const waiting = metrics.gauge('confirmations_waiting', 'What waits to be written or sent', ['step']);
    const oldest = metrics.gauge('confirmations_oldest_waiting_seconds', 'How long the oldest of them waits', ['step']);
    const steps = [
      ['write', [WRITING, PASSING_ON, TELLING]],
      ['send', [MAIL]],
    ] as const;
    metrics.onRead(async () => {
      for (const [step, kinds] of steps) {
        const figures = await Promise.all(kinds.map((kind) => dueWork.figures(kind)));
        const count = figures.reduce((sum, one) => sum + one.waiting, 0);
        waiting.set({ step }, count);
        const since = figures.map((one) => epochOf(one.oldest ?? now()));
        oldest.set({ step }, Math.max(0, epochOf(now()) - Math.min(...since)) / 1_000);
      }
    });
    const ended = (outcome: ConfirmationOutcome): void => {
      // What waits has no outcome yet.
      if (outcome === 'waiting') this.#tickers.forEach((ticker) => ticker.wake());
      else this.figures.ended(outcome);
    };
    for (const chore of [
      this.writings(ended),
      this.tellings(ended),
      sendings(this.backbone, ended),
      this.passingOn(),
    ]) {
      this.#tickers.push(startChore(this.backbone, chore));
    }
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#tickers.map((ticker) => ticker.stop()));
  }

  @ReactsTo(CONFIRMATIONS, ...TOLD_STREAMS)
  async onEvent(@Payload() event: PublishedEvent): Promise<void> {
    const stream = event.subject as StreamId;
    const { revision, correlationId } = event.data;
    const fact = { event: event.id, stream, revision, correlationId };
    const { type, data } = event.data;
    const isNew = isTold(type, data, { time: event.time, beginning: await this.beginning() });
    const item: DueItem = {
      ...{ kind: WRITING, id: event.id, group: stream, dueAt: this.backbone.now() },
      payload: fact,
    };
    const at = { stream, ...placeOfSequence(event.sequence) };
    if (await this.backbone.reactions.take(CONFIRMATIONS, at, isNew ? [item] : [])) this.#tickers[0]?.wake();
  }

  private beginning(): Promise<Instant> {
    this.#beginning ??= beginningOf(this.backbone).catch((error: unknown) => {
      this.#beginning = undefined;
      throw error;
    });
    return this.#beginning;
  }

  private writings(ended: (outcome: ConfirmationOutcome) => void): Chore {
    return {
      ...{ kind: WRITING, perLane: TOGETHER, together: TOGETHER, keepFor: KEEP_FOR },
      perform: async ({ payload }, signal) => {
        const fact = payload as unknown as ToldFact;
        await enqueueTellings(this.backbone, fact, signal);
        await lapseOvertaken(this.backbone, fact, ended);
        this.wakeTellings();
        return { is: 'done' };
      },
    };
  }

  private passingOn(): Chore {
    return {
      ...{ kind: PASSING_ON, perLane: 1, together: TOGETHER, keepFor: KEEP_FOR },
      perform: async (item, signal) => {
        await passOn(this.backbone, item, signal);
        this.wakeTellings();
        return { is: 'done' };
      },
    };
  }

  /** And what looks for more of them. */
  private wakeTellings(): void {
    this.#tickers[1]?.wake();
    this.#tickers[3]?.wake();
  }

  private tellings(ended: (outcome: ConfirmationOutcome) => void): Chore {
    return {
      ...{ kind: TELLING, perLane: PER_LANE, together: TOGETHER, keepFor: KEEP_FOR },
      perform: async (item, signal) => {
        signal.throwIfAborted();
        await writeTelling(this.backbone, item, ended);
        return { is: 'done' };
      },
    };
  }
}
