import { afterEach, describe, expect, it } from '@jest/globals';
import { smallBroker, type SmallBroker } from '#libs/testing';
import { demandWelcome, withAdmin } from './connection.js';
import type { KafkaSettings } from './settings.js';

const open: SmallBroker[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
const broker = async (does: Parameters<typeof smallBroker>[0]): Promise<SmallBroker> => {
  const started = await smallBroker(does);
  open.push(started);
  return started;
};

const LOGIN = { mechanism: 'plain', username: 'register', password: 'geheim' } as const;
const settings = ({ address }: SmallBroker, more: Partial<KafkaSettings> = {}): KafkaSettings => ({
  ...{ brokers: [address], prefix: '', log: () => undefined, ...more },
});
const toldBy = (work: Promise<unknown>): Promise<string> => work.then(() => 'let in', String);

describe('a broker that goes away while it is told who comes', () => {
  it.each([
    ['closes', (connection: { end(): void }) => connection.end()],
    ['resets', (connection: { resetAndDestroy(): void }) => connection.resetAndDestroy()],
  ])('is away, and does not end a start (%s)', async (_how, onLogin) => {
    const there = settings(await broker({ onLogin }), { login: LOGIN });
    expect(await toldBy(withAdmin(there, (admin) => admin.describeCluster()))).toMatch(
      /^KafkaUnreachable: no broker answers at .* \(SASL PLAIN authentication failed: .*\): start them/,
    );
    expect(await toldBy(demandWelcome(there))).toBe('let in');
  });
});

/** Of documents: nobody has it. */
const FAR = { host: '192.0.2.1', port: 9092 };

describe.each([
  ['with a login', { login: LOGIN }],
  ['without one', {}],
])('plain text that is to stay here, %s', (_what, login) => {
  const REFUSED =
    /^KafkaRefused: the broker 192\.0\.2\.1:9092 is beyond this machine, .*: set KAFKA_TLS=true and name its listener/;
  const controller = (given: KafkaSettings): Promise<string> =>
    toldBy(withAdmin(given, (admin) => admin.createTopics({ topics: [{ topic: 'register.party.events.v1' }] })));

  it('is not let in by a broker that tells of one elsewhere, nor sent to that', async () => {
    const there = settings(await broker({ tellsOf: FAR }), { ...login, hereOnly: true });
    expect(await toldBy(demandWelcome(there))).toMatch(REFUSED);
    expect(await controller(there)).toMatch(REFUSED);
  });

  it('goes to brokers on this machine by number and by name', async () => {
    const itself = await broker({});
    expect(await toldBy(demandWelcome(settings(itself, { ...login, hereOnly: true })))).toBe('let in');
    const port = Number(itself.address.split(':')[1]);
    const other = settings(await broker({ tellsOf: { host: 'localhost', port } }), { ...login, hereOnly: true });
    expect(await toldBy(demandWelcome(other))).toBe('let in');
    // It gets as far as being told that this broker makes no topics.
    expect(await controller(other)).toMatch(/KafkaJSServerDoesNotSupportApiKey/);
  });
});
