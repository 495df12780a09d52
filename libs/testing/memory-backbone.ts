import { randomUUID } from 'node:crypto';
import {
  instantFromEpoch,
  streamId,
  type DomainEvent,
  type EventId,
  type Instant,
  type StreamCategory,
} from '#libs/kernel';
import { memoryStores, type MemoryStores } from '#libs/adapters/memory';
import {
  announced,
  checkNames,
  decisionVisibility,
  destroyedIn,
  destroyedObjectsProjection,
  dossierProjections,
  governance,
  noTombstones,
  readModels,
  seed,
  tombstones,
  webhookAddresses,
  type Backbone,
  type GovernanceData,
  type Participant,
  type Tombstones,
  type WebhookSettings,
} from '#libs/application';
import { allCodecs } from '#libs/domain';
import { commandHandler, eventSerializer, followers, type Projection } from '#libs/eventing';
import type { VirusScanner } from '#libs/registers';
import { currentRuleSet } from '#libs/scheme';
import { memoryVault, type AnswerAlgorithm, type MemoryVault } from '#libs/vault';

/** Everything the use cases stand on, in memory, with facts written straight to it. */
export interface MemoryBackbone {
  readonly backbone: Backbone;
  readonly stores: MemoryStores;
  readonly vault: MemoryVault;
  /** Writes the facts to the object's stream, behind what is there, as if commands had been accepted. */
  record(
    category: Exclude<StreamCategory, 'installation'>,
    id: string,
    ...events: readonly DomainEvent[]
  ): Promise<bigint>;
  /** The same, as decided under this rule set. */
  recordUnder(
    ruleSet: string,
    category: Exclude<StreamCategory, 'installation'>,
    id: string,
    ...events: readonly DomainEvent[]
  ): Promise<bigint>;
  close(): Promise<void>;
}

export interface MemoryBackboneOptions {
  readonly data?: GovernanceData;
  readonly operators?: Participant['operators'];
  /** Read models that follow from the start; absent: those that dossiers are assembled from. */
  readonly readModels?: readonly Projection[];
  readonly webhooks?: WebhookSettings;
  readonly answerAlgorithm?: AnswerAlgorithm;
  readonly telling?: Backbone['telling'];
  readonly certificateRevocation?: number;
  /** Who looks for viruses in evidence; absent: nobody does. */
  readonly scanner?: VirusScanner;
  readonly retentionYears?: number;
  /** Absent: it does. */
  readonly destroys?: boolean;
}

/** `clock` gives milliseconds since 1970. */
export async function memoryBackbone(
  clock: () => number,
  options: MemoryBackboneOptions = {},
): Promise<MemoryBackbone> {
  // The less a store promises, the more a use case has to do right: PostgreSQL's dense positions have the lanes behind it.
  const stores = memoryStores({ clock, positions: 'sparse' });
  const vault = await memoryVault();
  const serializer = eventSerializer(allCodecs, vault.sealer);
  const identity = { store: randomUUID(), epoch: 1 };
  const following = followers();
  const instances = announced(stores.instances);
  const governing = governance(options.data ?? seed);
  const now = (): Instant => instantFromEpoch(clock());
  const models = readModels(
    { projections: stores.projections, feed: stores.feed, records: stores.records, serializer, identity },
    (follower) => following.add(follower),
  );
  const projections = options.readModels ?? dossierProjections;
  // Nothing is destroyed where nobody looks for it.
  const looksFor = (waits: boolean): Tombstones =>
    (projections as readonly unknown[]).includes(destroyedObjectsProjection)
      ? tombstones(models, { waits })
      : noTombstones;
  const backbone: Backbone = {
    participant: {
      oin: '00000099000000001000',
      name: 'Test participant',
      operators: options.operators ?? { parties: [], persons: [] },
    },
    identity,
    now,
    commands: commandHandler(stores, serializer, destroyedIn(looksFor(true), now)),
    everything: commandHandler(stores, serializer),
    destroyed: looksFor(false),
    feed: stores.feed,
    records: stores.records,
    checkpoints: stores.checkpoints,
    parkedSteps: stores.parkedSteps,
    leases: stores.leases,
    holder: 'test',
    dueWork: stores.dueWork,
    reactions: stores.reactions,
    serializer,
    sealer: vault.sealer,
    fileSealer: vault.files,
    evidence: {
      files: () => Promise.resolve(stores.files),
      quarantine: 28 * 24 * 3_600_000,
      ...(options.scanner === undefined ? {} : { scanner: options.scanner }),
    },
    retention: {
      years: options.retentionYears ?? 7,
      destroys: options.destroys ?? true,
      ledger: () => Promise.resolve(stores.destructions),
    },
    processingActivities: (id) => `urn:waarborg:processing-activity:${id}`,
    secrets: vault,
    answerKeys: vault.answerKeys(options.answerAlgorithm ?? 'ES256'),
    log: {
      origin: `waarborg.invalid/${identity.store}/log`,
      table: stores.log,
      files: stores.logFiles,
      keys: vault.logKeys,
    },
    readModels: models,
    decisionInstances: instances,
    visibility: decisionVisibility(instances),
    governance: governing,
    checkNames: checkNames(governing, {}),
    rules: currentRuleSet,
    webhookAddresses: webhookAddresses(options.webhooks ?? { allowHttp: false, allowed: [] }),
    telling: options.telling ?? { language: 'nl' },
    ...(options.certificateRevocation === undefined ? {} : { certificateRevocation: options.certificateRevocation }),
    watch: (follower) => following.add(follower),
    onTrouble: () => undefined,
  };
  for (const projection of projections) {
    backbone.readModels.run(projection);
  }

  const write = async (
    metadata: { readonly ruleSet?: string },
    category: Exclude<StreamCategory, 'installation'>,
    id: string,
    events: readonly DomainEvent[],
  ): Promise<bigint> => {
    const stream = streamId(category, id);
    const last = (await stores.events.readStream(stream)).length - 1;
    const writing = await Promise.all(
      events.map((event) =>
        serializer.write(event, {
          ...metadata,
          id: randomUUID() as EventId,
          stream,
          correlationId: 'test',
          actor: { system: 'test' },
        }),
      ),
    );
    return (await stores.events.append(stream, last < 0 ? 'no-stream' : last, writing)).position;
  };
  return {
    backbone,
    stores,
    vault,
    record: (category, id, ...events) => write({}, category, id, events),
    recordUnder: (ruleSet, category, id, ...events) => write({ ruleSet }, category, id, events),
    async close() {
      await Promise.all(following.all.map((follower) => follower.stop()));
      await stores.close();
    },
  };
}
