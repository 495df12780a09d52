import { Controller, Get, Inject } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { Backbone } from '#libs/application';
import { BACKBONE, checkAfter } from '#libs/composition';
import { After, ApiQueryOperation } from '#libs/platform';

class ServiceView {
  @ApiProperty({ example: 'urn:etoegang:DV:00000099800000001000:services:1' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'OIN of the service provider' }) provider!: string;
  @ApiProperty() providerName!: string;
  @ApiProperty({ description: 'Takes chain authorizations (CHAIN-13)' }) chainSupported!: boolean;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    isArray: true,
    description: 'Dated minimum levels (LVL-04)',
  })
  minimumLevels!: readonly object[];
}
class ServiceList {
  @ApiProperty({ type: ServiceView, isArray: true }) items!: readonly ServiceView[];
  @ApiProperty({ description: 'Version of the catalogue' }) version!: string;
}

@Controller('v1/services')
export class ServicesController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Get()
  @ApiQueryOperation({
    summary: 'The service catalogue',
    scopes: ['registration'],
    answer: ServiceList,
    example: {
      items: [
        {
          id: 'urn:etoegang:DV:00000099800000001000:services:1',
          name: 'Mijn DUO',
          provider: '00000099800000001000',
          providerName: 'Dienst Uitvoering Onderwijs',
          chainSupported: false,
          minimumLevels: [{ from: '2020-01-01T00:00:00.000Z', level: 'EH3' }],
        },
      ],
      version: '2026-11-01',
    },
  })
  async list(@After() after: string | undefined): Promise<ServiceList> {
    await checkAfter(this.backbone, after);
    const { governance } = this.backbone;
    return {
      items: governance.services.map(({ id, name, provider, providerName, chainSupported, minimumLevels }) => ({
        id,
        name,
        provider,
        providerName,
        chainSupported,
        minimumLevels,
      })),
      version: governance.version,
    };
  }
}
