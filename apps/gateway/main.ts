import { readConfiguration } from '#libs/configuration';
import { runUntilEnded } from '#libs/process';
import { runGateway } from './index.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

await runUntilEnded(async () => {
  const configuration = readConfiguration(process.argv.slice(2), process.env);
  const gateway = await runGateway(configuration, say);
  say(`Waarborg gateway answers at ${gateway.url}`);
  return gateway;
}, say);
