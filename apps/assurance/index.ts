export { AssuranceModule, assuranceProjections } from './assurance.module.js';
