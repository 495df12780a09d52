export * from './policy-simulation.js';
