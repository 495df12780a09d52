import { evaluateVectors } from '../../../test/contract/scheme/vector-cases.js';
import { currentRuleSet } from '../rule-sets/rule-sets.js';
import { classifyMeans } from './classify.js';

evaluateVectors('means', (request) => classifyMeans(request, currentRuleSet));
