import { status, type handleBidiStreamingCall, type handleClientStreamingCall } from '@grpc/grpc-js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import type { DoubleLog, Expected, ProposedEvent, Verdict } from './double-log.js';
import type { Faults } from './faults.js';
import { expectedOf, identifierOf, nameOf, NONE, proposedOf, refusal, streamDeleted } from './messages.js';

/** Most bytes of one append, its types counted twice. */
export const MOST_APPENDED = 1_048_576;

const sizeOf = (events: readonly ProposedEvent[]): number =>
  events.reduce((total, { type, metadata, data }) => total + type.length * 2 + metadata.length + data.length, 0);

export interface Writing {
  readonly log: DoubleLog;
  readonly faults: Faults;
  /** Holds a call back for as long as the faults say. */
  readonly wait: () => Promise<void>;
  /** Told after an append: servers write something of their own now and then. */
  readonly afterAppend: () => void;
}

type Refused = Extract<Verdict, { readonly is: 'wrong-version' | 'deleted' }> | { readonly is: 'too-large' };
type Outcome =
  Refused | Extract<Verdict, { readonly revision: number }> | { readonly is: 'answer-lost' } | { readonly is: 'never' };

function write(
  { log, faults, afterAppend }: Writing,
  stream: string,
  expected: Expected,
  events: ProposedEvent[],
): Outcome {
  if (sizeOf(events) > MOST_APPENDED) return { is: 'too-large' };
  if (faults.swallowAppends > 0) {
    faults.swallowAppends -= 1;
    return { is: 'never' };
  }
  const verdict = log.append(stream, expected, events);
  if (verdict.is === 'written') afterAppend();
  if (faults.loseAnswers === 0) return verdict;
  faults.loseAnswers -= 1;
  return { is: 'answer-lost' };
}

const lost = (): ReturnType<typeof refusal> => refusal(status.UNAVAILABLE, 'Connection dropped');
const tooLarge = (): ReturnType<typeof refusal> =>
  refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${MOST_APPENDED} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(MOST_APPENDED),
  });

/** One append in a call of its own: options first, then event after event. */
export const appending =
  (writing: Writing, refuse: (call: Parameters<handleClientStreamingCall<AppendReq, AppendResp>>[0]) => unknown) =>
  (...[call, answer]: Parameters<handleClientStreamingCall<AppendReq, AppendResp>>): void => {
    const refused = refuse(call);
    if (refused !== undefined) return answer(refused as Parameters<typeof answer>[0]);
    let options: AppendReq.Options | undefined;
    const events: ProposedEvent[] = [];
    call.on('data', (request: AppendReq) => {
      const message = request.getProposedMessage();
      if (message === undefined) options = request.getOptions();
      else events.push(proposedOf(message));
    });
    call.on('error', () => undefined);
    call.on('end', () => {
      void writing.wait().then(() => {
        if (call.cancelled || options === undefined) return;
        const name = nameOf(options.getStreamIdentifier());
        const expected = expectedOf(options, options.getRevision());
        const outcome = write(writing, name, expected, events);
        switch (outcome.is) {
          case 'never':
            return;
          case 'answer-lost':
            return answer(lost());
          case 'too-large':
            return answer(tooLarge());
          case 'deleted':
            return answer(streamDeleted(name));
          case 'written':
          case 'repeated': {
            const success = new streamsPb.AppendResp.Success();
            success.setCurrentRevision(outcome.revision < 0 ? NONE : String(outcome.revision));
            if (outcome.position === undefined) success.setNoPosition(new sharedPb.Empty());
            else {
              const position = new streamsPb.AppendResp.Position();
              position.setCommitPosition(String(outcome.position));
              position.setPreparePosition(String(outcome.position));
              success.setPosition(position);
            }
            return answer(null, new streamsPb.AppendResp().setSuccess(success));
          }
          case 'wrong-version': {
            const wrong = new streamsPb.AppendResp.WrongExpectedVersion();
            if (outcome.current < 0) wrong.setCurrentNoStream(new sharedPb.Empty());
            else wrong.setCurrentRevision(String(outcome.current));
            if (expected === 'no-stream') wrong.setExpectedNoStream(new sharedPb.Empty());
            else if (expected === 'any') wrong.setExpectedAny(new sharedPb.Empty());
            else if (expected === 'stream-exists') wrong.setExpectedStreamExists(new sharedPb.Empty());
            else wrong.setExpectedRevision(String(expected));
            return answer(null, new streamsPb.AppendResp().setWrongExpectedVersion(wrong));
          }
        }
      });
    });
  };

