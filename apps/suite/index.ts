export { suiteModules, suiteProjections } from './suite.modules.js';
