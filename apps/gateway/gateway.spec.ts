import { expect, it } from '@jest/globals';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { APPS } from './index.js';
import { runGateway } from './gateway.js';

const faultsOf = async (upstreams: string): Promise<readonly string[]> => {
  const starting = runGateway(readConfiguration(['--port', '0', '--upstreams', upstreams], {}), () => undefined);
  const fault = await starting.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(ConfigurationFault);
  return (fault as ConfigurationFault).faults;
};

it('a gateway without an instance of every app, or with one of no app, does not start and says which', async () => {
  const all = APPS.map((app) => `${app}=http://127.0.0.1:9`);
  expect(await faultsOf(all.slice(1).join(','))).toEqual([
    `--upstreams (UPSTREAMS) names no instance of ${APPS[0]}: ${APPS[0]}=http://host:port`,
  ]);
  expect(await faultsOf([...all, 'console=http://127.0.0.1:9'].join(','))).toEqual([
    `--upstreams (UPSTREAMS) names "console", which is no app: there are ${APPS.join(', ')}`,
  ]);
  expect(await faultsOf(`${all[0]!}`)).toHaveLength(APPS.length - 1);
});
