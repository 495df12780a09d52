export * from './webhook-subscription.events.js';
export * from './webhook-subscription.js';
