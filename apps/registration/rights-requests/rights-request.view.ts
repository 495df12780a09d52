import { ApiProperty } from '@nestjs/swagger';
import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember, type Sealer } from '#libs/eventing';
import type { RightsRequestRow } from '#libs/application';
import {
  KEEPING_GROUNDS,
  RIGHTS_DATA_KINDS,
  RIGHTS_EFFECTS,
  RIGHTS_OUTCOMES,
  RIGHTS_REMEDIES,
  RIGHTS_ROLES,
  dataOf,
  isAnsweredLate,
  remediesOf,
  type AnsweredData,
  type ReceivedRightsRequest,
  type RightsRequestDecided,
  type RightsRequestProlonged,
} from '#libs/domain';
import { EH_LEVELS } from '#libs/scheme';
import { named } from '#libs/platform';
import { REFUSALS, STATUSES, TYPES } from './rights-request.requests.js';

const KINDS = named('RightsDataKind', RIGHTS_DATA_KINDS, 'Kinds of data that an answer tells apart');
const EFFECTS = named('RightsEffect', RIGHTS_EFFECTS, 'What becomes of data that somebody asks to erase');
const GROUNDS = named('KeepingGround', KEEPING_GROUNDS, 'Why data are kept although somebody asks to erase them');
const OUTCOMES = named('RightsOutcome', RIGHTS_OUTCOMES, 'What was decided on a request of somebody about his data');
const REMEDIES = named('RightsRemedy', RIGHTS_REMEDIES, 'Where somebody can go with an answer about his data');
const ROLES = named('RightsRole', RIGHTS_ROLES, 'As what somebody asks about data');

export class RightsSubjectView {
  @ApiProperty({ format: 'uuid', required: false, description: 'The person' }) person?: string;
  @ApiProperty({ format: 'uuid', required: false, description: 'The organization' }) party?: string;
}

export class RightsRequesterView {
  @ApiProperty({ format: 'uuid', description: 'The person who asked' }) person!: string;
  @ApiProperty({ enum: ROLES, description: 'As what' }) role!: string;
}

export class AnsweredDataView {
  @ApiProperty({ enum: KINDS, description: 'Which data' }) kind!: string;
  @ApiProperty({ enum: EFFECTS, description: 'What becomes of them' }) effect!: string;
  @ApiProperty({ type: 'integer', minimum: 1, description: 'How many there are' }) count!: number;
  @ApiProperty({ enum: GROUNDS, required: false, description: 'Why they are kept' }) ground?: string;
  @ApiProperty({ format: 'date-time', required: false, description: 'Until when at the latest; absent: not known yet' })
  until?: string;
}

export class RightsRequestListedView {
  @ApiProperty({ format: 'uuid', description: 'Id of the request' }) id!: string;
  @ApiProperty({ enum: TYPES, description: 'What is asked' }) type!: string;
  @ApiProperty({ enum: STATUSES, description: 'How far it is' }) status!: string;
  @ApiProperty({ enum: OUTCOMES, required: false, description: 'What was decided' }) outcome?: string;
  @ApiProperty({ type: RightsSubjectView, description: 'Whose data it is about' }) about!: RightsSubjectView;
  @ApiProperty({ type: RightsRequesterView, description: 'Who asked' }) requester!: RightsRequesterView;
  @ApiProperty({ format: 'date-time', description: 'When it was received' }) receivedAt!: string;
  @ApiProperty({ format: 'date-time', description: 'Before when it is answered' }) answerBefore!: string;
  @ApiProperty({ description: 'It was not answered before then' }) breached!: boolean;
  @ApiProperty({ format: 'date-time', required: false, description: 'When it was decided' }) decidedAt?: string;
}

export class RightsRequestView extends RightsRequestListedView {
  @ApiProperty({ format: 'uuid', description: 'Intake that it came in with' }) application!: string;
  @ApiProperty({ enum: EH_LEVELS, description: 'Level of the login' }) level!: string;
  @ApiProperty({
    type: AnsweredDataView,
    isArray: true,
    description: 'What becomes of which data: as it would be now, and once it is decided as it was decided',
  })
  data!: readonly AnsweredDataView[];
  @ApiProperty({ format: 'date-time', required: false, description: 'When the term was prolonged' })
  prolongedAt?: string;
  @ApiProperty({ required: false, description: 'Why it takes longer' }) prolongingReason?: string;
  @ApiProperty({ enum: REFUSALS, required: false, description: 'Ground of a refusal' }) ground?: string;
  @ApiProperty({ required: false, description: 'Why it was refused' }) reason?: string;
  @ApiProperty({
    enum: REMEDIES,
    isArray: true,
    required: false,
    description: 'Where whoever asked can go, since not all that he asked for is done (GDPR article 12(4))',
  })
  remedies?: readonly string[];
  @ApiProperty({ format: 'date-time', required: false, description: 'When it was carried out, or refused' })
  doneAt?: string;
}

export class RightsRequestAnswer extends RightsRequestView {
  @ApiProperty({ description: 'Place in the store, for `?after=`' }) position!: string;
}

