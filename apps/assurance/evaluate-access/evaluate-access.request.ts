import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { AccessReasonCode } from '#libs/application';
import { EIDAS_LEVELS, USE_REFUSALS } from '#libs/composition';
import { named } from '#libs/platform';
import { currentRuleSet, EH_LEVELS, type ReasonCode } from '#libs/scheme';

/** What can't be put to evaluation 5. */
const NOT_PUT = {
  'unknown-means': 'No means has this pseudonym, or `subject` is of another type.',
  'unknown-action': 'The action is another than `represent`.',
  'unknown-service': 'No service is named, or none of the catalogue.',
  'unknown-level': 'The level asked for is none of the five.',
  'index-not-current': 'Decisions are not given on the current state of the register; `/v1/status` says so.',
} satisfies Record<Exclude<AccessReasonCode, ReasonCode>, string>;

const meanings: ReadonlyMap<string, string> = new Map([
  ...currentRuleSet.use.reasons.map(({ code, rule }) => [code, rule] as const),
  ...Object.entries(NOT_PUT),
]);
const reasons = [...USE_REFUSALS, ...Object.keys(NOT_PUT)];

/** Every reason of a no. None has a page at `/problems`: it is no problem. */
const DECISION_REASONS = named(
  'DecisionReason',
  reasons,
  `Why the answer is no:\n\n${reasons.map((code) => `- \`${code}\`: ${meanings.get(code)!}`).join('\n')}`,
);

/** Of answers about an earlier moment. */
export const AS_OF = 'Of an auditor’s question about an earlier moment: the moment. It is an answer about then only';

export const ID = { type: String, example: '3b1f6c0a-5a0e-4c57-9d35-0c3a9b1f2d44' } as const;

/** What the AuthZEN API takes and gives, for the contract only: reading it follows the rules of that API. */

export class AccessSubject {
  @ApiProperty({ description: '`means`; another type is a no', example: 'means' }) type!: string;
  @ApiProperty({ ...ID, description: 'Internal pseudonym of the means' }) id!: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Passed over' }) properties?: object;
}

export class AccessActionProperties {
  @ApiProperty({ required: false, description: 'Service of the catalogue' }) service?: string;
  @ApiProperty({
    required: false,
    description: 'Level asked for; absent: the minimum of the service',
    enum: EH_LEVELS,
  })
  level?: string;
  @ApiProperty({ required: false, description: 'The login was taken over by single sign-on; absent: it was not' })
  singleSignOn?: boolean;
}

export class AccessAction {
  @ApiProperty({ description: '`represent`; another name is a no', example: 'represent' }) name!: string;
  @ApiProperty({ required: false, description: 'At which service, at which level' })
  properties?: AccessActionProperties;
}

export class AccessResourceProperties {
  @ApiProperty({ required: false, description: 'Establishment for which the person acts' }) establishment?: string;
}

export class AccessResource {
  @ApiProperty({ description: '`organization`; another type is a no', example: 'organization' }) type!: string;
  @ApiProperty({ description: 'Register and number', example: 'kvk:69599084' }) id!: string;
  @ApiProperty({ required: false, description: 'For which establishment' }) properties?: AccessResourceProperties;
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
  @ApiProperty({ required: false, description: 'Logical time: recorded, and used of an auditor only' }) time?: string;
  @ApiProperty({
    required: false,
    type: [String],
    description: 'Obligations that the caller can carry out; absent: all. Without `step-up` none is said',
  })
  supported_obligations?: string[];
}

export class AccessEvaluationRequest {
  @ApiProperty({ description: 'Who wants to act: the means' }) subject!: AccessSubject;
  @ApiProperty({ description: 'What he wants to do' }) action!: AccessAction;
  @ApiProperty({ description: 'For whom he wants to act: the organization' }) resource!: AccessResource;
  @ApiProperty({ required: false, description: 'Circumstances of the question' }) context?: AccessContext;
}

export class AccessReasonView {
  @ApiProperty({ enum: DECISION_REASONS }) code!: string;
  @ApiProperty({ required: false, enum: EH_LEVELS, description: 'Level reached' }) have?: string;
  @ApiProperty({ required: false, enum: EH_LEVELS, description: 'Level required' }) need?: string;
  @ApiProperty({ required: false, description: '`ask-administrator`: only the administrator could mend it' })
  remedy?: string;
}

export class StepUpProperties {
  @ApiProperty({ example: 'urn:etoegang:core:assurance-class:loa3', description: 'Level that the login has to reach' })
  acr_value!: string;
  @ApiProperty({ required: false, description: '`true`: no login by this means would do, one by another of his does' })
  another_means?: boolean;
}

/** Of the AuthZEN Obligations profile. */
export class AccessObligation {
  @ApiProperty({ description: 'Tells it from others of the same answer' }) id!: string;
  @ApiProperty({ description: '`step-up`: the same question after such a login is a yes' }) type!: string;
  @ApiProperty({ description: 'What has to be reached' }) properties!: StepUpProperties;
}

export class AccessRemark {
  @ApiProperty({ description: 'In English' }) en!: string;
  @ApiProperty({ description: 'In Dutch' }) nl!: string;
}

/** What every answer says of itself. */
export class AccessAnswerHead {
  @ApiProperty({ format: 'uuid', description: 'The record of this answer' }) id!: string;
  @ApiProperty({ description: 'Version of the rules' }) ruleSet!: string;
  @ApiProperty({ description: 'Everything up to here was seen' }) position!: string;
  @ApiProperty({ format: 'uri', description: 'Whose answer it is: the public base' }) issuer!: string;
  @ApiProperty({ format: 'date-time', description: 'When it was judged' }) issuedAt!: string;
  @ApiProperty({ description: 'Whom it was given to: the `client_id`' }) audience!: string;
  @ApiProperty({ format: 'uri', description: 'Where it was asked, as the metadata name it' }) endpoint!: string;
  @ApiProperty({ description: 'Of the body of the question as it came in' }) requestHash!: string;
}

export class AccessAnswerContext extends AccessAnswerHead {
  @ApiProperty({ enum: EH_LEVELS, nullable: true, description: 'Level reached' }) level!: string | null;
  @ApiProperty({ enum: EH_LEVELS, nullable: true, description: 'Level required' }) requiredLevel!: string | null;
  @ApiProperty({ required: false, enum: EIDAS_LEVELS, description: 'Of a yes: its level in the words of eIDAS' })
  eidas?: string;
  @ApiProperty({ type: [AccessReasonView], description: 'Why not; empty for a yes' }) reasons!: AccessReasonView[];
  @ApiProperty({ required: false, description: 'Of a `resource.id` that names no register: its form, for who asks' })
  reason_admin?: AccessRemark;
  @ApiProperty({ required: false, type: [AccessObligation], description: 'Of a no: what would make it a yes' })
  obligations?: AccessObligation[];
  @ApiProperty({ required: false, type: [String], description: 'Of a yes: ids of the authorizations that it rests on' })
  path?: string[];
  @ApiProperty({ required: false, format: 'date-time', description: 'When this yes stops by itself' })
  validUntil?: string;
  @ApiProperty({ required: false, format: 'date-time', description: AS_OF }) asOf?: string;
}

export class AccessEvaluationAnswer {
  @ApiProperty({ description: 'Yes or no' }) decision!: boolean;
  @ApiProperty({ description: 'What it rests on' }) context!: AccessAnswerContext;
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

/** Without a level: the minimum of the service. */
export const accessMinimumExample = {
  ...accessExample,
  action: { name: 'represent', properties: { service: accessExample.action.properties.service } },
};

export const HEAD = {
  ruleSet: 'eh-1.5.1',
  position: 'N2U1YzA4YzAuMS40Mg',
  issuer: 'https://register.example',
  issuedAt: '2026-03-02T09:00:00.000Z',
  audience: 'network',
  endpoint: 'https://register.example/access/v1/evaluation',
  requestHash: 'sha-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
};

export const accessYesExample = {
  decision: true,
  context: {
    id: '8f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
    level: 'EH3',
    requiredLevel: 'EH3',
    eidas: 'substantial',
    reasons: [],
    path: ['2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44'],
    ...HEAD,
    validUntil: '2031-03-02T23:00:00.000Z',
  },
};

export const accessUnknownExample = {
  decision: false,
  context: {
    id: '7f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
    level: null,
    requiredLevel: null,
    reasons: [{ code: 'unknown-means' }],
    ...HEAD,
  },
};

export const accessAnswerExample = {
  decision: false,
  context: {
    id: '9f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
    level: 'EH2+',
    requiredLevel: 'EH3',
    reasons: [{ code: 'level-too-low', have: 'EH2+', need: 'EH3' }],
    ...HEAD,
  },
};

/** An auditor's question about an earlier moment. */
export const accessThenExample = {
  ...accessYesExample,
  context: { ...accessYesExample.context, asOf: '2026-03-01T12:00:00.000Z' },
};
