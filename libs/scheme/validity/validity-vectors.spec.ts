import { evaluateVectors } from '../../../test/contract/scheme/vector-cases.js';
import { currentRuleSet } from '../rule-sets/rule-sets.js';
import { validity } from './validity.js';

evaluateVectors('validity', (request) => validity(request, currentRuleSet));
