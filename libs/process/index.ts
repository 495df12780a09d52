export { inWords, isForPeople } from './for-people.js';
export { HOW_TO_GO_ON } from './how-to-go-on.js';
export { runProcess } from './run-process.js';
export type { Begun, Start } from './run-process.js';
export { runUntilEnded } from './run-until-ended.js';
export type { Endable } from './run-until-ended.js';
