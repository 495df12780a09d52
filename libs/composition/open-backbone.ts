import { hostname } from 'node:os';
import { instantFromEpoch, type Instant } from '#libs/kernel';
import type { Begun } from '#libs/process';
import {
  commandHandler,
  eventSerializer,
  followers,
  tracedCommands,
  tracedStore,
  type DestructionLedger,
  type FileStore,
  type Follower,
  type LogFiles,
} from '#libs/eventing';
import { allCodecs } from '#libs/domain';
import {
  announced,
  checkNames,
  decisionVisibility,
  destroyedIn,
  destroyedObjectsProjection,
  governance,
  readModels,
  seed,
  tombstones,
  webhookAddresses,
  type Backbone,
  type ConfiguredNames,
} from '#libs/application';
import { defaultLogOrigin, type Configuration, type MailSettings } from '#libs/configuration';
import type { Mailer } from '#libs/registers';
import { smtpMailer } from '#libs/registers/smtp';
import { currentRuleSet } from '#libs/scheme';
import { openVault, type Vault } from '#libs/vault';
import type { PostgresObserver } from '#libs/adapters/postgres';
import { closeAfter, closeInTurn } from './close-in-turn.js';
import { keptEvidence, type EvidenceSettings } from './kept-evidence.js';
import { identifyStore, keepHighWaterMark, logOriginOf } from './installation.js';
import { keysOf } from './installation-keys.js';
import { startBeat } from './register-beat.js';
import { processingActivities, type ActivitySettings } from './processing-activities.js';
import { publishedFiles } from './published-files.js';
import { retention, type RetentionSettings } from './retention.js';
import { keyFolderOf, openDatabases, openStores, type Databases, type Stores } from './open-stores.js';

export interface Watchers extends Begun {
  readonly log: (line: string) => void;
  readonly observer: PostgresObserver;
  readonly onTrouble: (name: string, error: unknown, stopped: boolean) => void;
  /** When read models may build their tables; absent: at once. */
  readonly begun?: Promise<void>;
}

/** A backbone on stores and vault of the caller's, with everything that follows the feed on it. */
export interface AssembledBackbone {
  readonly backbone: Backbone;
  readonly followers: readonly Follower[];
  /** Stops what follows the feed and writes the last high-water mark; stores and vault stay the caller's. */
  close(): Promise<void>;
}

const mailerOf = ({ from, ...settings }: MailSettings, name: string): Mailer =>
  smtpMailer({ ...settings, from: { name, address: from } });