export class RightsRequestPage {
  @ApiProperty({ type: RightsRequestListedView, isArray: true, description: 'Newest first' })
  items!: RightsRequestListedView[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; `null`: this is the last' })
  next!: string | null;
}

const dataView = ({ kind, effect, count, ground, until }: AnsweredData): AnsweredDataView => ({
  ...{ kind, effect, count },
  ...(ground === undefined ? {} : { ground }),
  ...(until === undefined ? {} : { until }),
});

/**
 * `history` up to where the answer is of; `foreseen`: what would become of the data now, of one that is not decided; `at`: the moment
 * that the answer is of.
 */
export async function rightsRequestView(
  sealer: Sealer,
  state: ReceivedRightsRequest,
  history: readonly Recorded<DomainEvent>[],
  foreseen: readonly AnsweredData[],
  at: Instant,
): Promise<RightsRequestView> {
  const { id, type, status, about, requester, application, level, receivedAt, answerBefore, prolongedAt } = state;
  const prolongingReason = await reasonIn(sealer, history, 'RightsRequestProlonged');
  const reason = await reasonIn(sealer, history, 'RightsRequestDecided');
  const remedies = state.status === 'received' ? [] : remediesOf(state.outcome);
  return {
    ...{
      id,
      type,
      status,
      about: { ...about },
      requester: { ...requester },
      application,
      level,
      receivedAt,
      answerBefore,
      breached: isAnsweredLate({ answerBefore, ...('decidedAt' in state ? { decidedAt: state.decidedAt } : {}) }, at),
    },
    data: (state.status === 'received' ? foreseen : dataOf(state)).map(dataView),
    ...(prolongedAt === undefined ? {} : { prolongedAt }),
    ...(prolongingReason === undefined ? {} : { prolongingReason }),
    ...(state.status === 'received'
      ? {}
      : {
          ...{ outcome: state.outcome, decidedAt: state.decidedAt },
          ...(state.ground === undefined ? {} : { ground: state.ground }),
          ...(reason === undefined ? {} : { reason }),
          ...(remedies.length === 0 ? {} : { remedies }),
        }),
    ...(state.status === 'done' ? { doneAt: state.doneAt } : {}),
  };
}

/** Absent where there is none, or its time is over. */
async function reasonIn(
  sealer: Sealer,
  history: readonly Recorded<DomainEvent>[],
  type: (RightsRequestProlonged | RightsRequestDecided)['type'],
): Promise<string | undefined> {
  const event = history.find((each) => each.type === type);
  const { reason } = (event?.data ?? {}) as RightsRequestDecided['data'];
  if (event === undefined || reason === undefined) return undefined;
  try {
    return await openMember<string>(sealer, event, 'reason', reason);
  } catch (error) {
    if (error instanceof KeyDestroyed) return undefined;
    throw error;
  }
}

export const listedRightsRequest = (row: RightsRequestRow, at: Instant): RightsRequestListedView => ({
  ...{ id: row.id, type: row.type, status: row.status },
  ...(row.outcome === null ? {} : { outcome: row.outcome }),
  about: row.person === null ? { party: row.party! } : { person: row.person },
  requester: { person: row.requester, role: row.role },
  ...{ receivedAt: row.receivedAt, answerBefore: row.answerBefore, breached: isAnsweredLate(row, at) },
  ...(row.decidedAt === null ? {} : { decidedAt: row.decidedAt }),
});

export const rightsListedExample: RightsRequestListedView = {
  id: '5f6e7d8c-2b3a-8c4d-9e5f-0a1b2c3d4e5f',
  type: 'erasure',
  status: 'received',
  about: { person: '1a2b3c4d-1111-4222-8333-944455566677' },
  requester: { person: '1a2b3c4d-1111-4222-8333-944455566677', role: 'holder' },
  receivedAt: '2026-03-02T10:12:00.000Z',
  answerBefore: '2026-04-02T22:00:00.000Z',
  breached: false,
};
export const rightsRequestExample: RightsRequestView = {
  ...rightsListedExample,
  application: '2b1f7c52-3a0e-4c57-9d35-0c3a9b1f2d44',
  level: 'EH3',
  data: [
    { kind: 'contacts', effect: 'erased', count: 2 },
    { kind: 'identity', effect: 'kept', count: 1, ground: 'inForce' },
    { kind: 'documents', effect: 'kept', count: 1, ground: 'inForce' },
    { kind: 'means', effect: 'kept', count: 1, ground: 'inForce' },
  ],
};
export const decidedRightsExample: RightsRequestView = {
  ...rightsRequestExample,
  ...{ status: 'decided', outcome: 'grantedInPart', decidedAt: '2026-03-05T09:00:00.000Z' },
  remedies: ['supervisoryAuthority', 'court'],
};
export const doneRightsExample: RightsRequestView = {
  ...decidedRightsExample,
  ...{ status: 'done', doneAt: '2026-03-05T09:00:01.000Z' },
};
export const refusedRightsExample: RightsRequestView = {
  ...rightsRequestExample,
  ...{ status: 'done', outcome: 'refused', data: [], ground: 'excessive', reason: 'Het vierde verzoek in een week' },
  ...{ decidedAt: '2026-03-05T09:00:00.000Z', doneAt: '2026-03-05T09:00:00.000Z' },
  remedies: ['supervisoryAuthority', 'court'],
};
export const prolongedRightsExample: RightsRequestView = {
  ...rightsRequestExample,
  ...{ answerBefore: '2026-06-02T22:00:00.000Z', prolongedAt: '2026-03-20T09:00:00.000Z' },
  prolongingReason: 'Uw gegevens staan in veel dossiers',
};
