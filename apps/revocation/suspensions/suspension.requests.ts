import { BLOCKING_REASONS, type BlockingReason } from '#libs/domain';
import {
  Condition,
  IsChoice,
  IsUuidList,
  IsUuidString,
  Nested,
  OneOf,
  Optional,
  Refers,
  isPlainObject,
  named,
  type Fault,
} from '#libs/platform';
import { REQUESTER_ROLES } from '../revocation-requests/revocation-request.view.js';

/** Those who may ask for a revocation, and the operator himself (REV-10). */
export const SUSPENSION_ROLES = [...REQUESTER_ROLES, 'operator'] as const;
named('SuspensionRole', SUSPENSION_ROLES, 'In which role somebody suspends or lifts a suspension');

@OneOf({ AuthorizationToSuspend: ['authorization'], MeansToSuspend: ['means'] })
class SuspensionObject {
  @Refers('authorization')
  @IsUuidString({ description: 'The authorization' })
  @Optional()
  authorization?: string;
  @Refers('means')
  @IsUuidString({ description: 'Or the means' })
  @Optional()
  means?: string;
}

@Condition({
  if: { properties: { role: { enum: ['court', 'operator'] } }, required: ['role'] },
  else: { required: ['person'] },
})
class SuspensionRequester {
  @IsChoice(SUSPENSION_ROLES, { description: 'In which role he asks (SUS-02, SUS-03, REV-10)' })
  role!: (typeof SUSPENSION_ROLES)[number];
  @Refers('person')
  @IsUuidString({ description: 'Who asks; a court and the operator have no person' })
  @Optional()
  person?: string;
}

class SuspensionMembers {
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `suspension`; gives channel and moment of receipt' })
  application!: string;
  @Nested(() => SuspensionObject, { description: 'An authorization or a means' }) object!: SuspensionObject;
  @Nested(() => SuspensionRequester, { description: 'Who asks' }) requester!: SuspensionRequester;
  @Refers('check')
  @IsUuidList({ least: 0, most: 50, description: 'Checks that show that he may; the operator names none' })
  checks!: string[];
}

export class SuspendRequest extends SuspensionMembers {
  @IsChoice(BLOCKING_REASONS, { description: 'Why the operator blocks: with role `operator`, and only then (REV-10)' })
  @Optional()
  reason?: BlockingReason;

  static between(request: SuspendRequest): readonly Fault[] {
    const isOperator = isPlainObject(request.requester) && request.requester.role === 'operator';
    const misplaced = isOperator === (request.reason !== undefined);
    return [
      ...together(request),
      ...(misplaced
        ? []
        : isOperator
          ? [
              fault(
                '/reason',
                'is required: the operator says why',
                'is verplicht: de exploitant zegt waarom',
                'required',
              ),
            ]
          : [fault('/reason', 'is the operator’s only', 'is alleen voor de exploitant')]),
    ];
  }
}

export class ReinstateRequest extends SuspensionMembers {
  @Refers('application')
  @IsUuidString({ description: 'Intake with purpose `reinstatement`; gives channel and moment of receipt' })
  declare application: string;

  static between(request: ReinstateRequest): readonly Fault[] {
    return together(request);
  }
}

/** Whatever else is wrong it is called, and a member may be of any type. */
function together({ object, requester, checks }: SuspensionMembers): readonly Fault[] {
  const isOne = !isPlainObject(object) || (object['authorization'] === undefined) !== (object['means'] === undefined);
  const { role, person }: Partial<SuspensionRequester> = isPlainObject(requester) ? requester : {};
  const hasNone = role === 'court' || role === 'operator';
  const isNobody = role !== undefined && !hasNone && person === undefined;
  const namesChecks = role === 'operator' && Array.isArray(checks) && checks.length > 0;
  return [
    ...(isOne ? [] : [fault('/object', 'either authorization or means', 'ofwel authorization ofwel means')]),
    ...(isNobody
      ? [
          fault(
            '/requester/person',
            'is required: only a court and the operator have no person',
            'is verplicht: alleen een rechtbank en de exploitant hebben geen persoon',
            'required',
          ),
        ]
      : []),
    ...(namesChecks
      ? [fault('/checks', 'are not asked of the operator', 'worden van de exploitant niet gevraagd')]
      : []),
  ];
}

const fault = (pointer: string, en: string, nl: string, code = 'invalid-value'): Fault => ({
  ...{ pointer, code },
  detail: { en, nl },
  inWords: { reason: { en, nl } },
});
