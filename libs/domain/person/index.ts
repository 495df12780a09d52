export * from './identity.js';
export { ISSUING_STATES } from './issuing-states.js';
export * from './person.commands.js';
export { personDecider } from './person.decider.js';
export * from './person.events.js';
export { amongOwnRecords } from './person.state.js';
export type { DuplicateOutcome, Person, RegisteredPerson } from './person.state.js';
export { foldNumber, foldSpelling, LETTERS } from './spelling.js';
export * from './uniqueness.js';
