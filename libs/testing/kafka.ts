/** Why there is no Kafka for this run; `undefined` where there is one. */
export const noKafka = (): string | undefined =>
  process.env['WAARBORG_TEST_KAFKA'] === undefined
    ? (process.env['WAARBORG_NO_KAFKA'] ?? 'this is a test of the lane "live"')
    : undefined;

/** Addresses of the brokers of this test run (started by the lane's global setup). */
export function testBrokers(): readonly string[] {
  const brokers = process.env['WAARBORG_TEST_KAFKA'];
  if (brokers === undefined) throw new Error('WAARBORG_TEST_KAFKA is not set: this is a test of the lane "live"');
  return brokers.split(',');
}
