export { DataDirectoryHeldError, lockDataDirectory } from './data-directory-lock.js';
export type { DataDirectoryLock } from './data-directory-lock.js';
export { startEmbeddedPostgres } from './embedded-postgres.js';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.js';
export { EmbeddedServerFault } from './fault.js';
export { KEY_STORE_DATABASE, LOGINS, REGISTER_DATABASE } from './logins.js';
export type { DatabaseUrls } from './logins.js';
export { findRunningPostgres } from './running-server.js';
export type { RunningPostgres } from './running-server.js';
