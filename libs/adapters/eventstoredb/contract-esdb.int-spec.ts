import { contractOnDouble } from './double-harness.tests.js';

contractOnDouble('esdb');
