import { runUntilEnded } from '#libs/process';
import { startCluster } from './start-cluster.js';

/**
 * `npm run cluster [-- --exit] [-- --port N --instances N --data-dir DIR …]`: every app in processes of its own behind one
 * gateway, until Ctrl-C; `--exit` ends it once all are ready, with status 0.
 */
const args = process.argv.slice(2);
const exits = args.includes('--exit');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

await runUntilEnded(
  () =>
    startCluster(
      args.filter((arg) => arg !== '--exit'),
      say,
    ),
  say,
  async (cluster, end) => {
    say(`Waarborg cluster answers at ${cluster.url} (${cluster.services.length} processes)`);
    if (exits) end(0);
  },
);
