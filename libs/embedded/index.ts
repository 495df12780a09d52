export { DataDirectoryHeldError, lockDataDirectory } from './data-directory-lock.js';
export type { DataDirectoryLock } from './data-directory-lock.js';
export { KEY_STORE_DATABASE, REGISTER_DATABASE, startEmbeddedPostgres } from './embedded-postgres.js';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.js';
export { EmbeddedServerFault } from './fault.js';
export { findRunningPostgres } from './running-server.js';
export type { RunningPostgres } from './running-server.js';
