import { Controller, Get, Inject } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ApiQueryOperation, named, Section } from '#libs/platform';
import type { LiveIndex } from '../decision-index/decision-index.js';
import { LIVE_INDEX } from '../decision-index/tokens.js';

const STATUSES = named('Availability', ['available', 'limited'] as const, 'Whether decisions are available');

export class StatusView {
  @ApiProperty({ enum: STATUSES }) status!: 'available' | 'limited';
  @ApiProperty({ description: 'The same in words' }) message!: string;
}

/** Availability in plain words, for everybody; what is wrong in detail is for operations (`/health/ready`). */
@Section('status', 'Availability.')
@Controller('v1/status')
export class StatusController {
  constructor(@Inject(LIVE_INDEX) private readonly index: LiveIndex) {}

  @Get()
  @ApiQueryOperation({
    summary: 'Whether decisions are available',
    description: 'In plain words, for everybody; what is wrong in detail is for operations.',
    scopes: 'open',
    answer: StatusView,
    examples: {
      available: { status: 'available', message: 'Decisions at use are given on the current state of the register.' },
      limited: {
        status: 'limited',
        message: 'The register is catching up: until then every decision at use is a no.',
      },
    },
  })
  get(): StatusView {
    return this.index.current
      ? { status: 'available', message: 'Decisions at use are given on the current state of the register.' }
      : { status: 'limited', message: 'The register is catching up: until then every decision at use is a no.' };
  }
}
