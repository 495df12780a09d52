export * from './check.js';
export { checkSchema } from './check-schema.js';
export type { StoredCheck } from './check.types.js';
