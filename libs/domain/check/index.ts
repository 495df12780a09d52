export * from './check.js';
export type { StoredCheck } from './check.types.js';
