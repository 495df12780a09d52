import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as delay } from 'node:timers/promises';
import type { Begun } from '#libs/process';
import { MessageParked, StepParked } from '#libs/eventing';
import type { Configuration } from '#libs/configuration';
import {
  connectReactions,
  createApp,
  METRICS,
  PROBES,
  startApp,
  type LogStream,
  type Metrics,
  type ProbeRegistry,
} from '#libs/platform';
import { answeredBefore } from './answered-before.js';
import { PLANNED_PATHS } from './contract/planned-paths.js';
import { lookUp } from './look-up.js';
import { BackboneModule } from './backbone.module.js';
import { closeAfter, closeInTurn } from './close-in-turn.js';
import { wholeContracts } from './contract/whole-contracts.js';
import { registerFollowers, storeMetrics } from './health.js';
import { openLogins, watchLogins, type Logins } from './logins.js';
import { openBackbone, type OpenBackbone } from './open-backbone.js';
import { everyProblem } from './problems.js';
import { demandWelcome, kafkaMetrics, kafkaParts, reactionStarter, relayOf } from './reactions.js';
import type { RunningApp } from './running-app.js';
import { takeTraces } from './take-traces.js';

/** Longest wait for readiness before it listens all the same, and between two looks, in milliseconds. */
const START_PATIENCE = 15_000;
const READY_LOOK = 20;
/** Longest that read models wait with their tables for everything else to be ready, and between two looks, in milliseconds. */
const BUILD_PATIENCE = 120_000;
const BUILD_LOOK = 200;

@Module({})
class AppRoot {}

export interface StartParts extends Begun {
  /** The structured lines of requests. Absent: standard output. */
  readonly logTo?: LogStream;
}

/** Starts an app's modules on one backbone and listens. `log` gets one line per thing worth telling. */
export async function startWaarborg(
  modules: readonly Type[],
  configuration: Configuration,
  log: (line: string) => void,
  { logTo, server }: StartParts = {},
): Promise<RunningApp> {
  const traces = await takeTraces(configuration, log);
  // The observer is needed before the application is there that holds the registry of metrics.
  let observer: Partial<ReturnType<typeof storeMetrics>> = {};
  const onTrouble = (name: string, error: unknown, stopped: boolean): void => log(troubleOf(name, error, stopped));
  // What decisions rest on comes first: they are a no for as long as that is read from the first event.
  const building = new AbortController();
  const opening = openBackbone(configuration, {
    log,
    ...(server === undefined ? {} : { server }),
    begun: new Promise((resolve) => building.signal.addEventListener('abort', () => resolve(), { once: true })),
    observer: {
      batch: (name, appends, milliseconds) => observer.batch?.(name, appends, milliseconds),
      waited: (name, milliseconds) => observer.waited?.(name, milliseconds),
      queued: (name, appends) => observer.queued?.(name, appends),
      failed: (name, appends) => observer.failed?.(name, appends),
      trouble: (name, what, error) => log(`${name}: ${what}: ${reasonOf(error)}`),
    },
    onTrouble,
  });
  const open = await opening.catch((error: unknown) => closeAfter(error, [() => traces.stop()]));
  let app: NestFastifyApplication | undefined;
  let logins: Logins | undefined;
  try {
    logins = await openLogins(configuration, open, log);
    const { serializer, identity } = open.backbone;
    const kafka = await kafkaParts(configuration.kafka);
    const reactionParts = { stores: open.stores, serializer, identity, configuration, log, onTrouble };
    let relayed: ((messages: number) => void) | undefined;
    let relaying = false;
    const relay =
      kafka &&
      (() => {
        relaying = true;
        return relayOf({ ...reactionParts, kafka }, (messages) => relayed?.(messages));
      });
    const backbone = relay === undefined ? open.backbone : { ...open.backbone, relay };
    const root: DynamicModule = { module: AppRoot, imports: [BackboneModule.of(backbone), ...modules] };
    const contracts = await wholeContracts({ ...configuration, tokenEndpoint: logins.server?.tokenEndpoint() });
    app = await createApp(root, {
      configuration,
      rejections: everyProblem,
      tokenVerifier: logins.verifier,
      ...(logins.tokenEndpoint === undefined ? {} : { tokenEndpoint: logins.tokenEndpoint }),
      answeredBefore: answeredBefore(backbone),
      lookUp: lookUp(backbone),
      planned: PLANNED_PATHS,
      ...(contracts === undefined ? {} : { contracts }),
      ...(logTo === undefined ? {} : { logTo }),
    });
    const metrics = app.get<Metrics>(METRICS, { strict: false });
    observer = storeMetrics(metrics);
    const groups: NonNullable<Parameters<typeof reactionStarter>[1]> = [];
    if (kafka !== undefined) relayed = kafkaMetrics(metrics, kafka, groups, log);
    const reactions = connectReactions(
      app,
      reactionStarter({ ...reactionParts, ...(kafka === undefined ? {} : { kafka }) }, groups),
    );
    await app.init();
    const reacting = await reactions.listen();
    // An app that neither relays nor reacts does not hang on a login that it has no use for.
    if (kafka !== undefined && (relaying || groups.length > 0)) await demandWelcome(kafka, log);
    registerFollowers([...open.followers, ...reacting], {
      probes: app.get<ProbeRegistry>(PROBES, { strict: false }),
      metrics,
      configuration,
    });
    const probes = app.get<ProbeRegistry>(PROBES, { strict: false });
    watchLogins(logins, { probes, metrics });
    await untilReady(probes, log);
    void letBuild(probes, building);
    const url = await startApp(app, configuration);
    const [begun, { issuer, close: endLogins }] = [app, logins];
    const closing = [() => begun.close(), endLogins, () => end(open, building), () => traces.stop()];
    return { url, app, issuer, open, stop: () => closeInTurn(closing) };
  } catch (error) {
    // What it began, such as a lease on decisions, ends before the stores do.
    const closing = [async () => app?.close(), async () => logins?.close(), () => end(open, building)];
    return closeAfter(error, [...closing, () => traces.stop()]);
  }
}

/** Waits until everything is fed, bounded; what is not is told. Then the first question can be answered. */
async function untilReady(probes: ProbeRegistry, log: (line: string) => void): Promise<void> {
  const end = performance.now() + START_PATIENCE;
  for (;;) {
    const { ready, probes: results } = await probes.check();
    if (ready) return;
    if (performance.now() > end) {
      const missing = results
        .filter(({ fine }) => !fine)
        .map(({ name, reason }) => `${name} (${reason ?? 'not fine'})`);
      return log(`Not ready yet: ${missing.join(', ')}`);
    }
    await delay(READY_LOOK);
  }
}

/** Lets read models build their tables once everything else is ready, or has not become so for long. */
async function letBuild(probes: ProbeRegistry, building: AbortController): Promise<void> {
  const { signal } = building;
  const end = performance.now() + BUILD_PATIENCE;
  while (!signal.aborted && performance.now() < end && !(await probes.check()).ready) {
    await delay(BUILD_LOOK, undefined, { ref: false });
  }
  building.abort();
}

function end(open: OpenBackbone, building: AbortController): Promise<void> {
  const closing = open.close();
  // Those that wait with their tables are told that it ends before they are told to build.
  building.abort();
  return closing;
}

function troubleOf(name: string, error: unknown, stopped: boolean): string {
  if (error instanceof StepParked) return `${name} has parked a step, a person has to decide: ${error.message}`;
  if (error instanceof MessageParked) return `${name} has parked a message, a person has to decide: ${error.message}`;
  return `${name} ${stopped ? 'has stopped' : 'tries again'}: ${reasonOf(error)}`;
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
