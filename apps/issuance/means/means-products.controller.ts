import { Controller, Get, Inject } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Backbone } from '#libs/application';
import { BACKBONE, checkAfter } from '#libs/composition';
import { After, ApiQueryOperation, named, referenceTo, Section } from '#libs/platform';

class AssessmentView {
  @ApiProperty({ description: 'The authentication service, by its name' }) authenticationService!: string;
  @ApiProperty({
    ...referenceTo('MeansMechanism'),
    description: 'What its login with this product is worth (MEANS-03)',
  })
  mechanism!: object;
}

const EQUIVALENT = named(
  'EquivalentOf',
  ['delivery', 'remoteIdentification'] as const,
  'What counts as something else',
);

class EquivalenceDecisionView {
  @ApiProperty({ description: 'Reference of the decision' }) reference!: string;
  @ApiProperty({ description: 'Who decided' }) body!: string;
  @ApiProperty({ format: 'date', description: 'Day of the decision' }) date!: string;
}
class EquivalenceView {
  @ApiProperty({ description: 'Name by which a check refers to it' }) id!: string;
  @ApiProperty({ enum: EQUIVALENT }) of!: string;
  @ApiProperty({
    type: ['string', 'integer'] as never,
    description: 'What it counts as: a STORK level, or a criterion',
  })
  equivalentTo!: string | number;
  @ApiProperty({ description: 'Why it is as good' }) reason!: string;
  @ApiProperty({ description: 'The decision it rests on' }) decision!: EquivalenceDecisionView;
}
class DatedEquivalenceView {
  @ApiProperty({ format: 'date-time', description: 'In force from here on' }) from!: string;
  @ApiProperty({ description: 'The entry' }) value!: EquivalenceView;
}

class MeansProductView {
  @ApiProperty({ description: 'Name by which an application for a means refers to it' }) id!: string;
  @ApiProperty({ description: 'Name that people know it by' }) name!: string;
  @ApiProperty({ ...referenceTo('MeansToken'), description: 'What the holder has and knows' }) token!: object;
  @ApiProperty({ ...referenceTo('MeansMechanism'), description: 'The issuer’s own assessment of the login' })
  mechanism!: object;
  @ApiProperty({ type: AssessmentView, isArray: true, description: 'Per authentication service it is offered through' })
  assessments!: readonly AssessmentView[];
  @ApiPropertyOptional({ type: DatedEquivalenceView, isArray: true, description: 'Decided equivalences (PROOF-11)' })
  equivalences?: readonly DatedEquivalenceView[];
}
class MeansProductList {
  @ApiProperty({ type: MeansProductView, isArray: true, description: 'Products in force now' })
  items!: readonly MeansProductView[];
  @ApiProperty({ description: 'Version of the governing data' }) version!: string;
}

const MECHANISM = {
  factors: 2,
  protection: {
    guessing: 'protected',
    eavesdropping: 'protected',
    hijacking: 'protected',
    replay: 'protected',
    manInTheMiddle: 'some',
  },
  evaluation: 'none',
};

@Section('means-products', 'Products of the issuer: tokens, and what their login is worth.')
@Controller('v1/means-products')
export class MeansProductsController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Get()
  @ApiQueryOperation({
    summary: 'Means products in force now',
    description: 'Entries of the governing data of this release, each with the assessment of the day.',
    scopes: ['issuance'],
    answer: MeansProductList,
    examples: {
      one: {
        items: [
          {
            id: 'password-sms',
            name: 'Password with SMS code',
            token: { possession: 'smsCode', secret: { kind: 'password', meetsGuideline: true } },
            mechanism: MECHANISM,
            assessments: [{ authenticationService: 'authentication-service-1', mechanism: MECHANISM }],
          },
        ],
        version: '2026-11-01',
      },
    },
  })
  async list(@After() after: string | undefined): Promise<MeansProductList> {
    await checkAfter(this.backbone, after);
    const { governance, now } = this.backbone;
    return { items: governance.productsAt(now()), version: governance.version };
  }
}
