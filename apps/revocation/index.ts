export { RevocationModule, revocationProjections } from './revocation.module.js';
