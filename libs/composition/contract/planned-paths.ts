/**
 * Addresses that the published contract describes (docs/interfaces.md §2, §7) and that this version does not have. Whatever
 * lies below one is not there either. That page marks the same ones as *later*, and a spec compares both.
 */
export const PLANNED_PATHS: readonly string[] = [
  '/v1/consents',
  '/v1/imports',
  '/v1/policies',
  '/v1/register-profiles',
  '/v1/statistics',
];
