import { Module, type DynamicModule } from '@nestjs/common';
import { suiteModules } from '#apps/suite';
import {
  destroyedObjectsProjection,
  type Backbone,
  type GovernanceData,
  type WebhookSettings,
} from '#libs/application';
import type { MemoryStores } from '#libs/adapters/memory';
import { BackboneModule, everyProblem, lookUp } from '#libs/composition';
import type { KeyHolder } from '#libs/kernel';
import { startFeedReaction, type Projection, type Query } from '#libs/eventing';
import { readConfiguration } from '#libs/configuration';
import { connectReactions, createApp, localIssuer, startApp, type Role, type Scope } from '#libs/platform';
import type { VirusScanner } from '#libs/registers';
import { memoryBackbone, testTokenKey, type MemoryBackbone } from '#libs/testing';
import { client, type Client } from './client.js';
import { answersWithEveryApp } from './conforming.js';
import { clerkOf, LASTING_LEASE } from './suite.js';
import { until } from './until.js';

@Module({})
class Root {}

/** A search that a door asked of the store. */
export interface AskedSearch {
  readonly projection: Projection;
  readonly query: Query;
}

export interface MemorySuite {
  readonly url: string;
  client(roleOrScopes: Role | readonly Scope[]): Promise<Client>;
  /** Time passes: the register's clock goes on by so many milliseconds, that of its tokens does not. */
  pass(milliseconds: number): void;
  /** What the apps stand on, for a spec that disturbs it. */
  readonly stores: MemoryStores;
  readonly backbone: Backbone;
  /** Writes facts to an object's stream as if commands had been accepted. */
  readonly record: MemoryBackbone['record'];
  /** Every search so far. */
  readonly searches: readonly AskedSearch[];
  /** Erases what is sealed under the key. */
  destroyKey(holder: KeyHolder): void;
  end(): Promise<void>;
}

/**
 * Every app in this process on stores in memory, with a clock of its own; `data`: another catalogue and policy. With `telling`
 * the reactions are fed as well.
 */
export async function startMemorySuite({
  data,
  webhooks,
  telling,
  certificateRevocation,
  scanner,
}: {
  readonly data?: GovernanceData;
  readonly webhooks?: WebhookSettings;
  readonly telling?: Backbone['telling'];
  readonly certificateRevocation?: number;
  readonly scanner?: VirusScanner;
} = {}): Promise<MemorySuite> {
  let passed = 0;
  const { backbone, stores, vault, record, close } = await memoryBackbone(() => Date.now() + passed, {
    ...(data === undefined ? {} : { data }),
    ...(webhooks === undefined ? {} : { webhooks }),
    ...(telling === undefined ? {} : { telling }),
    ...(certificateRevocation === undefined ? {} : { certificateRevocation }),
    ...(scanner === undefined ? {} : { scanner }),
    readModels: [destroyedObjectsProjection] as never,
  });
  const searches: AskedSearch[] = [];
  const search = stores.projections.search.bind(stores.projections);
  stores.projections.search = (projection, query) => {
    searches.push({ projection: projection as unknown as Projection, query });
    return search(projection, query);
  };
  const configuration = readConfiguration(['--port', '0', '--log-level', 'silent'], LASTING_LEASE);
  const issuer = localIssuer({ id: 'k1', privateKey: await testTokenKey() }, configuration);
  const root: DynamicModule = { module: Root, imports: [BackboneModule.of(backbone), ...suiteModules] };
  const app = await createApp(root, {
    ...{ configuration, tokenVerifier: issuer, rejections: everyProblem, lookUp: lookUp(backbone) },
  });
  const { identity, serializer } = backbone;
  // Without these nothing comes of what is recorded: most specs want to be alone with it.
  const reactions =
    telling &&
    connectReactions(app, (reaction) =>
      startFeedReaction(reaction, {
        ...{ feed: stores.feed, checkpoints: stores.checkpoints, parkedMessages: stores.parkedMessages, serializer },
        ...{
          leases: stores.leases,
          identity,
          oin: backbone.participant.oin,
          holder: 'test',
          leaseMilliseconds: 60_000,
        },
      }),
    );
  const url = (await startApp(app, configuration)).replace('[::1]', '127.0.0.1');
  answersWithEveryApp(url);
  await reactions?.listen();
  await until('the suite is ready', async () => (await fetch(`${url}/health/ready`)).status === 200);
  return {
    url,
    client: async (of) =>
      client(
        url,
        await issuer.issue({
          client: 'test',
          ...clerkOf(of),
          ...(typeof of === 'string' ? { role: of } : { scopes: of }),
        }),
      ),
    pass: (milliseconds) => void (passed += milliseconds),
    stores,
    backbone,
    record,
    searches,
    destroyKey: (holder) => vault.destroyKey(holder),
    async end() {
      await app.close();
      await close();
    },
  };
}
