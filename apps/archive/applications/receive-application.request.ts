import type { Instant } from '#libs/kernel';
import { PURPOSES, type Purpose } from '#libs/domain';
import { IsChoice, IsChoiceList, IsInstant, IsText, Optional } from '#libs/platform';

export class ReceiveApplicationRequest {
  @IsChoice(['electronic', 'nonElectronic'], { description: 'How it came in (REG-03)' })
  channel!: 'electronic' | 'nonElectronic';

  @IsInstant({ description: 'Arrival at the participant, not data entry' })
  receivedAt!: Instant;

  @IsChoiceList(PURPOSES, { least: 1, most: PURPOSES.length, description: 'What it is for' })
  purposes!: Purpose[];

  @IsText(500, { description: 'Why something older than 31 days is entered now' })
  @Optional()
  lateEntryReason?: string;
}
