export * from './evidence.events.js';
export * from './evidence.js';
export * from './media.js';
