export * from './rights-request.js';
