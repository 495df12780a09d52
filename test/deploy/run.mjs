// The lane `deploy`: files of Kubernetes and Prometheus before the tools of those. Where a tool is not here it is fetched when
// the lane was named or CI is true, into a folder that is not kept; else, and where it can't be fetched, its part is not run.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { faultsOf, leftToFillIn, madeOutside } from '../../deploy/kubernetes/objects.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const KUSTOMIZE = 'v5.8.1';
const VALIDATE = '1.37.0';
/** Of Kubernetes: the oldest that is said to work, and the newest that the schemas know. */
const VERSIONS = ['1.31', '1.37'];
const cache = join(root, 'node_modules/.cache/waarborg-deploy-tools');
const MINUTES = 8 * 60_000;

const tools = {
  kustomize: {
    path: join(cache, `kustomize-${KUSTOMIZE}/kustomize`),
    fetch: (path) =>
      run('go', ['install', `sigs.k8s.io/kustomize/kustomize/v5@${KUSTOMIZE}`], {
        env: { ...process.env, GOBIN: join(path, '..'), GOFLAGS: '' },
        timeout: MINUTES,
      }),
  },
  'kubernetes-validate': {
    path: join(cache, `validate-${VALIDATE}/bin/kubernetes-validate`),
    async fetch(path) {
      const environment = join(path, '../..');
      await run('python3', ['-m', 'venv', environment], { timeout: MINUTES });
      const pip = [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        `kubernetes-validate==${VALIDATE}`,
      ];
      await run(join(environment, 'bin/python'), pip, { timeout: MINUTES });
    },
  },
  "Prometheus' reader of rules": {
    path: join(cache, 'check-rules-v0.313.3/check-rules'),
    fetch: (path) =>
      run('go', ['build', '-mod=readonly', '-o', path, '.'], {
        cwd: join(root, 'test/deploy/check-rules'),
        env: { ...process.env, GOFLAGS: '' },
        timeout: MINUTES,
      }),
  },
};

/** Where the tool is; why it is not, as an error. */
async function tool(name, mayFetch) {
  const { path, fetch } = tools[name];
  if (existsSync(path)) return path;
  if (!mayFetch) throw new NotHere(`${name} is not here; npm test -- deploy fetches it`);
  await mkdir(cache, { recursive: true });
  try {
    await fetch(path);
  } catch (error) {
    await rm(path, { force: true });
    const said =
      String(error.stderr ?? '')
        .trim()
        .split('\n')
        .at(-1) || error.message;
    throw new NotHere(`${name} can't be fetched: ${said}`);
  }
  return path;
}

class NotHere extends Error {}

