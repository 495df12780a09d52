import stopPostgres from '../postgres/stop.js';

export default async function stop() {
  const stopping = globalThis.stopTestKafka;
  delete globalThis.stopTestKafka;
  await stopping?.();
  await stopPostgres();
}
