import { evaluateVectors } from '../../../test/contract/scheme/vector-cases.js';
import { currentRuleSet } from '../rule-sets/rule-sets.js';
import { evaluateUse } from './evaluate.js';

evaluateVectors('evaluation', (request) => evaluateUse(request, currentRuleSet));
