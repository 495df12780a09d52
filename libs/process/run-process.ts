import { readConfiguration, type Configuration } from '#libs/configuration';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#libs/embedded';
import { runUntilEnded, type Endable } from './run-until-ended.js';

/** What is there already when an app starts. */
export interface Begun {
  /** The embedded server on its way. Absent: nobody has started it. */
  readonly server?: Promise<EmbeddedPostgres>;
}

/** Starts an app and resolves once it answers. `log` gets one line per thing worth telling. */
export type Start = (
  configuration: Configuration,
  log: (line: string) => void,
  begun: Begun,
) => Promise<Endable & { readonly url: string }>;

/**
 * Runs an app as a process: reads the configuration, starts, and ends on a signal, requests first, server last. `load` gets
 * what the app consists of, while the embedded server, where there is one, comes up (ADR 143).
 */
export const runProcess = (
  name: string,
  load: () => Promise<{ readonly start: Start }>,
  args: readonly string[],
): Promise<void> => {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  return runUntilEnded(async () => {
    const configuration = { serviceName: `waarborg-${name}`, ...readConfiguration(args, process.env) };
    say(`Waarborg ${name} starts, data in ${configuration.dataDir}.`);
    const begun = await beginServer(configuration, say);
    const { start } = await load();
    const running = await start(configuration, say, begun);
    say(`Waarborg ${name} answers at ${running.url}`);
    return running;
  }, say);
};

/** The embedded server, once it runs; nothing where the configuration names another one. */
async function beginServer(
  { databaseUrl, dataDir, pgDir }: Configuration,
  log: (line: string) => void,
): Promise<Begun> {
  if (databaseUrl !== undefined) return {};
  let launched = (): void => undefined;
  const runs = new Promise<void>((resolve) => (launched = resolve));
  const server = startEmbeddedPostgres({ dataDir, log, launched, ...(pgDir === undefined ? {} : { pgDir }) });
  // Whoever opens the databases is told what went wrong.
  const settled = server.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([runs, settled]);
  return { server };
}
