import { Controller, Get, Inject } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ApiQueryOperation } from '#libs/platform';
import type { LiveIndex } from '../decision-index/decision-index.js';
import { LIVE_INDEX } from '../decision-index/tokens.js';

export class StatusView {
  @ApiProperty({ enum: ['available', 'limited'] }) status!: 'available' | 'limited';
  @ApiProperty({ description: 'The same in words' }) message!: string;
}

/** Availability in plain words, for everybody; what is wrong in detail is for operations (`/health/ready`). */
@Controller('v1/status')
export class StatusController {
  constructor(@Inject(LIVE_INDEX) private readonly index: LiveIndex) {}

  @Get()
  @ApiQueryOperation({
    summary: 'Whether decisions are available',
    scopes: 'open',
    answer: StatusView,
    example: { status: 'available', message: 'Decisions at use are given on the current state of the register.' },
  })
  get(): StatusView {
    return this.index.current
      ? { status: 'available', message: 'Decisions at use are given on the current state of the register.' }
      : { status: 'limited', message: 'The register is catching up: until then every decision at use is a no.' };
  }
}
