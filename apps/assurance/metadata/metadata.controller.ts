import { Controller, Get, Inject } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ApiQueryOperation, CONFIGURATION, type Configuration } from '#libs/platform';

export class AuthzenMetadata {
  @ApiProperty({ format: 'uri', description: 'The public base' }) policy_decision_point!: string;
  @ApiProperty({ format: 'uri', description: 'Where a decision is asked for' }) access_evaluation_endpoint!: string;
}

/**
 * Where to ask. Addresses come from the configured public base, never from a header of the request: whoever can choose
 * the Host header must not be able to send the network elsewhere. Only what is there is named.
 */
export const authzenMetadata = (publicBaseUrl: string): AuthzenMetadata => ({
  policy_decision_point: publicBaseUrl,
  access_evaluation_endpoint: `${publicBaseUrl}/access/v1/evaluation`,
});

@Controller('.well-known')
export class MetadataController {
  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  @Get('authzen-configuration')
  @ApiQueryOperation({
    summary: 'Where decisions are given',
    description: 'Metadata of OpenID AuthZEN.',
    scopes: 'open',
    answer: AuthzenMetadata,
    examples: { usual: authzenMetadata('https://register.example') },
  })
  get(): AuthzenMetadata {
    return authzenMetadata(this.configuration.publicBaseUrl);
  }
}
