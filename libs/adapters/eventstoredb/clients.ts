import { FaultForPeople } from '#libs/kernel';
import type clientModule from '@eventstore/db-client';
import type sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streamsPb from '@eventstore/db-client/generated/streams_pb.js';

export type StreamsStub = InstanceType<typeof streamsGrpc.StreamsClient>;
type Parts = Parameters<StreamsStub['read']>;
type CallArguments = readonly [metadata: NonNullable<Parts[1]>, options: NonNullable<Parts[2]>];

/**
 * What we use of a client. Both clients have these members, and declare them protected: their versions are pinned, and the
 * contract suite runs with both. What they do for us is the connection: the words of the connection string, TLS, credentials,
 * finding the leader and following it. The calls themselves are made here, with the messages that the client ships
 * (ADR 89).
 */
export interface ConnectedClient {
  /** Runs a call on the connection in use; an error that means another connection is needed makes the next call open one. */
  execute<Result>(
    stub: typeof streamsGrpc.StreamsClient,
    name: string,
    action: (stub: StreamsStub) => Promise<Result>,
  ): Promise<Result>;
  callArguments(
    options: { readonly requiresLeader: boolean; readonly deadline?: number },
    callOptions?: { readonly deadline: number },
  ): CallArguments;
  getChannel(): Promise<{ close(): void }>;
}

/** A client, and the messages of its own. Those of the two clients are not to be mixed: they share one global name. */
export interface LoadedClient {
  readonly client: ConnectedClient;
  readonly StreamsClient: typeof streamsGrpc.StreamsClient;
  readonly streams: typeof streamsPb;
  readonly shared: typeof sharedPb;
}

/** The store can't be used as it is; the message says what to do. Never holds the connection string: a password is in it. */
export class EventStoreRefused extends FaultForPeople {
  override readonly name = 'EventStoreRefused';
}

const KURRENT = '@kurrent/kurrentdb-client';
const KURRENT_VERSION = '1.3.1';
const SCHEMES = /^(esdb|kurrentdb)(\+discover)?:$/;

/**
 * The options that count, written so and not otherwise. The clients take other spellings of them (`node_preference`), and of
 * an option that they don't know or pass over (`tlsVerifyCert`) they write a warning with the whole string, password and all.
 */
const OPTIONS: readonly string[] = [
  ...['tls', 'tlsCAFile', 'userCertFile', 'userKeyFile', 'nodePreference', 'connectionName', 'defaultDeadline'],
  ...['maxDiscoverAttempts', 'discoveryInterval', 'gossipTimeout', 'keepAliveInterval', 'keepAliveTimeout'],
];

/** Options of a connection string, as the clients part them: a password may hold any sign but `@`. */
function optionsOf(url: string): readonly (readonly [name: string, value: string])[] {
  const [, ...parts] = url
    .trim()
    .replace(/^[^:]+:\/\/(?:[^:]+:[^@]+@)?/, '')
    .replace(/\/+$/, '')
    .split(/[?&]/);
  return parts.map((part) => {
    const [name = '', ...value] = part.split('=');
    return [name, value.join('=').trim()];
  });
}

export async function loadClient(url: string): Promise<LoadedClient> {
  const scheme = SCHEMES.exec(url.slice(0, url.indexOf(':') + 1));
  if (scheme === null) {
    throw new EventStoreRefused(
      'EVENTSTORE_URL has to begin with esdb://, esdb+discover://, kurrentdb:// or kurrentdb+discover://.',
    );
  }
  const options = optionsOf(url);
  if (options.some(([name]) => !OPTIONS.includes(name))) {
    throw new EventStoreRefused(
      `EVENTSTORE_URL has an option that is none, or is written otherwise: there are ${OPTIONS.join(', ')}.`,
    );
  }
  const preference = options.find(([name, value]) => name === 'nodePreference' && value.toLowerCase() !== 'leader');
  if (preference !== undefined) {
    throw new EventStoreRefused(
      `EVENTSTORE_URL says nodePreference=${preference[1]}: leave it out. Only the leader says what was written last.`,
    );
  }
  const load = scheme[1] === 'esdb' ? eventStoreClient : kurrentClient;
  const { connect, ...messages } = await load();
  try {
    return { client: connect(url), ...messages };
  } catch {
    // What the client says quotes the string, with the password.
    throw new EventStoreRefused(
      'EVENTSTORE_URL can not be read: esdb://[USER:PASSWORD@]HOST:PORT[,HOST:PORT…][?tls=false&tlsCAFile=…], and the files ' +
        'that it names have to be there.',
    );
  }
}

type Loaded = Omit<LoadedClient, 'client'> & { connect(url: string): ConnectedClient };

async function eventStoreClient(): Promise<Loaded> {
  const [{ EventStoreDBClient }, grpc, streams, shared] = await Promise.all([
    import('@eventstore/db-client'),
    import('@eventstore/db-client/generated/streams_grpc_pb.js'),
    import('@eventstore/db-client/generated/streams_pb.js'),
    import('@eventstore/db-client/generated/shared_pb.js'),
  ]);
  return {
    connect: (url) => asConnected(EventStoreDBClient.connectionString(url)),
    StreamsClient: grpc.default.StreamsClient,
    streams: streams.default,
    shared: shared.default,
  };
}

/** Its messages are those of the older client, and say more in some places: what we use of them is the same. */
async function kurrentClient(): Promise<Loaded> {
  const v1 = `${KURRENT}/generated/kurrentdb/protocols/v1`;
  try {
    const [module, grpc, streams, shared] = (await Promise.all([
      import(KURRENT),
      import(`${v1}/streams_grpc_pb.js`),
      import(`${v1}/streams_pb.js`),
      import(`${v1}/shared_pb.js`),
    ])) as [
      { readonly KurrentDBClient: { connectionString(url: string): unknown } },
      { readonly default: typeof streamsGrpc },
      { readonly default: typeof streamsPb },
      { readonly default: typeof sharedPb },
    ];
    return {
      connect: (url) => asConnected(module.KurrentDBClient.connectionString(url)),
      StreamsClient: grpc.default.StreamsClient,
      streams: streams.default,
      shared: shared.default,
    };
  } catch (error) {
    throw new EventStoreRefused(
      `kurrentdb:// needs the package ${KURRENT}, which can not be loaded here: npm install ${KURRENT}@${KURRENT_VERSION}`,
      { cause: error },
    );
  }
}

const asConnected = (client: InstanceType<typeof clientModule.EventStoreDBClient> | unknown): ConnectedClient =>
  client as ConnectedClient;
