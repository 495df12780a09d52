import { Inject, Injectable } from '@nestjs/common';
import { METRICS, type Metrics } from '#libs/platform';
import type { Ended } from './note-outcome.js';

/** How many confirmations came to which end, whoever of this process saw to it: mail, a receiver, or a person. */
@Injectable()
export class ConfirmationFigures {
  readonly ended: Ended;

  constructor(@Inject(METRICS) metrics: Metrics) {
    const outcomes = metrics.counter('confirmations_total', 'Confirmations, by what became of them', ['outcome']);
    this.ended = (outcome) => outcomes.inc({ outcome });
  }
}
