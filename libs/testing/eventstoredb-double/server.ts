import {
  Server,
  ServerCredentials,
  status,
  type handleUnaryCall,
  type ServiceDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import featuresPb from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { setTimeout as delay } from 'node:timers/promises';
import { DataFile } from './data-file.js';
import { DoubleLog, systemEvent, type Verdict } from './double-log.js';
import { noFaults, refused, type Address, type Credentials, type Faults } from './faults.js';
import { expectedOf, nameOf, refusal, streamDeleted, uuidOf } from './messages.js';
import { answerRead, type Call } from './reading.js';
import { appending, batchAppending } from './writing.js';

/** Most bytes of one message that the server takes; more is refused by the protocol itself. */
const MOST_RECEIVED = 4 * 1024 * 1024;
/** After so many appends the server writes statistics of its own. */
const STATISTICS_EVERY = 5;

export interface Member extends Address {
  readonly state: 'leader' | 'follower';
  readonly isAlive: boolean;
}

export interface DoubleOptions {
  /** Default: one that is free. */
  readonly port?: number;
  /** Keeps the log in this file, so that it outlives the process; without it it is in memory. */
  readonly data?: string;
  /** Every append is forced to the disk before it is answered. */
  readonly sync?: boolean;
  /** Certificate and key (PEM). Without them connections are in the clear, and nobody is asked who he is. */
  readonly tls?: { readonly certificate: Buffer; readonly key: Buffer };
  readonly credentials?: Credentials;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** A server that behaves on the wire as EventStoreDB was seen to (the adapter's README), for tests. */
export interface EventStoreDbDouble {
  readonly port: number;
  /** Connection string for `@eventstore/db-client`. */
  readonly url: string;
  readonly log: DoubleLog;
  /** What goes wrong; to be set at any time. */
  readonly faults: Faults;
  /** Readings and subscriptions that are not over. */
  openReadings(): number;
  /** The nodes of the cluster as gossip tells them; alone, this one leads. */
  members: readonly Member[];
  /** Writes an event as the server itself does. */
  writeSystemEvent(stream?: string): void;
  /** Ends every subscription with an error. */
  dropSubscriptions(): void;
  /** The log as it was when its newest event was the one at this position. Nobody is told. */
  putBack(position: bigint): void;
  close(): Promise<void>;
}

export async function startEventStoreDbDouble(options: DoubleOptions = {}): Promise<EventStoreDbDouble> {
  const clock = options.clock ?? ((): number => Date.now());
  const file = options.data === undefined ? undefined : new DataFile(options.data, options.sync ?? false);
  const log = new DoubleLog({ now: clock, ...(file === undefined ? {} : { kept: file.kept, medium: file }) });
  const faults = noFaults();
  const subscriptions = new Set<(error: ReturnType<typeof refusal>) => void>();
  const open = new Set<Call>();
  const wait = async (): Promise<void> => (faults.latency > 0 ? delay(faults.latency) : undefined);
  const writeSystemEvent = (stream = '$stats-127.0.0.1:2113'): void => {
    log.append(stream, 'any', [systemEvent('$statsCollected', { proc: { cpu: 1.5 } })]);
  };
  // A new server begins with events of its own; ours never are the first.
  if (log.events.length === 0) {
    log.append('$users', 'no-stream', [systemEvent('$User', { data: 'admin' })]);
    log.append('$user-admin', 'no-stream', [systemEvent('$UserCreated', { loginName: 'admin' })]);
  }
  let appends = 0;
  const afterAppend = (): void => {
    if ((appends += 1) % STATISTICS_EVERY === 0) writeSystemEvent();
  };
  const refuse = (call: { readonly metadata: Parameters<typeof refused>[2] }): ReturnType<typeof refused> =>
    refused(faults, options.credentials, call.metadata);
  const writing = { log, faults, wait, afterAppend };

  const server = new Server({ 'grpc.max_receive_message_length': MOST_RECEIVED, 'grpc.max_concurrent_streams': 100 });
  const streams: IStreamsServer = {
    read: (call) => {
      const error = refuse(call);
      if (error !== undefined) return void call.emit('error', error);
      void answerRead({ log, faults, wait, subscriptions, open }, call);
    },
    append: appending(writing, refuse),
    batchAppend: batchAppending(writing, refuse),
    delete: (call, answer) => {
      const wanted = call.request.getOptions()!;
      const name = nameOf(wanted.getStreamIdentifier());
      const verdict = log.softDelete(name, expectedOf(wanted, wanted.getRevision()));
      const error = refuse(call) ?? ended(name, verdict);
      if (error !== undefined) return answer(error as ServiceError);
      answer(null, new streamsPb.DeleteResp().setNoPosition(new sharedPb.Empty()));
    },
    tombstone: (call, answer) => {
      const wanted = call.request.getOptions()!;
      const name = nameOf(wanted.getStreamIdentifier());
      const verdict = log.tombstone(name, expectedOf(wanted, wanted.getRevision()));
      const error = refuse(call) ?? ended(name, verdict);
      if (error !== undefined) return answer(error as ServiceError);
      answer(null, new streamsPb.TombstoneResp().setNoPosition(new sharedPb.Empty()));
    },
  };
  server.addService(streamsGrpc.StreamsService, streams);
  const features: handleUnaryCall<Empty, SupportedMethods> = (call, answer) => {
    const error = refuse(call);
    if (error !== undefined) return answer(error as ServiceError);
    const methods = Object.values(streamsGrpc.StreamsService as ServiceDefinition).map(({ path }) => {
      const [, service, method] = path.toLowerCase().split('/');
      return new featuresPb.SupportedMethod().setServiceName(service!).setMethodName(method!);
    });
    const supported = new featuresPb.SupportedMethods().setMethodsList(methods);
    answer(null, supported.setEventStoreServerVersion('23.10.8'));
  };
  server.addService(featuresGrpc.ServerFeaturesService, { getSupportedMethods: features });
  const gossip: handleUnaryCall<Empty, ClusterInfo> = (_call, answer) => {
    const { VNodeState } = gossipPb.MemberInfo;
    const members = double.members.map(({ host, port: at, state, isAlive }) =>
      new gossipPb.MemberInfo()
        .setInstanceId(uuidOf(`00000000-0000-4000-8000-${String(at).padStart(12, '0')}`, true))
        .setTimeStamp(String(BigInt(clock()) * 10_000n))
        .setState(state === 'leader' ? VNodeState.LEADER : VNodeState.FOLLOWER)
        .setIsAlive(isAlive)
        .setHttpEndPoint(new gossipPb.EndPoint().setAddress(host).setPort(at)),
    );
    answer(null, new gossipPb.ClusterInfo().setMembersList(members));
  };
  server.addService(gossipGrpc.GossipService, { read: gossip });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `127.0.0.1:${options.port ?? 0}`,
      options.tls === undefined
        ? ServerCredentials.createInsecure()
        : ServerCredentials.createSsl(null, [{ cert_chain: options.tls.certificate, private_key: options.tls.key }]),
      (error, bound) => (error === null ? resolve(bound) : reject(error)),
    );
  });
  const login = options.credentials && `${options.credentials.username}:${options.credentials.password}@`;
  const double: EventStoreDbDouble = {
    port,
    url: `esdb://${login ?? ''}127.0.0.1:${port}${options.tls === undefined ? '?tls=false' : ''}`,
    log,
    faults,
    openReadings: () => open.size,
    members: [{ host: '127.0.0.1', port, state: 'leader', isAlive: true }],
    writeSystemEvent,
    dropSubscriptions: () => {
      for (const drop of [...subscriptions]) drop(refusal(status.UNAVAILABLE, 'Server is shutting down'));
    },
    putBack: (position) => log.putBack(position),
    close: async () => {
      server.forceShutdown();
      file?.close();
    },
  };
  return double;
}

function ended(name: string, verdict: Verdict): ReturnType<typeof refusal> | undefined {
  if (verdict.is === 'deleted') return streamDeleted(name);
  if (verdict.is !== 'wrong-version') return undefined;
  return refusal(status.FAILED_PRECONDITION, `Append failed due to WrongExpectedVersion. Stream: ${name}`, {
    exception: 'wrong-expected-version',
    'stream-name': name,
    'expected-version': '0',
    'actual-version': String(verdict.current),
  });
}