/** Builds what every app of a process stands on, after making sure that the store is this participant's. */
export async function assembleBackbone(
  configuration: Pick<
    Configuration,
    'oin' | 'participantName' | 'operators' | 'webhooks' | 'answerAlgorithm' | 'publicBaseUrl'
  > &
    Partial<
      Pick<
        Configuration,
        'logOrigin' | 'logPolicy' | 'logSecondKey' | 'mail' | 'confirmationLanguage' | 'certificateRevocationHours'
      >
    > &
    ActivitySettings &
    EvidenceSettings &
    RetentionSettings &
    ConfiguredNames,
  stores: Stores & {
    readonly logFiles: LogFiles;
    readonly destructions?: DestructionLedger;
    readonly files?: FileStore;
  },
  vault: Vault,
  onTrouble: Watchers['onTrouble'],
  begun?: Watchers['begun'],
): Promise<AssembledBackbone> {
  const serializer = eventSerializer(allCodecs, vault.sealer);
  const { events, feed, answeredKeys } = stores;
  const now = (): Instant => instantFromEpoch(Date.now());
  const commandStores = { events: tracedStore(events), feed, answeredKeys };
  const everything = tracedCommands(commandHandler(commandStores, serializer));
  const identity = await identifyStore({
    commands: everything,
    feed: stores.feed,
    mark: vault.highWaterMark,
    checkpoints: stores.checkpoints,
    register: stores.register,
    oin: configuration.oin,
    ...(stores.heldBy === undefined ? {} : { heldBy: stores.heldBy }),
    ...(stores.beside === undefined ? {} : { beside: stores.beside }),
    log: {
      ...(configuration.logOrigin === undefined ? {} : { configured: configuration.logOrigin }),
      otherwise: (store) => defaultLogOrigin(configuration.publicBaseUrl, store),
    },
  });
  const beat = stores.beside && (await startBeat(stores.beside, stores.checkpoints, identity));
  const mark = keepHighWaterMark(
    {
      ...{ feed: stores.feed, mark: vault.highWaterMark, checkpoints: stores.checkpoints },
      lineage: stores.lineage,
      ...(beat === undefined ? {} : { beat }),
    },
    identity,
    onTrouble,
  );
  const following = followers(mark);
  const instances = announced(stores.instances);
  const governing = governance(seed);
  const models = readModels(
    { projections: stores.projections, feed: stores.feed, records: stores.records, serializer, identity, onTrouble },
    (follower) => following.add(follower),
    begun,
  );
  models.run(destroyedObjectsProjection);
  const backbone: Backbone = {
    participant: {
      oin: configuration.oin,
      name: configuration.participantName,
      operators: {
        parties: configuration.operators.filter((id) => id.includes(':')),
        persons: configuration.operators.filter((id) => !id.includes(':')),
      },
    },
    identity,
    now,
    commands: tracedCommands(
      commandHandler(commandStores, serializer, destroyedIn(tombstones(models, { waits: true }), now)),
    ),
    everything,
    destroyed: tombstones(models, { waits: false }),
    feed: stores.feed,
    records: stores.records,
    checkpoints: stores.checkpoints,
    parkedSteps: stores.parkedSteps,
    leases: stores.leases,
    holder: `${hostname()}/${process.pid}`,
    dueWork: stores.dueWork,
    reactions: stores.reactions,
    serializer,
    sealer: vault.sealer,
    fileSealer: vault.files,
    evidence: keptEvidence(configuration, identity, stores.files),
    retention: retention(configuration, identity, stores.destructions),
    processingActivities: processingActivities(configuration),
    secrets: vault,
    answerKeys: vault.answerKeys(configuration.answerAlgorithm),
    log: {
      origin: await logOriginOf({ commands: everything }),
      table: stores.log,
      files: stores.logFiles,
      keys: configuration.logSecondKey === undefined ? vault.logKeys : vault.logKeysWith(configuration.logSecondKey),
      ...(configuration.logPolicy === undefined ? {} : { policy: configuration.logPolicy }),
    },
    readModels: models,
    decisionInstances: instances,
    visibility: decisionVisibility(instances),
    governance: governing,
    checkNames: checkNames(governing, configuration),
    rules: currentRuleSet,
    webhookAddresses: webhookAddresses(configuration.webhooks),
    telling: {
      language: configuration.confirmationLanguage ?? 'nl',
      ...(configuration.mail === undefined
        ? {}
        : { mail: mailerOf(configuration.mail, configuration.participantName) }),
    },
    ...(configuration.certificateRevocationHours === undefined
      ? {}
      : { certificateRevocation: configuration.certificateRevocationHours * 3_600_000 }),
    watch: (follower) => following.add(follower),
    onTrouble,
  };
  return {
    backbone,
    followers: following.all,
    async close() {
      await Promise.all(following.all.filter((follower) => follower !== mark).map((follower) => follower.stop()));
      await mark.stop();
    },
  };
}

/** The one backbone of a process, with what it stands on. */
export interface OpenBackbone extends AssembledBackbone {
  readonly vault: Vault;
  readonly stores: Stores;
  readonly databases: Databases;
}

/** Opens databases, key store and stores; what fails half way is closed again, last opened first. */
export async function openBackbone(configuration: Configuration, watchers: Watchers): Promise<OpenBackbone> {
  const opened: (() => Promise<void>)[] = [];
  const closing = (): (() => Promise<void>)[] => opened.splice(0).reverse();
  try {
    const databases = await openDatabases(configuration, watchers.log, watchers);
    opened.push(() => databases.close());
    const vault = await openVault({
      keyStoreUrl: databases.keyStoreUrl,
      keys: await keysOf(databases, keyFolderOf(configuration)),
    });
    opened.push(() => vault.close());
    const stores = await openStores(databases, watchers.observer, watchers.log);
    opened.push(() => stores.close());
    const published = { ...stores, logFiles: publishedFiles(configuration) };
    const assembled = await assembleBackbone(configuration, published, vault, watchers.onTrouble, watchers.begun);
    opened.push(() => assembled.close());
    return { ...assembled, vault, stores, databases, close: () => closeInTurn(closing()) };
  } catch (error) {
    return closeAfter(error, closing());
  }
}
