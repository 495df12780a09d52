export default async function stop() {
  const stopping = globalThis.stopTestPostgres;
  delete globalThis.stopTestPostgres;
  await stopping?.();
}
