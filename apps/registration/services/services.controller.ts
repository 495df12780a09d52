import { Controller, Get, Inject } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { Backbone } from '#libs/application';
import { BACKBONE, checkAfter } from '#libs/composition';
import { After, ApiQueryOperation, Section } from '#libs/platform';
import { EH_LEVELS } from '#libs/scheme';

class MinimumLevelView {
  @ApiProperty({ format: 'date-time', description: 'In force from here on' }) from!: string;
  @ApiProperty({ enum: EH_LEVELS, description: 'Least level' }) level!: string;
}
class ServiceView {
  @ApiProperty({
    example: 'urn:etoegang:DV:00000099800000001000:services:1',
    description: 'Id in the service catalogue',
  })
  id!: string;
  @ApiProperty({ description: 'Name that people know it by' }) name!: string;
  @ApiProperty({ description: 'OIN of the service provider' }) provider!: string;
  @ApiProperty({ description: 'Name of the service provider' }) providerName!: string;
  @ApiProperty({ description: 'Takes chain authorizations (CHAIN-13)' }) chainSupported!: boolean;
  @ApiProperty({ type: MinimumLevelView, isArray: true, description: 'Dated minimum levels (LVL-04)' })
  minimumLevels!: readonly MinimumLevelView[];
}
class ServiceList {
  @ApiProperty({ type: ServiceView, isArray: true, description: 'All services' }) items!: readonly ServiceView[];
  @ApiProperty({ description: 'Version of the catalogue' }) version!: string;
}

@Section('services', 'The service catalogue: what an authorization may be for.')
@Controller('v1/services')
export class ServicesController {
  constructor(@Inject(BACKBONE) private readonly backbone: Backbone) {}

  @Get()
  @ApiQueryOperation({
    summary: 'The service catalogue',
    description: 'Services that an authorization may be for. It comes with the release.',
    scopes: ['registration'],
    answer: ServiceList,
    examples: {
      one: {
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
