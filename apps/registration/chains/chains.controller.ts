import { Controller, Inject, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { Backbone } from '#libs/application';
import { BACKBONE, readerOf, VIEWER_CODES, viewerExample, viewingOf } from '#libs/composition';
import {
  ApiQueryOperation,
  CheckedBody,
  Context,
  CurrentCaller,
  invalidRequest,
  Section,
  type Caller,
  type PageAnswer,
  type RequestContext,
} from '#libs/platform';
import { SearchChainsRequest } from './chains.request.js';
import { searchChains, type FoundLink } from './search-chains.js';

class ChainLinkView {
  @ApiProperty({ description: 'Who is represented: register and number', example: 'kvk:69599084' })
  representedParty!: string;
  @ApiProperty({
    format: 'uuid',
    description: 'The authorization of the intermediary, which a question at use may name',
  })
  authorization!: string;
  @ApiProperty({ description: 'OIN of the register in which this link can be verified' }) register!: string;
  @ApiProperty({ description: 'OIN of the register in which the next link can be verified (CHAIN-09)' })
  nextLinkRegister!: string;
}
class ChainPage {
  @ApiProperty({ type: ChainLinkView, isArray: true, description: 'Newest first' })
  items!: readonly ChainLinkView[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}

@Section('chains', 'Whose authority an intermediary may pass on.')
@Controller('v1/chains')
export class ChainsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Post('_search')
  @ApiQueryOperation({
    summary: 'Whose authority may this intermediary pass on, and where can it be verified?',
    description:
      'Discovery for other registers and for the own flow (CHAIN-14): the links to this intermediary by which a use at the service can be a yes now. It is no use, and no yes: who acts, for which establishment, and the next links are judged at use. Nothing where the service takes no chains or the organization is not known. A rest-group entity is shown to nobody but a `viewer` who may see it (REST-04); each reading of a viewer leaves a record.',
    scopes: ['registration'],
    body: SearchChainsRequest,
    bodyExamples: {
      accountant: { intermediary: 'kvk:69599076', service: 'urn:etoegang:DV:00000099800000002000:services:1' },
      ofViewer: {
        ...{ intermediary: 'kvk:69599076', service: 'urn:etoegang:DV:00000099800000002000:services:1' },
        viewer: viewerExample,
      },
    },
    answer: ChainPage,
    examples: {
      found: {
        items: [
          {
            representedParty: 'kvk:69599084',
            authorization: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44',
            register: '00000099900000001000',
            nextLinkRegister: '00000099900000001000',
          },
        ],
        next: null,
      },
      nobody: { items: [], next: null },
    },
    codes: ['unknown-service', ...VIEWER_CODES],
  })
  async search(
    @CheckedBody(SearchChainsRequest) { viewer, ...request }: SearchChainsRequest,
    @CurrentCaller() caller: Caller,
    @Context() context: RequestContext,
  ): Promise<PageAnswer<FoundLink>> {
    const service = this.backbone.governance.service(request.service);
    if (service === undefined) throw invalidRequest([{ code: 'unknown-service', pointer: '/service' }]);
    const reading = { what: 'chains', in: 'body' } as const;
    const viewing = viewer && (await viewingOf(this.backbone, readerOf(caller, context), { ...viewer }, reading));
    return searchChains(this.backbone, { ...request, service }, viewing);
  }
}
