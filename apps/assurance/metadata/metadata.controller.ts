import { Controller, Get, Inject } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { Configuration } from '#libs/configuration';
import { ApiQueryOperation, CONFIGURATION } from '#libs/platform';
import type { AnswerSigner } from '../signed-answers/answer-signer.js';
import { ANSWER_SIGNER } from '../signed-answers/tokens.js';

export class AuthzenMetadata {
  @ApiProperty({ format: 'uri', description: 'The public base' }) policy_decision_point!: string;
  @ApiProperty({ format: 'uri', description: 'Where a decision is asked for' }) access_evaluation_endpoint!: string;
  @ApiProperty({ format: 'uri', description: 'Where several are asked for' }) access_evaluations_endpoint!: string;
  @ApiProperty({ format: 'uri', description: 'Who may act' }) search_subject_endpoint!: string;
  @ApiProperty({ format: 'uri', description: 'For whom a means may act' }) search_resource_endpoint!: string;
  @ApiProperty({ format: 'uri', description: 'At which services' }) search_action_endpoint!: string;
  @ApiProperty({ type: [String], description: 'What a no may ask for (Obligations profile)' })
  supported_obligations!: string[];
  @ApiProperty({ type: [String], description: 'Registered capabilities; none is registered yet' })
  capabilities!: string[];
  @ApiProperty({ description: 'The same, signed, with the public base as its `iss`: a JWT' }) signed_metadata!: string;
}

/**
 * Where to ask. Addresses come from the configured public base, never from a header of the request: whoever can choose
 * the Host header must not be able to send the network elsewhere. Only what is there is named.
 */
export const authzenMetadata = (publicBaseUrl: string) => ({
  policy_decision_point: publicBaseUrl,
  access_evaluation_endpoint: `${publicBaseUrl}/access/v1/evaluation`,
  access_evaluations_endpoint: `${publicBaseUrl}/access/v1/evaluations`,
  search_subject_endpoint: `${publicBaseUrl}/access/v1/search/subject`,
  search_resource_endpoint: `${publicBaseUrl}/access/v1/search/resource`,
  search_action_endpoint: `${publicBaseUrl}/access/v1/search/action`,
  supported_obligations: ['step-up'],
  capabilities: [],
});

@Controller('.well-known')
export class MetadataController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(ANSWER_SIGNER) private readonly signer: AnswerSigner,
  ) {}

  @Get('authzen-configuration')
  @ApiQueryOperation({
    summary: 'Where decisions are given',
    description: 'Metadata of OpenID AuthZEN.',
    scopes: 'open',
    answer: AuthzenMetadata,
    examples: { usual: { ...authzenMetadata('https://register.example'), signed_metadata: 'eyJhbGciOiJFUzI1NiJ9…' } },
  })
  async get(): Promise<AuthzenMetadata> {
    const metadata = authzenMetadata(this.configuration.publicBaseUrl);
    return {
      ...metadata,
      signed_metadata: await this.signer.token({ iss: metadata.policy_decision_point, ...metadata }),
    };
  }
}
