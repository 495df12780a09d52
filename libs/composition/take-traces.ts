import { context, diag, DiagLogLevel, trace } from '@opentelemetry/api';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigurationFault, type Configuration } from '#libs/configuration';
import { packageManifest } from '#libs/platform';

/** Spans that wait for the collector at most; what comes beyond is dropped, and no request waits. */
const WAITING_SPANS = 8_192;
/** How long the last spans may take to be handed over at the end, in milliseconds. */
const LAST_SPANS = 2_000;
/** Troubles of the exporter are told this often at most (milliseconds): a collector that is away is one trouble. */
const TELL_EVERY = 60_000;

export interface Traces {
  /** Hands over what waits, bounded, and takes no more spans. */
  stop(): Promise<void>;
}

/**
 * Takes spans of this process and sends them by OTLP (HTTP, JSON), where an endpoint is configured; else nothing is loaded
 * and nothing taken. Headers, certificates and sampling are read by the exporter itself from its own `OTEL_…` variables.
 * Throws `ConfigurationFault` where the packages are not installed.
 */
export async function takeTraces(
  { tracesEndpoint, serviceName }: Pick<Configuration, 'tracesEndpoint' | 'serviceName'>,
  log: (line: string) => void,
): Promise<Traces> {
  if (tracesEndpoint === undefined) return { stop: async () => undefined };
  const { AsyncLocalStorageContextManager, BasicTracerProvider, BatchSpanProcessor, OTLPTraceExporter, ...resources } =
    await loadPackages();
  let toldAt = -Infinity;
  const tell = (message: string): void => {
    if (performance.now() - toldAt < TELL_EVERY) return;
    toldAt = performance.now();
    log(`Traces are not taken by ${new URL(tracesEndpoint).origin}: ${firstWords(message)}`);
  };
  const quiet = (): void => undefined;
  diag.setLogger(
    { error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const provider = new BasicTracerProvider({
    resource: resources.resourceFromAttributes({
      'service.name': serviceName ?? 'waarborg',
      'service.version': packageManifest().version,
      'service.instance.id': randomUUID(),
    }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: tracesEndpoint }), {
        maxQueueSize: WAITING_SPANS,
        scheduledDelayMillis: 1_000,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return {
    async stop() {
      trace.disable();
      context.disable();
      const ending = new AbortController();
      await Promise.race([
        provider.shutdown().catch((error: unknown) => tell(String(error))),
        delay(LAST_SPANS, undefined, { signal: ending.signal }).catch(quiet),
      ]);
      ending.abort();
      diag.disable();
    },
  };
}

/** Optional peers: who does not ask for traces does not install them (docs/adr/0085). */
const PACKAGES = [
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-base',
];

async function loadPackages() {
  try {
    const [hooks, exporter, resources, sdk] = await Promise.all([
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/sdk-trace-base'),
    ]);
    return { ...hooks, ...exporter, ...resources, ...sdk };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const { peerDependencies } = packageManifest();
    const wanted = PACKAGES.map((name) => `${name}@${peerDependencies[name]}`).join(' ');
    throw new ConfigurationFault([
      `traces are to be sent (OTEL_EXPORTER_OTLP_ENDPOINT) and their packages are missing: npm install --no-save ${wanted}`,
    ]);
  }
}

/** The exporter's messages are errors as JSON, with their stacks. */
function firstWords(message: string): string {
  const match = /"message":"((?:[^"\\]|\\.)*)"/.exec(message);
  return (match?.[1] ?? message).slice(0, 200);
}
