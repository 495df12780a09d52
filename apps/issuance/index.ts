export { IssuanceModule, issuanceProjections } from './issuance.module.js';
