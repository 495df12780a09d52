import { evaluateVectors } from '../../../test/contract/scheme/vector-cases.js';
import { currentRuleSet } from '../rule-sets/rule-sets.js';
import { revocationDeadline } from './deadline.js';

evaluateVectors('revocation-deadline', (request) => revocationDeadline(request, currentRuleSet));
