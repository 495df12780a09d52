import { canonicalJson, streamId, type Actor, type Instant, type KeyHolder, type StreamId } from '#libs/kernel';
import type {
  CheckpointStore,
  CommandContext,
  CommandHandler,
  DecisionInstances,
  DestructionLedger,
  DueWork,
  EventFeed,
  EventSerializer,
  FileSealer,
  FileStore,
  Follower,
  Leases,
  LogFiles,
  ParkedSteps,
  Reactions,
  RecordLog,
  Sealer,
  SequencedLog,
  StoreIdentity,
} from '#libs/eventing';
import type { ConfirmationLanguage } from '#libs/domain';
import type { Mailer, VirusScanner } from '#libs/registers';
import type { RuleSet } from '#libs/scheme';
import type { CheckNames } from './governance/check-names.js';
import type { Governance } from './governance/governance.js';
import type { AnswerKeys, DecisionVisibility, LogKeys, ReadModels, Secrets, Tombstones } from './ports.js';
import type { WebhookAddresses } from './webhooks/webhook-addresses.js';

/** The supplier whose installation this is, and who acts for it (interfaces.md §1, REG-09). */
export interface Participant {
  readonly oin: string;
  readonly name: string;
  readonly operators: { readonly parties: readonly string[]; readonly persons: readonly string[] };
}

/** Files that are evidence. */
export interface KeptEvidence {
  /** Where they are kept, sealed; opened by the first who asks. */
  files(): Promise<FileStore>;
  /** Milliseconds that one may wait to be described and decided about. */
  readonly quarantine: number;
  /** Who looks for viruses in what comes in; absent: nobody does. */
  readonly scanner?: VirusScanner;
}

/** How long things are kept, and what is known of those that are gone. */
export interface Retention {
  /** At least seven (ARCH-10). */
  readonly years: number;
  /** Whether what is due is destroyed; else it is told that it is. */
  readonly destroys: boolean;
  /** Where every destruction stands as well; opened by the first who asks. */
  ledger(): Promise<DestructionLedger>;
}

/** What the use cases of every app stand on: built once per process by the composition. */
export interface Backbone {
  readonly participant: Participant;
  readonly identity: StoreIdentity;
  readonly now: () => Instant;
  readonly commands: CommandHandler;
  /** The same over what was destroyed as well: for who destroys it. */
  readonly everything: CommandHandler;
  /** Which objects were destroyed (ARCH-11), by what has come in here: for lists. */
  readonly destroyed: Tombstones;
  readonly feed: EventFeed;
  readonly records: RecordLog;
  readonly checkpoints: CheckpointStore;
  /** Steps of processes that wait for a person. */
  readonly parkedSteps: ParkedSteps;
  /** Turns at what one process at a time does, and how this one calls itself in them. */
  readonly leases: Leases;
  readonly holder: string;
  /** What waits for its moment, and how far reactions are. */
  readonly dueWork: DueWork;
  readonly reactions: Reactions;
  readonly serializer: EventSerializer;
  readonly sealer: Sealer;
  readonly fileSealer: FileSealer;
  readonly evidence: KeptEvidence;
  readonly retention: Retention;
  /** The URI of an activity in the participant's register of processing activities, by its id here (`audit-1`). */
  readonly processingActivities: (id: string) => string;
  readonly secrets: Secrets;
  readonly answerKeys: AnswerKeys;
  /** The transparency log: its name, its table, where it is published, what signs it and who witnesses it. */
  readonly log: {
    readonly origin: string;
    /** A tlog-policy with its witnesses, as the file has it; absent: it has none. */
    readonly policy?: Uint8Array;
    readonly table: SequencedLog;
    readonly files: LogFiles;
    readonly keys: LogKeys;
  };
  readonly readModels: ReadModels;
  /** Where decision instances say how far they are. */
  readonly decisionInstances: DecisionInstances;
  readonly visibility: DecisionVisibility;
  readonly governance: Governance;
  /** Sources, systems and publications that a check may name. */
  readonly checkNames: CheckNames;
  readonly rules: RuleSet;
  /** Brings every event to Kafka; absent where there is none. Begun once, by the app whose task it is. */
  readonly relay?: () => Follower;
  readonly webhookAddresses: WebhookAddresses;
  /** How people are told; `mail` absent: by no mail of ours. */
  readonly telling: { readonly language: ConfirmationLanguage; readonly mail?: Mailer };
  /** Milliseconds from a receipt in which a certificate has to be revoked where it was issued; absent: as AMB-15 has it. */
  readonly certificateRevocation?: number;
  /**
   * Registers what health and metrics have to watch besides read models (process managers, indexes). Throws where something
   * has its name, a read model included: each keeps its checkpoint under it.
   */
  watch(follower: Follower): void;
  /** Told about every trouble of what follows the feed: for the operations log. */
  onTrouble(name: string, error: unknown, stopped: boolean): void;
}

/** A request as the edge hands it over, without its body. */
export interface RequestContext {
  readonly client: string;
  /** The clerk's subject as the token names him; absent for a program. */
  readonly subject?: string;
  /** Trace id of the request. */
  readonly correlationId: string;
  readonly traceparent?: string;
  /** The caller's span, where he named one. */
  readonly parentSpanId?: string;
}

/** A state-changing request: with a key, and perhaps with the revision it was written against. */
export interface CommandRequest extends RequestContext {
  readonly idempotencyKey: string;
  readonly ifMatch?: number;
  /** Its body is not judged: it is answered as it was the first time, or not at all. */
  readonly replayOnly?: boolean;
}

/** Who it is for the record: a clerk is a random reference there (interfaces.md §9). */
export async function actorOf(backbone: Backbone, request: RequestContext): Promise<Actor> {
  if (request.subject === undefined) return { client: request.client };
  return { client: request.client, clerk: await backbone.secrets.clerkReference(request.subject) };
}

/**
 * Turns a request into the context of its command. `command` says what is asked and of which object, `body` is what the retry of the same request would send again;
 * `holder` the object under whose key its hash is made, where the body has personal members; `stream` the object's
 * whose command it is: what was recorded there under a key that is gone is not recorded again under a new one.
 */
export async function commandContext(
  backbone: Backbone,
  request: CommandRequest,
  command: string,
  body: unknown,
  options: { readonly holder?: KeyHolder; readonly stream?: StreamId; readonly scores?: boolean } = {},
): Promise<CommandContext> {
  const { holder, stream } = options;
  const onRecord = async (): Promise<readonly string[]> => {
    const streams = new Set([...(stream === undefined ? [] : [stream]), ...streamsOf(holder)]);
    return (await Promise.all([...streams].map((each) => backbone.commands.requestHashes(each)))).flat();
  };
  return {
    participant: backbone.participant.oin,
    client: request.client,
    key: request.idempotencyKey,
    requestHash: await backbone.secrets.requestHash(canonicalJson({ command, body }), holder, onRecord),
    actor: await actorOf(backbone, request),
    correlationId: request.correlationId,
    ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
    ...(options.scores === true ? { ruleSet: backbone.rules.version } : {}),
    ...(request.ifMatch === undefined ? {} : { ifMatch: request.ifMatch }),
    ...(request.replayOnly === true ? { replayOnly: true } : {}),
  };
}

/** The stream of a holder that has one of its own. */
const streamsOf = (holder: KeyHolder | undefined): readonly StreamId[] =>
  holder?.kind === 'person' || holder?.kind === 'party' || holder?.kind === 'application'
    ? [streamId(holder.kind, holder.id)]
    : [];
