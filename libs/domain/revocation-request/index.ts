export * from './revocation-request.js';
