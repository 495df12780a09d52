import { epochOf, parseInstant, type Instant } from '#libs/kernel';
import { TOLERANCE } from '#libs/domain';
import {
  invalidRequest,
  IsChoice,
  IsInstant,
  isPlainObject,
  IsText,
  named,
  notFound,
  Optional,
  parametersBeside,
  validate,
  type Fault,
} from '#libs/platform';
import { ruleSetVersions, type RuleSetVersion } from '#libs/scheme';

const VERSIONS = named('RuleSetVersion', [...ruleSetVersions], 'Version of the rules, as decisions name it');

/** What every explanation is asked with. */
export class ExplainRequest {
  @IsText(500, { description: 'Why the auditor reads this; kept with the reading' }) reason!: string;
  @IsInstant({ description: 'As of which moment; absent: now, or when the decision was answered' })
  @Optional()
  at?: Instant;
  @IsChoice(VERSIONS, { code: 'unknown-rule-set', description: 'Rules to judge by; absent: those of then' })
  @Optional()
  ruleSet?: RuleSetVersion;
}

/** Codes that an explanation may be refused with, besides those of every body. */
export const EXPLAIN_CODES = ['unknown-rule-set', 'instant-in-future', 'not-on-record-then'] as const;

/**
 * The body with every fault at once, those that only the register can find among them. `begun`: when the object came on
 * record; `undefined`: there is none of that id, which `unknown` says to who asks rightly only.
 */
export function readExplainRequest(
  { body, query }: { readonly body: unknown; readonly query: unknown },
  begun: Instant | undefined,
  now: Instant,
  unknown: string,
): ExplainRequest {
  const checked = validate(ExplainRequest, body);
  const faults: Fault[] = [...parametersBeside(query), ...checked.faults];
  const sent = isPlainObject(body) ? body['at'] : undefined;
  const at = typeof sent === 'string' ? parseInstant(sent) : undefined;
  if (at !== undefined) {
    if (epochOf(at) > epochOf(now) + TOLERANCE) faults.push({ pointer: '/at', code: 'instant-in-future' });
    else if (begun !== undefined && at < begun) faults.push({ pointer: '/at', code: 'not-on-record-then' });
  }
  if (faults.length > 0 || checked.value === undefined) throw invalidRequest(faults);
  if (begun === undefined) throw notFound(unknown);
  // What a clock of the caller's has ahead is now.
  return at !== undefined && at > now ? { ...checked.value, at: now } : checked.value;
}