/** Runs every part; answers how many passed, failed and were skipped. */
export async function checkDeployment(mayFetch, say) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const part = async (name, work) => {
    try {
      await work();
      counts.passed += 1;
    } catch (error) {
      if (error instanceof NotHere) {
        counts.skipped += 1;
        say(`not run: ${name}: ${error.message}`);
      } else {
        counts.failed += 1;
        say(`failed: ${name}: ${`${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message}`);
      }
    }
  };
  const demand = (holds, what) => {
    if (!holds) throw new Error(what);
  };
  const kustomize = () => tool('kustomize', mayFetch);
  const build = async (folder) =>
    (await run(await kustomize(), ['build', folder], { maxBuffer: 1e8, timeout: 60_000 })).stdout;
  const objectsOf = (text) => parseAllDocuments(text).map((document) => document.toJS());
  const overlay = join(root, 'deploy/kubernetes/overlays/production');
  const folder = await mkdtemp(join(tmpdir(), 'waarborg-deploy-'));
  try {
    await part('the objects of deploy/kubernetes have what they must', async () => {
      const objects = objectsOf(await build(overlay));
      demand(faultsOf(objects).length === 0, faultsOf(objects).join('\n'));
      const outside = [
        'ConfigMap waarborg-certificates',
        ...['keys', 'owner', 'stores'].map((of) => `Secret waarborg-${of}`),
      ];
      demand(String(madeOutside(objects)) === String(outside), `made outside: ${madeOutside(objects).join(', ')}`);
      // The check has teeth.
      const bad = structuredClone(objects).filter(({ kind }) => kind !== 'PodDisruptionBudget');
      const deployment = bad.find(({ kind }) => kind === 'Deployment');
      deployment.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem = false;
      bad.push({ kind: 'Secret', metadata: { name: 'told' } });
      const told = faultsOf(bad).join('\n');
      for (const fault of ['secrets are made outside', 'may write to its root', 'no disruption budget']) {
        demand(told.includes(fault), `not noticed: ${fault}`);
      }
    });
    await part('an overlay is refused until it is filled in, and then is not', async () => {
      const left = leftToFillIn(objectsOf(await build(overlay)));
      for (const fault of ['has no digest', 'OIN is that of a test', 'AUTH_ISSUER is the example']) {
        demand(
          left.some((each) => each.includes(fault)),
          `not asked for: ${fault}`,
        );
      }
      await cp(join(root, 'deploy/kubernetes'), folder, { recursive: true });
      const own = join(folder, 'overlays/production');
      const change = async (name, ...changes) => {
        let text = await readFile(join(own, name), 'utf8');
        for (const [from, to] of changes) text = text.replaceAll(from, to);
        await writeFile(join(own, name), text);
      };
      await change('kustomization.yaml', [/newTag: .*/g, `digest: sha256:${'ab'.repeat(32)}`], ['.example/', '.test/']);
      await change('settings.env', ['00000099', '00000001'], [/\.example$/gm, '.test']);
      const filled = leftToFillIn(objectsOf(await build(own)));
      demand(filled.length === 0, filled.join('\n'));
    });
    const withBuckets = async () => {
      const own = join(folder, 'with-buckets/overlays/production');
      await cp(join(root, 'deploy/kubernetes'), join(own, '../..'), { recursive: true });
      const file = join(own, 'kustomization.yaml');
      const text = await readFile(file, 'utf8');
      const added =
        'components: [../../components/buckets]\nconfigMapGenerator:\n  - name: waarborg-buckets\n    envs: [buckets.env]\n';
      await writeFile(file, text.replace('configMapGenerator:\n', added));
      await writeFile(join(own, 'buckets.env'), 'EVIDENCE_STORE=s3://evidence?lock=compliance\nLOG_BUCKET=s3://log\n');
      return build(own);
    };
    await part('an archive with buckets has no volume for what lies in them', async () => {
      const objects = objectsOf(await withBuckets());
      demand(faultsOf(objects).length === 0, faultsOf(objects).join('\n'));
      demand(madeOutside(objects).includes('Secret waarborg-buckets'), 'no secret for the buckets');
      const ofArchive = ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'waarborg-archive';
      const { containers, volumes } = objects.find(ofArchive).spec.template.spec;
      const [{ env, envFrom, volumeMounts }] = containers;
      const settings = env.map(({ name }) => name);
      for (const gone of ['EVIDENCE_DIR', 'LOG_DIR']) demand(!settings.includes(gone), `${gone} is still set`);
      for (const name of ['evidence', 'log']) {
        demand(![...volumes, ...volumeMounts].some((each) => each.name === name), `the volume ${name} is still there`);
      }
      demand(
        envFrom.some(({ configMapRef }) => configMapRef.name.startsWith('waarborg-buckets')),
        'the addresses are not read',
      );
      const left = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim').map(({ metadata }) => metadata.name);
      demand(!left.includes('waarborg-log-archive'), 'the claim of the log is still made');
    });
    for (const version of VERSIONS) {
      await part(`deploy/kubernetes with buckets fits the schemas of Kubernetes ${version}`, async () => {
        const file = join(folder, 'with-buckets.yaml');
        await writeFile(file, await withBuckets());
        const validate = await tool('kubernetes-validate', mayFetch);
        await run(validate, ['--strict', '-k', version, '--quiet', file], { timeout: 120_000 });
      });
      await part(`deploy/kubernetes fits the schemas of Kubernetes ${version}`, async () => {
        const validate = await tool('kubernetes-validate', mayFetch);
        const file = join(folder, 'objects.yaml');
        await writeFile(file, await build(overlay));
        await run(validate, ['--strict', '-k', version, '--quiet', file], { timeout: 120_000 });
        await writeFile(file, (await build(overlay)).replace('maxUnavailable: 1', 'maxUnavailable: [1]'));
        const refused = await run(validate, ['--strict', '-k', version, '--quiet', file]).then(
          () => false,
          () => true,
        );
        demand(refused, 'a wrong object was not noticed');
      });
    }
    await part('alarms and dashboard are what Prometheus reads', async () => {
      const check = await tool("Prometheus' reader of rules", mayFetch);
      const dashboard = join(root, 'deploy/grafana/dashboards/waarborg.json');
      const rules = join(root, 'deploy/prometheus/rules.yml');
      await run(check, [rules, dashboard]);
      for (const [file, from, to] of [
        [rules, 'waarborg_ready == 0', 'waarborg_ready =='],
        [dashboard, 'sum(rate(', 'sum((('],
      ]) {
        const bad = join(folder, file.endsWith('.json') ? 'bad.json' : 'bad.yml');
        await writeFile(bad, (await readFile(file, 'utf8')).replace(from, to));
        const refused = await run(check, [bad]).then(
          () => false,
          () => true,
        );
        demand(refused, `a wrong ${file} was not noticed`);
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return counts;
}
