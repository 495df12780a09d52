import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ConfigurationFault, readConfiguration } from '#libs/configuration';
import { localIssuer, PERSONAL_ROLES, type LocalIssuer } from '#libs/platform';
import { connect, type Waarborg } from '#libs/client';
import { startWaarborg } from '#libs/composition';
import { runUntilEnded, type Endable } from '#libs/process';
import { fileKeyProvider, requireKeys, signingKey } from '#libs/vault';
import { startCluster } from '../cluster/start-cluster.js';
import { refuseForeignIssuer } from '../local-tokens.js';
import { takeOptions } from '../options.js';
import { suiteModules } from '../suite.modules.js';
import { tellDailyWork } from './daily-work.js';
import { printer } from './printer.js';
import { checkSignedAnswer } from './signed-answer.js';
import { tellStory } from './story.js';
import { letTimePass } from './time-passes.js';

/**
 * `npm run demo [-- --exit] [-- --cluster [--instances N]] [-- --port N --data-dir DIR]`: starts the suite, or every app in
 * processes of its own behind a gateway (`--cluster`), plays the main job through its API and then keeps serving, or ends with status 0
 * (`--exit`).
 *
 * `npm run demo -- --against URL [--data-dir DIR]`: plays it on a suite that runs already, by tokens of its local issuer, whose
 * keys lie in DIR, and ends.
 */
const { taken, rest: args } = takeOptions(process.argv.slice(2), ['against']);
const { against } = taken;
const asCluster = args.includes('--cluster');
const exits = against !== undefined || args.includes('--exit');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Beside the data of `npm start`, so that a demonstration mixes with them only where it is told to. */
const withDefaults = (given: readonly string[]): readonly string[] => [
  ...(against !== undefined ||
  given.some((arg) => arg.startsWith('--data-dir')) ||
  process.env['DATA_DIR'] !== undefined
    ? []
    : ['--data-dir', join('data', 'demo')]),
  ...(given.some((arg) => arg.startsWith('--port')) || !exits ? [] : ['--port', '0']),
  ...(given.some((arg) => arg.startsWith('--log-level')) ? [] : ['--log-level', 'warn']),
  ...given,
];

/** What the story is played on. */
interface Stage extends Endable {
  readonly url: string;
  readonly issuer: Pick<LocalIssuer, 'issue'>;
}

async function suite(given: readonly string[]): Promise<Stage> {
  const configuration = readConfiguration(given, process.env);
  say(`Starting Waarborg with its own PostgreSQL; data in ${configuration.dataDir} …`);
  return startWaarborg(suiteModules, configuration, say);
}

async function cluster(given: readonly string[]): Promise<Stage> {
  say('Starting Waarborg as a cluster on this machine …');
  const { url, configuration, stop } = await startCluster(given, say);
  const keys = await fileKeyProvider(join(configuration.dataDir, 'keys'));
  return { url, issuer: localIssuer(await signingKey(keys, 'token'), configuration), stop };
}

/** Throws unless the suite takes tokens of these keys: before the story is told, and with what to do instead. */
async function demandTaken(origin: string, token: string, folder: string): Promise<void> {
  const { status } = await fetch(`${origin}/v1/applications/${randomUUID()}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (status !== 401) return;
  throw new ConfigurationFault([
    `the suite at ${origin} takes no tokens by the keys in ${folder}: name the folder of its data with --data-dir`,
  ]);
}

/** A suite that somebody else has started, and goes on when this ends. */
async function runningAt(given: readonly string[], address: string): Promise<Stage> {
  if (asCluster) throw new ConfigurationFault(['--against names what runs already: leave --cluster out']);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.pathname !== '/' || url.search !== '') {
    throw new ConfigurationFault([`--against ${address} is the address of a suite, such as http://localhost:8080`]);
  }
  const configuration = readConfiguration(given, process.env);
  const folder = join(configuration.dataDir, 'keys');
  await requireKeys(folder);
  const status = await fetch(`${url.origin}/health/ready`).then(
    (answer) => String(answer.status),
    (error: unknown) => String((error as { readonly cause?: unknown }).cause ?? error),
  );
  if (status !== '200') throw new ConfigurationFault([`nothing is ready at ${url.origin} (${status}): start it first`]);
  const issuer = localIssuer(await signingKey(await fileKeyProvider(folder), 'token'), configuration);
  await demandTaken(
    url.origin,
    await issuer.issue({ role: 'supplier', client: 'demo-supplier', clerk: 'supplier-1' }),
    folder,
  );
  return { url: url.origin, issuer, stop: () => Promise.resolve() };
}

await runUntilEnded(
  async () => {
    const given = withDefaults(args.filter((arg) => arg !== '--exit' && arg !== '--cluster'));
    // The story's tokens are of the local issuer.
    const settings = asCluster ? takeOptions(given, ['instances']).rest : given;
    refuseForeignIssuer(readConfiguration(settings, process.env));
    const running = await (against !== undefined
      ? runningAt(given, against)
      : asCluster
        ? cluster(given)
        : suite(given));
    say(`Waarborg answers at ${running.url}`);
    return running;
  },
  say,
  async (running, end) => {
    const token = (role: 'supplier' | 'network' | 'auditor'): Promise<string> =>
      running.issuer.issue({
        role,
        client: `demo-${role}`,
        ...(PERSONAL_ROLES.includes(role) ? { clerk: `${role}-1` } : {}),
      });
    const [supplier, network, auditor] = await Promise.all([token('supplier'), token('network'), token('auditor')]);
    const as = (given: string): Waarborg =>
      connect({ base: running.url, credentials: { token: () => Promise.resolve(given) } });
    const clients = { supplier: as(supplier), network: as(network), auditor: as(auditor) };
    const print = printer(say);
    const run = `demo-${randomBytes(6).toString('hex')}`;
    const told = await tellStory(clients, print, run);
    await tellDailyWork(clients, print, `${run}-daily`);
    const question = {
      subject: { type: 'means', id: told.pseudonym },
      action: { name: 'represent', properties: { service: told.service, level: 'EH3' } },
      resource: { type: 'organization', id: 'kvk:69599068' },
    };
    await checkSignedAnswer({ url: running.url, token: network, body: question }, print);
    await letTimePass(print, `${run}-time`);
    say('');
    if (exits) {
      say('The demo went through.');
      if (against !== undefined) say(`What it left on record is in the log: npm run verify -- ${running.url}/log`);
      return end(0);
    }
    const json = `-H "Content-Type: application/json"`;
    const search = { reason: 'looking around', authorization: told.authorization };
    say('Waarborg keeps serving; Ctrl+C ends it. Try:');
    say(`  export NETWORK=${network}`);
    say(`  export AUDITOR=${auditor}`);
    say(
      `  curl -s ${running.url}/access/v1/evaluation -H "Authorization: Bearer $NETWORK" ${json} -d '${JSON.stringify(question)}'`,
    );
    say(
      `  curl -s ${running.url}/v1/audit/checks/_search -H "Authorization: Bearer $AUDITOR" ${json} -d '${JSON.stringify(search)}'`,
    );
    say(`  curl -s ${running.url}/health/ready`);
    say(`  curl -s ${running.url}/v1/openapi.json`);
  },
);
