export * from './destruction.js';
