export { clientConfig, demandWelcome, withAdmin } from './connection.js';
export { lagOf, prepareGroup } from './consumer-groups.js';
export { forPeople, KafkaRefused, KafkaUnreachable } from './refusals.js';
export { RELAY, startRelay } from './relay.js';
export type { RelayParts } from './relay.js';
export { MAX_MESSAGE_BYTES, prepareTopics, TopicsRefused } from './topics.js';
export type { TopicSettings } from './topics.js';
export type { KafkaSettings } from './settings.js';
