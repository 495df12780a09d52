export { meansRejections, rejectMeans } from './means.commands.js';
export type { MeansCommand } from './means.commands.js';
export { meansDecider } from './means.decider.js';
export * from './means.events.js';
export { MEANS_STATUSES } from './means.state.js';
export type { Means } from './means.state.js';
