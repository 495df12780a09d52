export { AssuranceModule, assuranceProjections } from './assurance.module.js';
export { assuranceProblems } from './assurance.problems.js';
