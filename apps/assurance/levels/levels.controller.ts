import { Controller, Inject, Post } from '@nestjs/common';
import type { Instant } from '#libs/kernel';
import { authorizationsProjection, whereStanding, type Backbone } from '#libs/application';
import {
  BACKBONE,
  currentLevelExample,
  currentLevelViews,
  equal,
  equalIn,
  LEVELS_NEED,
  noLevelExample,
  searchPage,
} from '#libs/composition';
import { ApiQueryOperation, CheckedBody, Section } from '#libs/platform';
import { CurrentLevelPage, SearchLevelsRequest } from './levels.request.js';

/** Levels as they are now, for lists; a decision at use is asked at `/access/v1/evaluation`. */
@Section('levels', 'Levels of authorizations as they are now.')
@Controller('v1/levels')
export class LevelsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Current levels of authorizations',
    description:
      'Computed from what was recorded at registration, the means as it is now and the policy. Every page is of the moment of the first.',
    scopes: ['registration', 'operations'],
    body: SearchLevelsRequest,
    bodyExamples: { ofParty: { representedParty: currentLevelExample.representedParty, limit: 10 } },
    answer: CurrentLevelPage,
    examples: {
      found: { items: [currentLevelExample], next: null, ruleSet: 'eh-1.5.1' },
      noLevelAnyMore: { items: [noLevelExample], next: null, ruleSet: 'eh-1.5.1' },
    },
  })
  async search(@CheckedBody(SearchLevelsRequest) { limit, cursor, after, ...filter }: SearchLevelsRequest) {
    const where = (at: Instant) => [
      ...equal('id', filter.authorization),
      ...equalIn(filter, ['representedParty', 'means']),
      ...(filter.status === undefined ? [] : whereStanding(filter.status, at)),
    ];
    const list = { name: 'levels', filter, page: { limit, cursor, after }, where, besides: LEVELS_NEED };
    const page = await searchPage(this.backbone, authorizationsProjection, list, (rows, at) =>
      currentLevelViews(this.backbone, rows, at),
    );
    return { ...page, ruleSet: this.backbone.rules.version };
  }
}
