import { describe, expect, it } from '@jest/globals';
import { readConfiguration, settingVariables } from '#libs/configuration';
import { apps, ownApps, filesBelow, text, yaml, yamlDocuments } from './deployment-files.js';

/** The files as they are written; what Kustomize makes of them is judged by the lane `deploy`. */
const folder = 'deploy/kubernetes';

interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}
interface Probe {
  readonly httpGet: { readonly path: string };
}
interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
}
const podOf = (file: string): PodSpec =>
  (yaml(`${folder}/base/${file}`) as { spec: { template: { spec: PodSpec } } }).spec.template.spec;
const app = podOf('app/deployment.yaml').containers[0]!;

/** Apps that have a folder of their own. */
const folders = filesBelow(`${folder}/base`, 'kustomization.yaml')
  .map((file) => file.split('/').at(-2)!)
  .filter((name) => !['base', 'app', 'with-stores'].includes(name));

describe('deploy/kubernetes', () => {
  it('has every app and the gateway, and no suite', () => {
    expect([...new Set([...folders, 'suite'])].sort()).toEqual([...new Set(ownApps())].sort());
    expect(apps()).toContain('assurance');
    const { resources } = yaml(`${folder}/base/kustomization.yaml`) as { resources: readonly string[] };
    expect(resources.filter((resource) => !resource.endsWith('.yaml')).sort()).toEqual([...folders].sort());
    for (const name of folders) {
      expect(text(`${folder}/base/${name}/kustomization.yaml`)).toContain(`containers/0/args, value: [${name}]`);
    }
  });

  it('sets nothing that is not read', () => {
    const inFiles = [app, ...podOf('with-stores/stores.yaml').containers].flatMap(({ env = [] }) =>
      env.map(({ name }) => name),
    );
    const inPatches = folders.flatMap((name) =>
      [...text(`${folder}/base/${name}/kustomization.yaml`).matchAll(/name: ([A-Z][A-Z_]+)/g)].map(
        ([, setting]) => setting!,
      ),
    );
    const inOverlay = ['settings.env', 'kafka.env'].flatMap((file) =>
      [...text(`${folder}/overlays/production/${file}`).matchAll(/^([A-Z_]+)=/gm)].map(([, setting]) => setting!),
    );
    expect([inFiles.length > 5, inPatches.sort(), inOverlay.length > 8]).toEqual([
      true,
      ['DATABASE_OWNER_URL_FILE', 'DESTRUCTIONS_DIR', 'EVIDENCE_DIR', 'LOG_DIR', 'UPSTREAMS'],
      true,
    ]);
    const inComponents = filesBelow(`${folder}/components`, '.yaml').flatMap((file) =>
      [...text(file).matchAll(/name: ([A-Z][A-Z_]+), value/g)].map(([, setting]) => setting!),
    );
    expect(inComponents.sort()).toEqual(['EVIDENCE_STORE_CREDENTIALS_FILE', 'LOG_BUCKET_CREDENTIALS_FILE']);
    const set = [...inFiles, ...inPatches, ...inOverlay, ...inComponents];
    expect(set.filter((setting) => !settingVariables().includes(setting))).toEqual([]);
  });

  it('reaches brokers as production mode demands it, from the apps that have password and certificate alone', () => {
    const env = (file: string): Record<string, string> =>
      Object.fromEntries(
        [...text(`${folder}/overlays/production/${file}`).matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [
          name!,
          value!,
        ]),
      );
    const kafka = env('kafka.env');
    expect(Object.keys(env('settings.env')).filter((name) => name.startsWith('KAFKA_'))).toEqual([]);
    const [, port] = kafka['KAFKA_BROKERS']!.split(':');
    expect(text(`${folder}/base/network-policies.yaml`)).toContain(`port: ${port} }`);
    // What is mounted stands in for what is not here.
    const { KAFKA_TLS_CA_FILE: ca, KAFKA_SASL_PASSWORD_FILE: password, ...rest } = kafka;
    expect([ca, password]).toEqual([
      expect.stringMatching(/^\/certificates\//),
      expect.stringMatching(/^\/secrets\/stores\//),
    ]);
    const { kafka: read } = readConfiguration([], {
      ...{ ...env('settings.env'), ...rest, KAFKA_SASL_PASSWORD: 'x', PUBLIC_BASE_URL: 'https://register.test' },
    });
    expect(read).toMatchObject({ tls: {}, login: { mechanism: 'scram-sha-512', username: 'waarborg' } });
    const [app_] = podOf('with-stores/stores.yaml').containers;
    expect(app_!.envFrom).toEqual([
      ...podOf('app/deployment.yaml').containers[0]!.envFrom!,
      { configMapRef: { name: 'waarborg-kafka' } },
    ]);
  });

  it('asks at ports that are set, for paths that are served', () => {
    const setting = (name: string): string | undefined => app.env!.find((each) => each.name === name)?.value;
    const ports = Object.fromEntries(app.ports!.map(({ name, containerPort }) => [name, String(containerPort)]));
    expect(ports).toEqual({ http: setting('PORT'), metrics: setting('INTERNAL_PORT') });
    const served = text('libs/platform/health/health-routes.ts');
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
      expect(served).toContain(`fastify.get('${app[probe]!.httpGet.path}'`);
    }
    // Whether a database is there says nothing about whether the process has to be started again.
    expect(app.livenessProbe!.httpGet.path).toBe('/health/live');
    const open = yamlDocuments(`${folder}/base/network-policies.yaml`).flatMap((policy) =>
      [...JSON.stringify(policy).matchAll(/"port":(\d+)/g)].map(([, port]) => port!),
    );
    expect(open).toEqual(expect.arrayContaining([ports['http'], ports['metrics']]));
  });

  it('gives each app longer to end than it takes, behind the moment until nobody asks it any more', () => {
    const { silence, sleep } = {
      silence: Number(/silence: ([\d_]+)/.exec(text('libs/platform/http/limits.ts'))![1]!.replaceAll('_', '')) / 1_000,
      sleep: Number(/preStop:\s+sleep: \{ seconds: (\d+) \}/.exec(text(`${folder}/base/app/deployment.yaml`))![1]),
    };
    const request =
      Number(/request: ([\d_]+)/.exec(text('libs/platform/http/limits.ts'))![1]!.replaceAll('_', '')) / 1_000;
    const { terminationGracePeriodSeconds: grace } = podOf('app/deployment.yaml');
    expect([grace >= silence, grace > sleep + request]).toEqual([true, true]);
  });

  it('has keys put in place by the image’s own program, before the app starts', () => {
    const [keys] = podOf('with-stores/stores.yaml').initContainers!;
    expect(keys!.command!.slice(0, 2)).toEqual(['node', 'place-keys.mjs']);
    expect(text('deploy/docker/Dockerfile')).toContain('deploy/docker/place-keys.mjs');
  });
});
