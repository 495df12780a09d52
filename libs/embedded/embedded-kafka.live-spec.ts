import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noKafka, unless } from '#libs/testing';
import { kafkaJars, startEmbeddedKafka, type EmbeddedKafka } from './index.js';

const POM = 'deploy/kafka/pom.xml';

/** Whether somebody answers there. */
const answers = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const [host, port] = address.split(':');
    const socket = connect({ host: host!, port: Number(port) });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.end());
  });

unless(noKafka()).describe('a broker of our own', () => {
  let dataDir: string;
  let kafka: EmbeddedKafka;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'waarborg-kafka-spec-'));
    kafka = await startEmbeddedKafka({ dataDir, jars: await kafkaJars(POM) });
  });
  afterAll(async () => {
    await kafka.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('is there again after it was killed, at the same address and as the same cluster', async () => {
    const properties = join(dataDir, 'data', 'meta.properties');
    const before = await readFile(properties, 'utf8');
    expect(await answers(kafka.brokers[0]!)).toBe(true);
    await kafka.kill();
    expect([kafka.pid, await answers(kafka.brokers[0]!)]).toEqual([undefined, false]);
    await kafka.start();
    expect(await answers(kafka.brokers[0]!)).toBe(true);
    expect(await readFile(properties, 'utf8')).toBe(before);
  });

  it('takes the place of one that a killed run left on the same data', async () => {
    const lines: string[] = [];
    const former = kafka.pid;
    kafka = await startEmbeddedKafka({ dataDir, jars: await kafkaJars(POM), log: (line) => void lines.push(line) });
    expect(lines).toEqual([`Ends the Kafka that a killed run left on ${dataDir} (process ${former}).`]);
    expect(kafka.pid).not.toBe(former);
    expect(await answers(kafka.brokers[0]!)).toBe(true);
  });

  it('says what is in the way when its port is taken by another program', async () => {
    const another = await mkdtemp(join(tmpdir(), 'waarborg-kafka-spec-'));
    try {
      await copyFile(join(dataDir, 'ports.json'), join(another, 'ports.json'));
      const starting = startEmbeddedKafka({ dataDir: another, jars: await kafkaJars(POM) });
      await expect(starting).rejects.toThrow(/has port \d+, which another program has now/);
    } finally {
      await rm(another, { recursive: true, force: true });
    }
  });
});
