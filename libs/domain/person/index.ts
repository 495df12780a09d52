export * from './person.events.js';
export * from './person.js';
