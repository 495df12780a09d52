import { Controller, Get, Inject, Post } from '@nestjs/common';
import { streamId } from '#libs/kernel';
import type { Backbone } from '#libs/application';
import { BACKBONE, checkAfter, searchPage, within } from '#libs/composition';
import { destructionDecider, isDecided } from '#libs/domain';
import {
  After,
  ApiId,
  ApiQueryOperation,
  ApiTextOperation,
  CheckedBody,
  found,
  notFound,
  PathId,
  Section,
  textFile,
  unavailable,
} from '#libs/platform';
import { logReceipts, receiptExample } from '../log/receipt-of.js';
import {
  destructionExample,
  destructionListedExample,
  DestructionPage,
  DestructionView,
  destructionView,
  listedDestruction,
  statementOf,
} from './destruction.view.js';
import { DESTRUCTION_STATUSES, destructionsProjection } from './destructions.projection.js';
import { SearchDestructionsRequest } from './retention.requests.js';

const SCOPES = ['governance', 'audit'] as const;

/** A batch without anything personal in it: ids say nothing once their keys are gone. */
@Section('destructions', 'What was kept for as long as it had to be, and is gone.')
@Controller('v1/destructions')
export class DestructionsController {
  private readonly receipts: ReturnType<typeof logReceipts>;

  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {
    this.receipts = logReceipts(backbone);
  }

  @Get(':id')
  @ApiId()
  @ApiQueryOperation({
    summary: 'A destruction',
    description:
      'What was destroyed together, why and when, and which entries of the transparency log lost their records.',
    scopes: [...SCOPES],
    answer: DestructionView,
    examples: { retentionOver: destructionExample },
    codes: ['no-such-destruction'],
  })
  async show(@PathId() id: string, @After() after: string | undefined) {
    const { state, revision } = await this.load(id, after);
    return found(destructionView(state), revision as number);
  }

  @Get(':id/statement')
  @ApiId()
  @ApiTextOperation({
    summary: 'The statement of a destruction',
    description:
      'A *verklaring van vernietiging*, in Dutch, to hand to whoever asks what became of his records; its receipt shows that it is in the transparency log.',
    scopes: [...SCOPES],
    examples: { statement: 'VERKLARING VAN VERNIETIGING\n\nDeelnemer: …\n' },
    codes: ['no-such-destruction'],
  })
  async statement(@PathId() id: string, @After() after: string | undefined) {
    const { state } = await this.load(id, after);
    const { participant, log } = this.backbone;
    return textFile(statementOf(state, participant, log.origin), `verklaring-van-vernietiging-${id}.txt`);
  }

  @Get(':id/receipt')
  @ApiId()
  @ApiTextOperation({
    summary: 'The receipt of a destruction',
    description:
      'A `tlog-proof` (c2sp.org) of the record that excuses the entries without theirs: `waarborg-verify --receipt FILE --key FILE` verifies it offline.',
    scopes: [...SCOPES],
    examples: { receipt: receiptExample },
    codes: ['no-such-destruction', 'position-not-reached'],
  })
  async receipt(@PathId() id: string, @After() after: string | undefined) {
    const { history } = await this.load(id, after);
    const fact = history.find(({ type }) => type === 'RecordsDestroyed');
    const receipt = await this.receipts(fact!.metadata.id);
    if (receipt === undefined) throw unavailable('position-not-reached');
    return textFile(receipt, `${id}.tlog-proof`);
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Search destructions',
    description: 'Newest first.',
    scopes: [...SCOPES],
    body: SearchDestructionsRequest,
    bodyExamples: { ofAYear: { destroyedFrom: '2038-01-01T00:00:00Z', destroyedBefore: '2039-01-01T00:00:00Z' } },
    answer: DestructionPage,
    examples: { found: { items: [destructionListedExample], next: null }, nothingFound: { items: [], next: null } },
  })
  search(@CheckedBody(SearchDestructionsRequest) { limit, cursor, after, ...filter }: SearchDestructionsRequest) {
    const statuses = filter.status === undefined ? DESTRUCTION_STATUSES : [filter.status];
    const where = [
      { column: 'status', is: 'one-of', values: statuses } as const,
      ...within('destroyedAt', filter.destroyedFrom, filter.destroyedBefore),
    ];
    const list = { name: 'destructions', filter, page: { limit, cursor, after }, where };
    return searchPage(this.backbone, destructionsProjection, list, (rows) => rows.map(listedDestruction));
  }

  private async load(id: string, after: string | undefined) {
    await checkAfter(this.backbone, after);
    const { state, ...more } = await this.backbone.commands.load(destructionDecider, streamId('destruction', id));
    if (!isDecided(state)) throw notFound('no-such-destruction');
    return { state, ...more };
  }
}
