import { evaluateVectors } from '../../../test/contract/scheme/vector-cases.js';
import { currentRuleSet } from '../rule-sets/rule-sets.js';
import { classifyAuthorization } from './classify.js';

evaluateVectors('authorization', (request) => classifyAuthorization(request, currentRuleSet));
