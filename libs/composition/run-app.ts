import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { join } from 'node:path';
import { allRejections } from '#libs/domain';
import {
  createApp,
  localIssuer,
  METRICS,
  PROBES,
  readConfiguration,
  startApp,
  type Configuration,
  type LocalIssuer,
  type LogStream,
  type Metrics,
  type ProbeRegistry,
} from '#libs/platform';
import { fileKeyProvider, signingKey } from '#libs/vault';
import { BackboneModule } from './backbone.module.js';
import { wholeContract } from './contract.js';
import { isForPeople } from './for-people.js';
import { registerFollowers, storeMetrics } from './health.js';
import { StoreRefused } from './installation.js';
import { openBackbone, type OpenBackbone } from './open-backbone.js';

export interface RunningApp {
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly issuer: LocalIssuer;
  readonly open: OpenBackbone;
  /** Stops taking requests, finishes those under way, then closes stores and databases. */
  stop(): Promise<void>;
}

@Module({})
class AppRoot {}

/**
 * Starts an app's modules on one backbone and listens. `log` gets one line per thing worth telling, `logTo` the
 * structured lines of requests (absent: standard output).
 */
export async function startWaarborg(
  modules: readonly Type[],
  configuration: Configuration,
  log: (line: string) => void,
  logTo?: LogStream,
): Promise<RunningApp> {
  if (configuration.mode === 'production' || configuration.authIssuer !== undefined) {
    throw new StoreRefused(
      'This release knows the local token issuer only, which is refused in production mode: AUTH_ISSUER has no verifier yet.',
    );
  }
  // The observer is needed before the application is there that holds the registry of metrics.
  let observer: Partial<ReturnType<typeof storeMetrics>> = {};
  const open = await openBackbone(configuration, {
    log,
    observer: {
      batch: (name, appends, milliseconds) => observer.batch?.(name, appends, milliseconds),
      waited: (name, milliseconds) => observer.waited?.(name, milliseconds),
      queued: (name, appends) => observer.queued?.(name, appends),
      trouble: (name, what, error) => log(`${name}: ${what}: ${reasonOf(error)}`),
    },
    onTrouble: (name, error, stopped) => log(`${name} ${stopped ? 'has stopped' : 'tries again'}: ${reasonOf(error)}`),
  });
  try {
    const issuer = localIssuer(
      await signingKey(await fileKeyProvider(join(configuration.dataDir, 'keys')), 'token'),
      configuration,
    );
    const root: DynamicModule = { module: AppRoot, imports: [BackboneModule.of(open.backbone), ...modules] };
    const contract = await wholeContract(configuration);
    const app = await createApp(root, {
      configuration,
      rejections: [allRejections],
      tokenVerifier: issuer,
      ...(contract === undefined ? {} : { contract }),
      ...(logTo === undefined ? {} : { logTo }),
    });
    const metrics = app.get<Metrics>(METRICS, { strict: false });
    observer = storeMetrics(metrics);
    await app.init();
    registerFollowers(open.followers, open.backbone.feed, {
      probes: app.get<ProbeRegistry>(PROBES, { strict: false }),
      metrics,
      configuration,
    });
    const url = await startApp(app, configuration);
    return {
      url,
      app,
      issuer,
      open,
      async stop() {
        await app.close();
        await open.close();
      },
    };
  } catch (error) {
    await open.close();
    throw error;
  }
}

/**
 * Runs an app as a process: reads the configuration, starts, and ends on SIGTERM or SIGINT, requests first, server last.
 * A reason that a person can do something about is said in a few lines; its status is 1.
 */
export async function runProcess(name: string, modules: readonly Type[], args: readonly string[]): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    const configuration = readConfiguration(args, process.env);
    say(`Waarborg ${name} starts, data in ${configuration.dataDir}.`);
    const running = await startWaarborg(modules, configuration, say);
    say(`Waarborg ${name} answers at ${running.url}`);
    let ending: Promise<void> | undefined;
    const end = (): void => {
      ending ??= running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          say(`Waarborg ${name} could not end cleanly: ${reasonOf(error)}`);
          process.exit(1);
        },
      );
    };
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
    void running.open.databases.server?.lost.then((reason) => {
      say(`The embedded server is gone: ${reason.message}`);
      process.exitCode = 1;
      end();
    });
  } catch (error) {
    process.stderr.write(`${isForPeople(error) ? error.message : String(error instanceof Error ? error.stack : error)}
`);
    process.exit(1);
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
