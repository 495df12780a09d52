import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { later } from '#libs/kernel';
import { type Backbone, rightsRequestsProjection, type RightsRequestRow } from '#libs/application';
import { BACKBONE } from '#libs/composition';
import { METRICS, type Metrics } from '#libs/platform';

/** Open requests that are counted; of more only so many. */
const MOST = 1_000;
/** From so long before its end on a term is near (milliseconds). */
const NEAR = 7 * 24 * 3_600_000;

/** How many requests of people wait for their answer, by how their term stands (MIN-03). */
@Injectable()
export class RightsFigures implements OnModuleInit {
  constructor(
    @Inject(BACKBONE) private readonly backbone: Backbone,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    const open = this.metrics.gauge(
      'rights_requests_open',
      'Requests of people about their data that are not decided',
      ['term'],
    );
    this.metrics.onRead(async () => {
      const now = this.backbone.now();
      const rows = await this.open();
      open.reset();
      for (const term of ['ahead', 'near', 'passed']) open.set({ term }, rows === undefined ? Number.NaN : 0);
      for (const { answerBefore } of rows ?? []) {
        open.inc({ term: now >= answerBefore ? 'passed' : later(now, NEAR) >= answerBefore ? 'near' : 'ahead' });
      }
    });
  }

  /** `undefined` where the read model can't be read now. */
  private async open(): Promise<readonly RightsRequestRow[] | undefined> {
    try {
      return await this.backbone.readModels.store.search<RightsRequestRow>(rightsRequestsProjection, {
        where: [{ column: 'status', is: 'equal', value: 'received' }],
        limit: MOST,
      });
    } catch {
      return undefined;
    }
  }
}
