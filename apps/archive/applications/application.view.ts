import { ApiProperty } from '@nestjs/swagger';
import { CHECK_TYPES, MEDIA, PURPOSES, type ReceivedApplication } from '#libs/domain';

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

/** A check of the intake, by which it is asked for. */
export class ApplicationCheckView {
  @ApiProperty({ format: 'uuid', description: 'Id of the check' }) id!: string;
  @ApiProperty({ enum: CHECK_TYPES, description: 'Kind of check' }) type!: string;
}

const IDS = { type: String, format: 'uuid', isArray: true } as const;

/** An application with its checks and what came of it. */
export class ApplicationInFullView extends ApplicationView {
  @ApiProperty({ type: ApplicationCheckView, isArray: true, description: 'Its checks, newest first' })
  checks!: readonly ApplicationCheckView[];
  @ApiProperty({ ...IDS, description: 'Means that were applied for or activated on it; the first hundred' })
  means!: readonly string[];
  @ApiProperty({ ...IDS, description: 'Authorizations that were registered or activated on it; the first hundred' })
  authorizations!: readonly string[];
  @ApiProperty({ ...IDS, description: 'Requests to revoke that came in with it; the first hundred' })
  revocationRequests!: readonly string[];
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

/** The intake of a means and an authorization with it. */
export const applicationInFullExample = {
  ...applicationExample,
  checks: [{ id: '7d0f2f60-6c0c-4f3b-9a55-0d6a1c1f2b10', type: 'idDocumentStatus' }],
  means: ['5e6f7a8b-1111-4222-8333-944455566677'],
  authorizations: ['2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44'],
  revocationRequests: [],
};

/** One of which nothing came yet. */
export const bareApplicationExample = {
  ...revocationApplicationExample,
  checks: [],
  means: [],
  authorizations: [],
  revocationRequests: [],
};
