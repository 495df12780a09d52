export { meansRejections, rejectMeans } from './means.commands.js';
export type { MeansCommand } from './means.commands.js';
export { leavesCertificate, meansDecider } from './means.decider.js';
export * from './means.events.js';
export {
  certificateLifeOf,
  certificateStands,
  isInUse,
  lifeOfNewToken,
  lifeOfSameToken,
  lifeRevoked,
} from './certificate.js';
export type { CertificateLife, CertificateOnRecord } from './certificate.js';
export { MEANS_STATUSES } from './means.state.js';
export type { Means } from './means.state.js';
export { restrictionOf } from './restriction.js';
export type { Restriction } from './restriction.js';
