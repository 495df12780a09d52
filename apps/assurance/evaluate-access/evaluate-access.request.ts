import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const ID = { type: String, example: '3b1f6c0a-5a0e-4c57-9d35-0c3a9b1f2d44' } as const;

/** What the AuthZEN API takes and gives, for the contract only: reading it follows the rules of that API. */

export class AccessSubject {
  @ApiProperty({ description: '`means`' }) type!: string;
  @ApiProperty({ ...ID, description: 'Internal pseudonym of the means' }) id!: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true }) properties?: object;
}

export class AccessActionProperties {
  @ApiProperty({ required: false, description: 'Service of the catalogue' }) service?: string;
  @ApiProperty({
    required: false,
    description: 'Level asked for; absent: the minimum of the service',
    enum: ['EH1', 'EH2', 'EH2+', 'EH3', 'EH4'],
  })
  level?: string;
  @ApiProperty({ required: false, description: 'The login was taken over by single sign-on', default: false })
  singleSignOn?: boolean;
}

export class AccessAction {
  @ApiProperty({ description: '`represent`' }) name!: string;
  @ApiProperty({ required: false }) properties?: AccessActionProperties;
}

export class AccessResourceProperties {
  @ApiProperty({ required: false, description: 'Establishment for which the person acts' }) establishment?: string;
}

export class AccessResource {
  @ApiProperty({ description: '`organization`' }) type!: string;
  @ApiProperty({ description: 'Register and number' }) id!: string;
  @ApiProperty({ required: false }) properties?: AccessResourceProperties;
}

export class AccessContext {
  @ApiProperty({ required: false, description: 'Trace of the question (W3C)' }) traceparent?: string;
  @ApiProperty({
    required: false,
    description: 'Authentication service of the login; absent or not listed: the weakest assessment of the product',
  })
  authenticationService?: string;
  @ApiProperty({ required: false, description: 'Organization or authorization that the path has to lead through' })
  via?: string;
  @ApiProperty({ required: false, description: 'Logical time: recorded, never used' }) time?: string;
}

export class AccessEvaluationRequest {
  @ApiProperty() subject!: AccessSubject;
  @ApiProperty() action!: AccessAction;
  @ApiProperty() resource!: AccessResource;
  @ApiProperty({ required: false }) context?: AccessContext;
}

export class AccessReasonView {
  @ApiProperty({ description: 'Code of classification.md §5, or one of what could not be asked at all' }) code!: string;
  @ApiProperty({ required: false, description: 'Level reached' }) have?: string;
  @ApiProperty({ required: false, description: 'Level required' }) need?: string;
}

export class AccessAnswerContext {
  @ApiProperty({ format: 'uuid', description: 'The record of this decision' }) id!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Level reached' }) level!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Level required' }) requiredLevel!: string | null;
  @ApiProperty({ required: false, enum: ['low', 'substantial', 'high'] }) eidas?: string;
  @ApiProperty({ type: [AccessReasonView], description: 'Why not; empty for a yes' }) reasons!: AccessReasonView[];
  @ApiProperty({ required: false, type: [String], description: 'Authorizations that it rests on' }) path?: string[];
  @ApiProperty({ description: 'Version of the rules' }) ruleSet!: string;
  @ApiProperty({ description: 'Everything up to here was seen' }) position!: string;
  @ApiProperty({ required: false, format: 'date-time', description: 'When this yes stops by itself' })
  validUntil?: string;
}

export class AccessEvaluationAnswer {
  @ApiProperty() decision!: boolean;
  @ApiProperty() context!: AccessAnswerContext;
}

export const accessExample = {
  subject: { type: 'means', id: ID.example },
  action: {
    name: 'represent',
    properties: { service: 'urn:etoegang:DV:00000099800000001000:services:1', level: 'EH3', singleSignOn: false },
  },
  resource: { type: 'organization', id: 'kvk:69599084' },
  context: { authenticationService: 'authentication-service-1' },
};

export const accessAnswerExample = {
  decision: false,
  context: {
    id: '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
    level: 'EH2+',
    requiredLevel: 'EH3',
    reasons: [{ code: 'level-too-low', have: 'EH2+', need: 'EH3' }],
    ruleSet: 'eh-1.5.1',
    position: 'N2U1YzA4YzAuMS40Mg',
  },
};
