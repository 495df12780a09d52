import { randomUUID } from 'node:crypto';
import { epochOf, instantFromEpoch, type Instant, type JsonObject } from '#libs/kernel';
import { actorOf, type Backbone, type RequestContext, type UsePolicy } from '#libs/application';
import { positionText } from '#libs/composition';
import type { RecordToAppend } from '#libs/eventing';
import type { WrittenAnswer } from '#libs/platform';
import type { LiveIndex } from '../decision-index/decision-index.js';
import type { AnswerSigner } from '../signed-answers/answer-signer.js';
import { keptRequestId, type RecordParts, type RequestIds } from './decision-record.js';

/** Where it can be asked. The same body is another question at another address. */
export type AccessEndpoint =
  '/access/v1/evaluation' | '/access/v1/evaluations' | `/access/v1/search/${'subject' | 'resource' | 'action'}`;

/** Who asks, and by what the question is known. */
export interface Asker {
  readonly caller: RequestContext;
  readonly ids: RequestIds;
  /** Asked by an auditor: recorded as his reading and never as use (interfaces.md §7). */
  readonly reading: boolean;
  readonly endpoint: AccessEndpoint;
  /** Of the body as it came in. */
  readonly requestHash: string;
}

/** What every answer says of itself, so that it can't be shown for another one. */
export type AnswerHead = {
  /** The record. */
  readonly id: string;
  readonly ruleSet: string;
  readonly position: string;
  readonly issuer: string;
  readonly issuedAt: Instant;
  /** Whom it was given to. */
  readonly audience: string;
  /** Where it was asked, as the metadata name it. */
  readonly endpoint: string;
};

/** The answer of any form. */
export type Answer = JsonObject & { readonly context: JsonObject };

/** A question of any form: how it is judged, answered and recorded. */
export interface Question<Judged> {
  /** What the index says at `at`, in one go; `undefined` for `at`: nothing may be said yes to. */
  judge(at: number | undefined): Judged;
  /** Until when all it says yes to stays so by itself, in milliseconds since 1970; `undefined`: it says yes to nothing. */
  until(judged: Judged): number | undefined;
  /** Whether everything that `judged` says yes to is the same yes at `at`: at its level, by its path, until its end. */
  holds(judged: Judged, at: number): boolean;
  /** The same without any yes. */
  withheld(judged: Judged): Judged;
  answer(judged: Judged, head: AnswerHead): Answer;
  /** A long one is made bit by bit, so that others are answered meanwhile. */
  record(judged: Judged, parts: RecordParts): RecordToAppend | Promise<RecordToAppend>;
}

/** How often a question is judged anew whose yes was overtaken, before it is a no. */
const TRIES = 3;

export type GiveAnswer = <Judged>(question: Question<Judged>, asker: Asker) => Promise<WrittenAnswer>;

/**
 * Gives signed answers. The record is durable before the answer is given; when it can't be written the error of the record
 * log goes to the caller (503) and there is no answer.
 */
export function answerGiver(
  backbone: Backbone,
  index: LiveIndex,
  policy: UsePolicy,
  signer: Pick<AnswerSigner, 'ready'>,
  issuer: string,
): GiveAnswer {
  return async (question, { caller, ids: sent, reading, endpoint, requestHash }) => {
    const actor = await actorOf(backbone, caller);
    const { requestId } = sent;
    const ids =
      requestId === undefined ? sent : { ...sent, requestId: await keptRequestId(requestId, backbone.secrets) };
    const judge = (at: number): ReturnType<typeof question.judge> => question.judge(index.current ? at : undefined);

    const record = async (at: number, judged: ReturnType<typeof question.judge>) => {
      // From the judgement to here nothing waits: time, index, position and lease are of one moment.
      const { position, lease } = index;
      const id = randomUUID();
      const answer = question.answer(judged, {
        id,
        ruleSet: policy.rules.version,
        position: positionText(backbone.identity, position),
        issuer,
        issuedAt: instantFromEpoch(at),
        audience: caller.client,
        endpoint: `${issuer}${endpoint}`,
      });
      // Not in the record: by a hash of the whole body, names and numbers that are not kept could be guessed.
      const given: Answer = { ...answer, context: { ...answer.context, requestHash } };
      const parts: RecordParts = {
        ...{ id, kind: reading ? 'reading' : 'decision', at, position, identity: backbone.identity },
        ...{ policy, ids, actor, answer },
      };
      const named = question.until(judged) === undefined || lease === undefined ? {} : { lease };
      const writing = question.record(judged, parts);
      const toAppend = writing instanceof Promise ? await writing : writing;
      // Signed while it is written: neither waits for the other.
      const [place, written] = await Promise.all([
        backbone.records.append({ ...toAppend, ...named }),
        sign(JSON.stringify(given)),
      ]);
      const stands = place.leaseUntil !== undefined && place.recordedAt < place.leaseUntil;
      return { written, stands, position };
    };

    // Before anything is recorded: what can't be signed is no use.
    const sign = await signer.ready();
    let at = epochOf(backbone.now());
    let judged = judge(at);
    for (let tries = 1; ; tries++) {
      const { written, stands, position } = await record(at, judged);
      const until = question.until(judged);
      if (until === undefined) return written;

      // Writing the record may have taken long enough for a revocation to be answered: that yes must not leave any more.
      // Who answered it either waited until the index had seen it, or took our lease away, which came back with the record.
      at = epochOf(backbone.now());
      // Where the index has not moved, it says what it said.
      if (stands && index.current && (index.position === position ? at < until : question.holds(judged, at))) {
        return written;
      }
      const again = judge(at);
      // The first record stays, and what is given instead has one of its own.
      judged = stands && tries < TRIES ? again : question.withheld(again);
    }
  };
}
