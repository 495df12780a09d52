export { clientConfig, KafkaUnreachable, withAdmin } from './connection.js';
export type { KafkaSettings } from './connection.js';
export { lagOf, prepareGroup } from './consumer-groups.js';
export { RELAY, startRelay } from './relay.js';
export type { RelayParts } from './relay.js';
export { MAX_MESSAGE_BYTES, prepareTopics, TopicsRefused } from './topics.js';
export type { TopicSettings } from './topics.js';
