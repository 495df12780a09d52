// A double as a process of its own, to be killed: node libs/testing/eventstoredb-double/run.mjs [--port N] [--data FILE]
// [--sync] [--latency MS]. Prints `listening on PORT` when it answers.
import { register } from 'node:module';
import { parseArgs } from 'node:util';

register('./typescript.mjs', import.meta.url);
const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    data: { type: 'string' },
    sync: { type: 'boolean' },
    latency: { type: 'string' },
  },
});
const { startEventStoreDbDouble } = await import('./server.ts');
const double = await startEventStoreDbDouble({
  port: Number(values.port ?? 0),
  sync: values.sync ?? false,
  ...(values.data === undefined ? {} : { data: values.data }),
});
double.faults.latency = Number(values.latency ?? 0);
console.log(`listening on ${double.port}`);
process.on('message', (message) => {
  switch (message.order) {
    case 'faults':
      Object.assign(double.faults, message.faults);
      break;
    case 'put-back':
      double.putBack(BigInt(message.position));
      break;
    case 'system-events':
      for (let count = 0; count < message.count; count += 1) double.writeSystemEvent();
      break;
    case 'drop-subscriptions':
      double.dropSubscriptions();
      break;
  }
  process.send(message.nr);
});
// Nobody is left who could end it.
process.on('disconnect', () => process.exit(0));
const end = () => void double.close().then(() => process.exit(0));
process.once('SIGTERM', end);
process.once('SIGINT', end);
