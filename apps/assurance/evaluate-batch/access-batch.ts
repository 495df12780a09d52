import { PHRASES, type Fault } from '#libs/platform';
import {
  isObject,
  noObject,
  readAccessRequest,
  type Members,
  type ReadRequest,
} from '../evaluate-access/access-request.js';

export const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
export type Semantic = (typeof SEMANTICS)[number];

/** Questions in one call. */
export const MOST_QUESTIONS = 100;

/** Several questions of one call; each is read on its own, and one that is faulty does not spoil the others. */
export interface AccessBatch {
  readonly semantic: Semantic;
  readonly questions: readonly ReadRequest[];
  /** Trace that the call itself names. */
  readonly traceparent: string | undefined;
}

/** Members of the body that are defaults of every question. */
const DEFAULTS = ['subject', 'action', 'resource', 'context'] as const;

/**
 * Reads the body of a batch to the letter of AuthZEN 1.0. Without `evaluations`, or with none in it, it is the body of a
 * single question: `undefined`.
 */
export function readAccessBatch(
  body: unknown,
): { readonly batch: AccessBatch } | { readonly faults: readonly Fault[] } | undefined {
  if (!isObject(body)) return noObject(body, '');
  const { evaluations, options } = body;
  const isSingle = evaluations === undefined || (Array.isArray(evaluations) && evaluations.length === 0);
  const faults: Fault[] = isSingle ? [...faultsOfSingle(body)] : [];
  const wrongType = (pointer: string, detail: Fault['detail']): void => {
    faults.push({ pointer, code: 'wrong-type', ...(detail === undefined ? {} : { detail }) });
  };
  for (const name of isSingle ? [] : DEFAULTS) {
    if (body[name] !== undefined && !isObject(body[name])) wrongType(`/${name}`, PHRASES.object());
  }
  if (!isSingle && !Array.isArray(evaluations)) wrongType('/evaluations', undefined);
  else if (Array.isArray(evaluations) && evaluations.length > MOST_QUESTIONS) {
    faults.push({ pointer: '/evaluations', code: 'invalid-value', detail: PHRASES.atMost(MOST_QUESTIONS) });
  }
  if (options !== undefined && !isObject(options)) wrongType('/options', PHRASES.object());
  const sent = isObject(options) ? options['evaluations_semantic'] : undefined;
  const semantic = sent === undefined ? 'execute_all' : sent;
  if (!isSemantic(semantic)) {
    faults.push({
      pointer: '/options/evaluations_semantic',
      code: typeof semantic === 'string' ? 'invalid-value' : 'wrong-type',
      detail: PHRASES.choice(SEMANTICS),
    });
    return { faults };
  }
  if (faults.length > 0) return { faults };
  if (isSingle) return undefined;
  const context = body['context'] as Members | undefined;
  const traceparent = context?.['traceparent'];
  return {
    batch: {
      semantic,
      questions: (evaluations as readonly unknown[]).map((item, place) =>
        isObject(item)
          ? readAccessRequest(merged(body, item), `/evaluations/${place}`)
          : noObject(item, `/evaluations/${place}`),
      ),
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    },
  };
}

const faultsOfSingle = (body: Members): readonly Fault[] => {
  const read = readAccessRequest(body);
  return 'faults' in read ? read.faults : [];
};

const isSemantic = (value: unknown): value is Semantic => (SEMANTICS as readonly unknown[]).includes(value);

/**
 * A question with the defaults of its call. What it has itself takes the place of a default as a whole, but that the type
 * of an entity may be left to the default beside an id of its own (openid/authzen #640).
 */
function merged(defaults: Members, item: Members): Members {
  // What is `null` was sent, and is of another type.
  const own = (name: string): unknown => (item[name] === undefined ? defaults[name] : item[name]);
  const entity = (name: string): unknown => {
    const [asked, usual] = [own(name), defaults[name]];
    const leavesType = isObject(asked) && asked['type'] === undefined && asked['id'] !== undefined;
    return leavesType && isObject(usual) && usual['type'] !== undefined ? { ...asked, type: usual['type'] } : asked;
  };
  return {
    subject: entity('subject'),
    action: own('action'),
    resource: entity('resource'),
    context: own('context'),
  };
}
