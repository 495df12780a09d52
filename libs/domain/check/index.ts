export * from './check.js';
export { answeredAt, isLasting } from './check.answers.js';
export { foldReference } from './check.facts.js';
export type { CheckFacts, CheckType } from './check.facts.js';
export { judgeMoments, MOMENTS, momentsOf } from './check.moments.js';
export type { MomentBounds, StatedMoments } from './check.moments.js';
export { checkRejections, rejectCheck } from './check.rejections.js';
export { checkSchema } from './check-schema.js';
export type { StoredCheck } from './check.types.js';
