import {
  isSameYes,
  judgeAccess,
  unfounded,
  type AccessJudgment,
  type AccessRequest,
  type DecisionIndex,
  type UsePolicy,
} from '#libs/application';
import { instantFromEpoch, type JsonObject } from '#libs/kernel';
import { information, recordedRequest } from '../evaluate-access/decision-record.js';
import type { Question } from '../evaluate-access/give-answer.js';
import { longRecord } from '../evaluate-access/long-record.js';
import type { AccessSearch } from './access-search.js';
import type { VisibleSubjects } from './visible-subjects.js';

/** An entry that a question of its own is a yes to. */
interface Found {
  readonly candidate: Candidate;
  readonly judgment: AccessJudgment;
  readonly entry: JsonObject;
}

interface FoundPage {
  readonly found: readonly Found[];
  /** Key behind which there may be more; absent: this is the end. */
  readonly next?: string;
  /** It could not be looked. */
  readonly isWithheld?: true;
}

/** What may be found, in the order of its keys, and the question to which it is an answer. */
interface Candidate {
  readonly key: string;
  readonly request: AccessRequest;
  /** The authorizations by which it may be found; absent: by any. */
  readonly among?: ReadonlySet<string>;
  entry(judgment: AccessJudgment): JsonObject;
}

/** Candidates that are judged for one page: a page that comes to that is short, and has a token all the same. */
const MOST_JUDGED = 200;

/**
 * What a search answers: everything that the single question would be a yes to (AuthZEN 1.0), a page at a time. Never use
 * (USE-04). `subjects`: of a search of people, those whom its viewer sees (VIS-01), and by which authorizations; of
 * others nobody is found, and by others nothing is judged.
 */
export function searchQuestion(
  search: AccessSearch,
  index: DecisionIndex,
  policy: UsePolicy,
  subjects: VisibleSubjects = new Map(),
): Question<FoundPage> {
  const { searched, limit, after, tokenAfter } = search;
  const withheld: FoundPage = { found: [], next: after, isWithheld: true };

  const judged = ({ request, among }: Candidate, at: number): AccessJudgment =>
    judgeAccess(request, index, policy, at, { among, withoutRemedy: true });

  const judge = (at: number): FoundPage => {
    if (limit === 0) return { found: [], next: after };
    const found: Found[] = [];
    let last = after;
    let looked = 0;
    for (const candidate of candidatesOf(search, index, policy, subjects)) {
      if (candidate.key <= after) continue;
      if (looked++ === MOST_JUDGED) return { found, next: last };
      const judgment = judged(candidate, at);
      if (judgment.decision && found.length === limit) return { found, next: last };
      last = candidate.key;
      if (judgment.decision) found.push({ candidate, judgment, entry: candidate.entry(judgment) });
    }
    return { found };
  };

  return {
    judge: (at) => (at === undefined ? withheld : judge(at)),

    until: ({ found }) =>
      found.length === 0 ? undefined : Math.min(...found.map(({ judgment }) => judgment.validUntil!)),

    holds: ({ found }, at) => found.every(({ candidate, judgment }) => isSameYes(judgment, judged(candidate, at))),

    withheld: () => withheld,

    answer: ({ found, next, isWithheld }, head) => ({
      results: found.map(({ entry }) => entry),
      page: { next_token: next === undefined ? '' : tokenAfter(next), count: found.length },
      context: { ...head, ...(isWithheld === true ? { reasons: [{ code: 'index-not-current' }] } : {}) },
    }),

    record: ({ found, next }, { answer, ...parts }) =>
      longRecord(
        // Whether it goes on is kept, and not where: a token is for him who asked.
        {
          ...parts,
          answer: { ...answer, page: { next_token: next === undefined ? '' : NOT_KEPT, count: found.length } },
        },
        {
          event: `adl.search_${searched}`,
          isUse: false,
          traceparent: search.request.traceparent,
          request: recordedSearch(search),
          information: { position: String(parts.position) },
        },
        { name: 'results', entries: found.map(({ judgment }) => () => ({ information: information(judgment) })) },
      ),
  };
}

function* candidatesOf(
  { searched, request }: AccessSearch,
  index: DecisionIndex,
  policy: UsePolicy,
  subjects: VisibleSubjects,
): Iterable<Candidate> {
  switch (searched) {
    case 'subject':
      if (request.subject.type !== 'means') return;
      for (const [id, among] of subjects) {
        yield {
          key: id,
          among,
          request: { ...request, subject: { type: 'means', id } },
          // Until when is no part of what one is shown of others (VIS-04).
          entry: ({ level }) => ({ type: 'means', id, properties: { level } }),
        };
      }
      return;
    case 'resource': {
      const { subject, resource } = request;
      if (subject.type !== 'means' || resource.type !== 'organization') return;
      for (const party of index.represented(subject.id, policy.maxIntermediaries)) {
        const id = index.partyById(party)?.organization;
        if (id === undefined) continue;
        yield {
          key: party,
          request: { ...request, resource: { type: 'organization', id } },
          entry: (judgment) => ({ type: 'organization', id, properties: propertiesOf(judgment) }),
        };
      }
      return;
    }
    case 'action':
      for (const service of policy.serviceIds) {
        yield {
          key: service,
          request: { ...request, service, level: undefined },
          entry: (judgment) => ({ name: 'represent', properties: { service, ...propertiesOf(judgment) } }),
        };
      }
  }
}

const propertiesOf = ({ level, validUntil }: AccessJudgment): JsonObject => ({
  level,
  validUntil: instantFromEpoch(validUntil!),
});

const NOT_KEPT = '(not kept)';

const NOTHING = unfounded([]);

/** What was sent in the place of what is searched for was passed over, and is not kept. */
function recordedSearch({ searched, request, limit, viewer }: AccessSearch): JsonObject {
  const { [searched]: entity, ...rest } = recordedRequest(request, NOTHING) as Readonly<Record<string, JsonObject>>;
  const { id: _id, ...left } = entity!;
  return {
    ...rest,
    ...(searched === 'action' ? {} : { [searched]: left }),
    ...(viewer === undefined ? {} : { context: { ...rest['context'], viewer: { ...viewer } } }),
    page: { limit },
  };
}
