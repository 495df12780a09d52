export { clamdScanner } from './clamd-scanner.js';
export type { ClamdSettings } from './clamd-scanner.js';
