import type { Instant } from '#libs/kernel';
import { lacksMedium, MEDIA, PURPOSES, PURPOSES_WITH_MEDIUM, type Medium, type Purpose } from '#libs/domain';
import { Condition, IsChoice, IsChoiceList, IsInstant, IsText, Optional, OptionalUnless, Refers } from '#libs/platform';

@Condition({
  if: {
    properties: { purposes: { contains: { enum: [...PURPOSES_WITH_MEDIUM] } } },
    required: ['purposes'],
  },
  then: { required: ['medium'] },
})
export class ReceiveApplicationRequest {
  @IsChoice(['electronic', 'nonElectronic'], { description: 'How it came in (REG-03)' })
  channel!: 'electronic' | 'nonElectronic';

  @IsChoice(MEDIA, {
    description: `How the request came; required with the purposes ${PURPOSES_WITH_MEDIUM.join(', ')}`,
  })
  @OptionalUnless(({ purposes }: ReceiveApplicationRequest) => Array.isArray(purposes) && lacksMedium({ purposes }))
  medium?: Medium;

  @Refers('happened')
  @IsInstant({ description: 'Arrival at the participant, not data entry' })
  receivedAt!: Instant;

  @IsChoiceList(PURPOSES, { least: 1, most: PURPOSES.length, description: 'What it is for' })
  purposes!: Purpose[];

  @IsText(500, { description: 'Why something older than 31 days is entered now' })
  @Optional()
  lateEntryReason?: string;
}
