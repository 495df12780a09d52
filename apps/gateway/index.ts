export { runGateway } from './gateway.js';
export { APPS, ownerOf, ROUTES } from './routes.js';
export type { App } from './routes.js';
