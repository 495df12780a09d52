import { ApiProperty } from '@nestjs/swagger';
import { MEDIA, PURPOSES, type ReceivedApplication } from '#libs/domain';

/** An application as it is shown. */
export class ApplicationView {
  @ApiProperty({ format: 'uuid', description: 'Id of the application' }) id!: string;
  @ApiProperty({ enum: ['electronic', 'nonElectronic'] }) channel!: string;
  @ApiProperty({ enum: MEDIA, required: false, description: 'How the request came, where it was said' })
  medium?: string;
  @ApiProperty({ format: 'date-time', description: 'Arrival at the participant' }) receivedAt!: string;
  @ApiProperty({ enum: PURPOSES, isArray: true, description: 'What it is for' }) purposes!: readonly string[];
  @ApiProperty({ description: 'Entered more than 31 days after it arrived' }) late!: boolean;
}

export class ApplicationAnswer extends ApplicationView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export const applicationView = ({
  id,
  channel,
  medium,
  receivedAt,
  purposes,
  late,
}: Omit<ReceivedApplication, 'status'>): ApplicationView => ({
  id,
  channel,
  ...(medium === undefined ? {} : { medium }),
  receivedAt,
  purposes,
  late,
});

export const applicationExample = {
  id: '0f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  channel: 'nonElectronic',
  receivedAt: '2026-03-02T08:00:00.000Z',
  purposes: ['means', 'registration'],
  late: false,
};

/** A request to revoke that came in by telephone. */
export const revocationApplicationExample = {
  ...applicationExample,
  id: '1f8b6c1e-5a0e-4c57-9d35-0c3a9b1f2d44',
  medium: 'telephone',
  purposes: ['revocation'],
};