/** Many appends over one call, told apart by their correlation ids. */
export const batchAppending =
  (
    writing: Writing,
    refuse: (call: Parameters<handleBidiStreamingCall<BatchAppendReq, BatchAppendResp>>[0]) => unknown,
  ) =>
  (call: Parameters<handleBidiStreamingCall<BatchAppendReq, BatchAppendResp>>[0]): void => {
    const refused = refuse(call);
    if (refused !== undefined) return void call.emit('error', refused);
    const open = new Map<string, { options: BatchAppendReq.Options; events: ProposedEvent[] }>();
    call.on('error', () => undefined);
    call.on('end', () => call.end());
    call.on('data', (request: BatchAppendReq) => {
      const key = Buffer.from(request.getCorrelationId()!.serializeBinary()).toString('hex');
      const append = open.get(key) ?? { options: request.getOptions()!, events: [] };
      open.set(key, append);
      append.events.push(...request.getProposedMessagesList().map(proposedOf));
      if (!request.getIsFinal()) return;
      open.delete(key);
      void writing.wait().then(() => {
        const { options, events } = append;
        const name = nameOf(options.getStreamIdentifier());
        const expected = expectedOf(options, options.getStreamPosition());
        const outcome = write(writing, name, expected, events);
        if (outcome.is === 'never' || call.cancelled) return;
        if (outcome.is === 'answer-lost') return void call.emit('error', lost());
        const response = new streamsPb.BatchAppendResp();
        response.setCorrelationId(request.getCorrelationId());
        response.setStreamIdentifier(identifierOf(name));
        if ('revision' in outcome) {
          const success = new streamsPb.BatchAppendResp.Success();
          success.setCurrentRevision(outcome.revision < 0 ? NONE : String(outcome.revision));
          if (outcome.position === undefined) success.setNoPosition(new emptyPb.Empty());
          else {
            const position = new sharedPb.AllStreamPosition();
            position.setCommitPosition(String(outcome.position));
            position.setPreparePosition(String(outcome.position));
            success.setPosition(position);
          }
          response.setSuccess(success);
        } else response.setError(batchError(outcome, name, expected));
        call.write(response);
      });
    });
  };

function batchError(outcome: Refused, name: string, expected: Expected): InstanceType<typeof statusPb.Status> {
  const error = new statusPb.Status();
  const details = new anyPb.Any();
  const pack = (message: { serializeBinary(): Uint8Array }, type: string): void =>
    details.pack(message.serializeBinary(), `event_store.client.${type}`);
  switch (outcome.is) {
    case 'too-large':
      pack(new sharedPb.MaximumAppendSizeExceeded().setMaxappendsize(MOST_APPENDED), 'MaximumAppendSizeExceeded');
      break;
    case 'deleted':
      pack(new sharedPb.StreamDeleted().setStreamIdentifier(identifierOf(name)), 'StreamDeleted');
      break;
    case 'wrong-version': {
      const wrong = new sharedPb.WrongExpectedVersion();
      if (outcome.current < 0) wrong.setCurrentNoStream(new emptyPb.Empty());
      else wrong.setCurrentStreamRevision(String(outcome.current));
      if (expected === 'no-stream') wrong.setExpectedNoStream(new emptyPb.Empty());
      else if (expected === 'any') wrong.setExpectedAny(new emptyPb.Empty());
      else if (expected === 'stream-exists') wrong.setExpectedStreamExists(new emptyPb.Empty());
      else wrong.setExpectedStreamPosition(String(expected));
      pack(wrong, 'WrongExpectedVersion');
      break;
    }
  }
  return error.setDetails(details);
}
