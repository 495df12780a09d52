import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { PERSONAL_ROLES, readConfiguration } from '#libs/platform';
import { connect, type Waarborg } from '#libs/client';
import { runUntilEnded, startWaarborg } from '#libs/composition';
import { suiteModules } from '../suite.modules.js';
import { printer } from './printer.js';
import { tellStory } from './story.js';

/**
 * `npm run demo [-- --exit] [-- --port N --data-dir DIR]`: starts the suite, plays the main job through its API and then
 * keeps serving, or ends with status 0 (`--exit`).
 */
const args = process.argv.slice(2);
const exits = args.includes('--exit');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Beside the data of `npm start`, so that a demonstration never mixes with them. */
const withDefaults = (given: readonly string[]): readonly string[] => [
  ...(given.some((arg) => arg.startsWith('--data-dir')) || process.env['DATA_DIR'] !== undefined
    ? []
    : ['--data-dir', join('data', 'demo')]),
  ...(given.some((arg) => arg.startsWith('--port')) || !exits ? [] : ['--port', '0']),
  ...(given.some((arg) => arg.startsWith('--log-level')) ? [] : ['--log-level', 'warn']),
  ...given,
];

await runUntilEnded(
  async () => {
    const configuration = readConfiguration(withDefaults(args.filter((arg) => arg !== '--exit')), process.env);
    say(`Starting Waarborg with its own PostgreSQL; data in ${configuration.dataDir} …`);
    const running = await startWaarborg(suiteModules, configuration, say);
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
    const told = await tellStory(clients, printer(say), `demo-${randomBytes(6).toString('hex')}`);
    say('');
    if (exits) {
      say('The demo went through.');
      return end(0);
    }
    const json = `-H "Content-Type: application/json"`;
    const question = {
      subject: { type: 'means', id: told.pseudonym },
      action: { name: 'represent', properties: { service: told.service, level: 'EH3' } },
      resource: { type: 'organization', id: 'kvk:69599068' },
    };
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
