import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileEmbedded } from '../postgres/compile-embedded.js';
import startPostgres from '../postgres/start.js';

const POM = fileURLToPath(new URL('../../deploy/kafka/pom.xml', import.meta.url));

/**
 * PostgreSQL as in the lane `int`, and one broker for every spec of a run; topics and groups are each spec's own. Its
 * addresses stand in WAARBORG_TEST_KAFKA, or why there is none in WAARBORG_NO_KAFKA; KAFKA_BROKERS brings another.
 */
export default async function start() {
  await startPostgres();
  if (process.env.KAFKA_BROKERS) {
    process.env.WAARBORG_TEST_KAFKA = process.env.KAFKA_BROKERS;
    return;
  }
  const { module } = await compileEmbedded();
  const { kafkaJars, startEmbeddedKafka, whyNoKafka } = await import(module);
  const reason = whyNoKafka();
  if (reason !== undefined) {
    if (process.env.CI === 'true') throw new Error(`${reason}: in CI this lane has to run`);
    process.env.WAARBORG_NO_KAFKA = reason;
    return;
  }
  const say = (line) => process.stderr.write(`${line}\n`);
  const dataDir = await mkdtemp(join(tmpdir(), 'waarborg-kafka-'));
  const kafka = await startEmbeddedKafka({ dataDir, jars: await kafkaJars(POM, say), log: say });
  process.env.WAARBORG_TEST_KAFKA = kafka.brokers.join(',');
  globalThis.stopTestKafka = async () => {
    delete process.env.WAARBORG_TEST_KAFKA;
    await kafka.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
