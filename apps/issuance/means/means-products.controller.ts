import { Controller, Get, Inject } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { Backbone } from '#libs/application';
import { BACKBONE, checkAfter } from '#libs/composition';
import { After, ApiQueryOperation } from '#libs/platform';

class MeansProductView {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) token!: object;
  @ApiProperty({ type: 'object', additionalProperties: true }) mechanism!: object;
  @ApiProperty({ type: 'object', additionalProperties: true, isArray: true }) assessments!: readonly object[];
}
class MeansProductList {
  @ApiProperty({ type: MeansProductView, isArray: true }) items!: readonly MeansProductView[];
  @ApiProperty({ description: 'Version of the governing data' }) version!: string;
}

@Controller('v1/means-products')
export class MeansProductsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Get()
  @ApiQueryOperation({
    summary: 'Means products in force now',
    scopes: ['issuance'],
    answer: MeansProductList,
    example: { items: [], version: '2026-11-01' },
  })
  async list(@After() after: string | undefined): Promise<MeansProductList> {
    await checkAfter(this.backbone, after);
    const { governance, now } = this.backbone;
    return { items: governance.productsAt(now()), version: governance.version };
  }
}
