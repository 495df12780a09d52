import { ViewerRequest } from '#libs/composition';
import { IsText, IsWhole, Nested, Optional, Refers } from '#libs/platform';

export class SearchChainsRequest {
  @IsText(100, { description: 'Organization that would pass authority on: register and number, `kvk:69599076`' })
  intermediary!: string;
  @Refers('service')
  @IsText(200, { description: 'Id of the service catalogue' })
  service!: string;
  @Nested(() => ViewerRequest, {
    description:
      'The person who views: what he may not see is not there (VIS). Absent: every link but those of rest-group entities',
  })
  @Optional()
  viewer?: ViewerRequest;
  @IsWhole(1, 100, { description: 'Most items; 25 when absent' }) @Optional() limit?: number;
  @IsText(1024, { description: '`next` of the page before' }) @Optional() cursor?: string;
  @IsText(200, { description: 'Position that the list has to show' }) @Optional() after?: string;
}
