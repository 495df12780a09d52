import { Controller, Get, Inject } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { secretFaultsAt, tokenAt, type Backbone } from '#libs/application';
import { BACKBONE, checkAfter } from '#libs/composition';
import { After, ApiQueryOperation, named, referenceTo, Section } from '#libs/platform';

class AssessedEntityView {
  @ApiProperty({ description: 'A participant of the scheme' }) participant!: boolean;
  @ApiProperty({ ...referenceTo('IssuerSupervision'), description: 'Supervision of it' }) supervision!: string;
}
class AssessmentView {
  @ApiProperty({ description: 'The authentication service, by its name' }) authenticationService!: string;
  @ApiProperty({
    ...referenceTo('MeansMechanism'),
    description: 'What its login with this product is worth (MEANS-03)',
  })
  mechanism!: object;
  @ApiPropertyOptional({
    description: 'Who runs it, held to what an issuer is (MEANS-03); absent: a participant of the scheme',
  })
  entity?: AssessedEntityView;
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

class SecretRulesView {
  @ApiProperty({ ...referenceTo('TokenSecretKind'), description: 'A password or a PIN' }) kind!: string;
  @ApiProperty({ type: 'integer', description: 'Fewest characters' }) minimumLength!: number;
  @ApiProperty({ type: 'integer', description: 'Most characters' }) maximumLength!: number;
  @ApiPropertyOptional({ description: 'Of a password: a lower-case letter is asked for' }) lowerCase?: boolean;
  @ApiPropertyOptional({ description: 'An upper-case letter' }) upperCase?: boolean;
  @ApiPropertyOptional({ description: 'A digit' }) digit?: boolean;
  @ApiPropertyOptional({ description: 'One of these; empty: none' }) specialCharacters?: string;
  @ApiPropertyOptional({ description: 'The user name is refused in it' }) withoutUserName?: boolean;
  @ApiPropertyOptional({ type: 'integer', description: 'Latest passwords that are refused, the current one included' })
  history?: number;
  @ApiPropertyOptional({ type: 'integer', description: 'Of a PIN: longest run of one digit that is taken' })
  longestRepeat?: number;
  @ApiPropertyOptional({ type: 'integer', description: 'Longest run of digits up or down that is taken' })
  longestSequence?: number;
  @ApiPropertyOptional({ type: 'integer', description: 'Wrong attempts after which it is locked' })
  attemptsBeforeLock?: number;
  @ApiProperty({
    type: String,
    isArray: true,
    description:
      'Rules of the guideline in force (PW-02 to PW-09, AMB-40) that it lets be broken: with any, it earns RC 1 alone and is no factor',
  })
  letsBreak!: readonly string[];
}

class MeansProductView {
  @ApiProperty({ description: 'Name by which an application for a means refers to it' }) id!: string;
  @ApiProperty({ description: 'Name that people know it by' }) name!: string;
  @ApiPropertyOptional({ description: 'Its means are used at this provider and nowhere else (REST-01)' })
  restrictedToProvider?: string;
  @ApiPropertyOptional({ type: String, isArray: true, description: 'Of that provider, these services only' })
  restrictedToServices?: readonly string[];
  @ApiProperty({ ...referenceTo('MeansToken'), description: 'What the holder has and knows' }) token!: object;
  @ApiPropertyOptional({
    type: SecretRulesView,
    description: 'What a password or PIN is held to when it is set; that itself never comes here',
  })
  secretRules?: SecretRulesView;
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

const SECRET_RULES = {
  ...{ kind: 'password', minimumLength: 8, maximumLength: 256, lowerCase: true, upperCase: true, digit: true },
  ...{ specialCharacters: "-_!$%&'.=/\\:<>|?@[]^`{}~", withoutUserName: true, history: 5, letsBreak: [] },
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
            secretRules: SECRET_RULES,
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
    const { governance, now, rules } = this.backbone;
    const at = now();
    const items = governance.productsAt(at).map(({ from: _from, ...product }): MeansProductView => ({
      ...product,
      token: tokenAt(product, at, rules),
      ...(product.token.secret === undefined
        ? {}
        : { secretRules: { ...product.token.secret, letsBreak: secretFaultsAt(product, at, rules) } }),
    }));
    return { items, version: governance.version };
  }
}
