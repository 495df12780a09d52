export * from './confirmation.events.js';
export * from './confirmation.js';
