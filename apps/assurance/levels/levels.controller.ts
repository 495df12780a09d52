import { Controller, Inject, Post } from '@nestjs/common';
import type { Condition } from '#libs/eventing';
import type { Backbone } from '#libs/application';
import { awaitAfter, BACKBONE } from '#libs/composition';
import { ApiQueryOperation, CheckedBody, pageOf, readPage } from '#libs/platform';
import {
  decisionIndexProjection,
  type AuthorizationEntry,
  type DecisionIndexRow,
  type MeansEntry,
} from '../decision-index/decision-index.projection.js';
import { usePolicy, type UsePolicy } from '../evaluate-access/use-policy.js';
import { currentLevel } from './current-level.js';
import { CurrentLevelPage, SearchLevelsRequest, type CurrentLevelView } from './levels.request.js';

/** Levels as they are now, for lists; a decision at use is asked at `/access/v1/evaluation`. */
@Controller('v1/levels')
export class LevelsController {
  private readonly policy: UsePolicy;

  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {
    this.policy = usePolicy(backbone.governance, backbone.rules);
  }

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Current levels of authorizations',
    description:
      'Computed from what was recorded at registration, the means as it is now and the policy. Newest change first.',
    scopes: ['registration', 'operations', 'audit'],
    body: SearchLevelsRequest,
    bodyExample: { representedParty: '3b1f6c0a-5a0e-4c57-9d35-0c3a9b1f2d44', limit: 10 },
    answer: CurrentLevelPage,
    example: {
      items: [
        {
          authorization: '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
          representedParty: '3b1f6c0a-5a0e-4c57-9d35-0c3a9b1f2d44',
          means: '6a1f6c0a-5a0e-4c57-9d35-0c3a9b1f2d44',
          m: 3,
          registeredLevel: 'EH3',
          level: 'EH3',
          eidas: 'substantial',
          reasons: [],
        },
      ],
      next: null,
      ruleSet: 'eh-1.5.1',
    },
  })
  async search(@CheckedBody(SearchLevelsRequest) body: SearchLevelsRequest) {
    const { limit, cursor, after, ...filter } = body;
    const list = { name: 'levels', filter };
    const page = readPage(list, limit, cursor);
    await awaitAfter(this.backbone, decisionIndexProjection as never, after);
    const { store } = this.backbone.readModels;
    const rows = await store.search<DecisionIndexRow>(decisionIndexProjection, {
      where: conditions(filter),
      limit: page.limit + 1,
      ...(page.after === undefined ? {} : { after: page.after }),
    });
    const means = await store.load<DecisionIndexRow>(decisionIndexProjection, [
      ...new Set(rows.flatMap((row) => (row.means === null ? [] : [`means:${row.means}`]))),
    ]);
    const now = this.backbone.now();
    const view = (row: DecisionIndexRow): CurrentLevelView => {
      const entry = row.content as AuthorizationEntry;
      const holder = means.get(`means:${row.means}`)?.content as MeansEntry | undefined;
      const { level, eidas, reasons } = currentLevel(entry, holder, this.policy, now);
      return {
        authorization: entry.authorization,
        representedParty: entry.link.representedParty,
        means: row.means,
        m: entry.link.m,
        registeredLevel: entry.registeredLevel,
        level,
        eidas,
        reasons: [...reasons],
      };
    };
    const answer = pageOf(list, rows, page.limit, (row) => ({ order: row.position, key: row.id }), view);
    return { ...answer, ruleSet: this.backbone.rules.version };
  }
}

function conditions(
  filter: Pick<SearchLevelsRequest, 'authorization' | 'representedParty' | 'means'>,
): readonly Condition[] {
  const equal = (column: string, value: string | undefined): Condition[] =>
    value === undefined ? [] : [{ column, is: 'equal', value }];
  return [
    { column: 'kind', is: 'equal', value: 'authorization' },
    ...equal('id', filter.authorization === undefined ? undefined : `authorization:${filter.authorization}`),
    ...equal('representedParty', filter.representedParty),
    ...equal('means', filter.means),
  ];
}
