export * from './party.events.js';
export * from './party.js';
export { judgeRegistration, passesElevenTest } from './party-number.js';
