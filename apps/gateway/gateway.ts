import { closeAfter, closeInTurn, takeTraces } from '#libs/composition';
import { ConfigurationFault, type Configuration } from '#libs/configuration';
import { startGateway, type LogStream, type RunningGateway } from '#libs/platform';
import { APPS, LARGE_BODIES, ROUTES } from './routes.js';

/** Starts the gateway in front of the instances that the configuration names; every app has at least one. */
export async function runGateway(
  configuration: Configuration,
  log: (line: string) => void,
  logTo?: LogStream,
): Promise<RunningGateway> {
  const { upstreams = {} } = configuration;
  const faults = [
    ...APPS.filter((app) => !Object.hasOwn(upstreams, app)).map(
      (app) => `--upstreams (UPSTREAMS) names no instance of ${app}: ${app}=http://host:port`,
    ),
    ...Object.keys(upstreams)
      .filter((name) => !(APPS as readonly string[]).includes(name))
      .map((name) => `--upstreams (UPSTREAMS) names "${name}", which is no app: there are ${APPS.join(', ')}`),
  ];
  if (faults.length > 0) throw new ConfigurationFault(faults);
  // Its span is the parent of the app's: untold, every trace would begin with a hole.
  const traces = await takeTraces({ serviceName: 'waarborg-gateway', ...configuration }, log);
  const to = logTo === undefined ? {} : { logTo };
  try {
    const gateway = await startGateway({
      configuration,
      routes: ROUTES,
      upstreams,
      largeBodies: LARGE_BODIES,
      log,
      ...to,
    });
    return { ...gateway, stop: () => closeInTurn([() => gateway.stop(), () => traces.stop()]) };
  } catch (error) {
    return closeAfter(error, [() => traces.stop()]);
  }
}
