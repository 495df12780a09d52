import { Module, type DynamicModule } from '@nestjs/common';
import { generateKeyPairSync } from 'node:crypto';
import { memoryStores } from '#libs/adapters/memory';
import { assembleBackbone, BackboneModule, closeInTurn, everyProblem } from '#libs/composition';
import { startFeedReaction } from '#libs/eventing';
import { instantFromEpoch } from '#libs/kernel';
import { readConfiguration } from '#libs/configuration';
import { connectReactions, createApp, localIssuer, startApp, type LocalIssuer } from '#libs/platform';
import { memoryVault } from '#libs/vault';
import { suiteModules } from '../suite.modules.js';

@Module({})
class Root {}

/** A register that lasts as long as the chapters which need time to pass. */
export interface OwnClockRegister {
  readonly url: string;
  readonly issuer: Pick<LocalIssuer, 'issue'>;
  /** What its clock says, in milliseconds since 1970. */
  now(): number;
  /** So many milliseconds pass at once. */
  pass(milliseconds: number): void;
  end(): Promise<void>;
}

/** A step of its own is not left to another process: there is none. In milliseconds. */
const LEASE = 60_000;

/**
 * Every app of the product in this process, on stores in memory. Its clock is the backbone's `now`, the one port by which
 * the product knows the time, and that of the stores: both are given here and by nothing that runs in earnest, where no
 * setting moves a clock. Tokens go by the time of the machine.
 */
export async function startOnOwnClock(onTrouble: (name: string, error: unknown) => void): Promise<OwnClockRegister> {
  let passed = 0;
  const now = (): number => Date.now() + passed;
  const configuration = readConfiguration(
    ['--port', '0', '--log-level', 'silent', '--decision-lease', String(LEASE)],
    {},
  );
  // Who does what is due keeps his turn while the clock is moved.
  const stores = memoryStores({ clock: now, leaseClock: Date.now });
  const { close, ...assembled } = await assembleBackbone(configuration, stores, await memoryVault(), onTrouble);
  const backbone = { ...assembled.backbone, now: () => instantFromEpoch(now()) };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const issuer = localIssuer({ id: 'own-clock', privateKey }, configuration);
  const root: DynamicModule = { module: Root, imports: [BackboneModule.of(backbone), ...suiteModules] };
  const app = await createApp(root, { configuration, tokenVerifier: issuer, rejections: everyProblem });
  const { feed, checkpoints, parkedMessages, leases } = stores;
  const { serializer, identity, participant, holder } = backbone;
  const reactions = connectReactions(app, (reaction) =>
    startFeedReaction(reaction, {
      ...{ feed, checkpoints, parkedMessages, leases, serializer, identity, onTrouble },
      ...{ oin: participant.oin, holder, leaseMilliseconds: LEASE },
    }),
  );
  const url = await startApp(app, configuration);
  await reactions.listen();
  return {
    url,
    issuer,
    now,
    pass: (milliseconds) => void (passed += milliseconds),
    end: () => closeInTurn([() => app.close(), close, () => stores.close()]),
  };
}
