import { ApiProperty } from '@nestjs/swagger';
import type { DomainEvent, Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember, type Sealer } from '#libs/eventing';
import { keptObject, type LegalHoldRow } from '#libs/application';
import type { LegalHoldEvent, RecordedLegalHold } from '#libs/domain';
import { named } from '#libs/platform';
import { HELD } from './legal-hold.requests.js';

const STATUSES = named('LegalHoldStatus', ['standing', 'lifted', 'lapsed'] as const, 'Whether a legal hold stands');

export class HeldObjectView {
  @ApiProperty({ enum: HELD, description: 'What it is' }) kind!: string;
  @ApiProperty({ format: 'uuid', description: 'Its id' }) id!: string;
}

export class LegalHoldListedView {
  @ApiProperty({ format: 'uuid', description: 'Id of the hold' }) id!: string;
  @ApiProperty({ enum: STATUSES, description: 'Whether it stands' }) status!: string;
  @ApiProperty({ type: HeldObjectView, description: 'What it stands on' }) on!: HeldObjectView;
  @ApiProperty({ format: 'date-time', description: 'When it was set' }) setAt!: string;
  @ApiProperty({ format: 'date-time', required: false, description: 'When it was lifted' }) liftedAt?: string;
}

export class LegalHoldView extends LegalHoldListedView {
  @ApiProperty({ description: 'Why it was set' }) reason!: string;
  @ApiProperty({ required: false, description: 'Why it was lifted' }) liftingReason?: string;
}

export class LegalHoldAnswer extends LegalHoldView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export class LegalHoldPage {
  @ApiProperty({ type: LegalHoldListedView, isArray: true, description: 'Newest first; without the reasons' })
  items!: LegalHoldListedView[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}

const briefly = (state: RecordedLegalHold): LegalHoldListedView => ({
  ...{ id: state.id, status: state.status, on: { kind: state.on.kind, id: state.on.id }, setAt: state.setAt },
  ...(state.status === 'lifted' ? { liftedAt: state.liftedAt } : {}),
});

/** `history` up to where the answer is of. */
export async function legalHoldView(
  sealer: Sealer,
  state: RecordedLegalHold,
  history: readonly Recorded<DomainEvent>[],
): Promise<LegalHoldView> {
  const [reason = '', liftingReason] = await Promise.all(
    history.map(async (event) => {
      const said = event as unknown as LegalHoldEvent;
      if (said.type === 'LegalHoldLapsed') return undefined;
      const { reason: sealed } = said.data;
      try {
        return await openMember<string>(sealer, event, 'reason', sealed);
      } catch (error) {
        if (error instanceof KeyDestroyed) return '';
        throw error;
      }
    }),
  );
  return {
    ...briefly(state),
    reason,
    ...(state.status === 'lifted' && liftingReason !== undefined ? { liftingReason } : {}),
  };
}

export const listedLegalHold = ({ id, standing, on, setAt, liftedAt }: LegalHoldRow): LegalHoldListedView => ({
  ...{ id, status: standing ? 'standing' : 'lifted', on: keptObject(on), setAt },
  ...(liftedAt === null ? {} : { liftedAt }),
});

export const legalHoldExample: LegalHoldView = {
  id: '4d5e6f70-1a2b-8c3d-9e4f-5a6b7c8d9e0f',
  status: 'standing',
  on: { kind: 'authorization', id: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44' },
  setAt: '2026-03-02T10:12:00.000Z',
  reason: 'Rechtbank Midden-Nederland, zaak C/16/1234',
};
export const liftedLegalHoldExample: LegalHoldView = {
  ...legalHoldExample,
  ...{ status: 'lifted', liftedAt: '2027-01-12T09:00:00.000Z', liftingReason: 'Het vonnis is onherroepelijk' },
};
const { reason: _reason, ...inBrief } = legalHoldExample;
export const legalHoldListedExample: LegalHoldListedView = inBrief;
