import type { RuleSet } from '../rule-set.js';
import { EH_1_5_1 } from './eh-1.5.1.js';
import { AUTHORIZATION_REFUSALS_OF_1_5, AUTHORIZATION_ROWS_OF_1_5 } from './eh-1.5/authorization.js';
import { MEANS_REFUSALS_OF_1_5, MEANS_ROWS_OF_1_5, MEANS_ROW_CODES_OF_1_5 } from './eh-1.5/means.js';
import { withEarlier } from './earlier.js';

const byRow = ({ id, score }: { readonly id: string; readonly score: number }): string => `${id} at ${score}`;
const byCode = ({ code }: { readonly code: string }): string => code;

/**
 * The first reading of version 1.5, for what was decided under it: the present rules, but for those that read otherwise
 * then. Who changes a rule that this version shares keeps the one of before in `eh-1.5/`.
 */
export const EH_1_5: RuleSet = {
  ...EH_1_5_1,
  version: 'eh-1.5',
  authorization: {
    ...EH_1_5_1.authorization,
    rows: withEarlier(EH_1_5_1.authorization.rows, AUTHORIZATION_ROWS_OF_1_5, byRow),
    blocking: withEarlier(EH_1_5_1.authorization.blocking, AUTHORIZATION_REFUSALS_OF_1_5, byCode),
  },
  means: {
    ...EH_1_5_1.means,
    rows: withEarlier(EH_1_5_1.means.rows, MEANS_ROWS_OF_1_5, byRow),
    rowCodes: withEarlier(EH_1_5_1.means.rowCodes, MEANS_ROW_CODES_OF_1_5, byCode),
    blocking: withEarlier(EH_1_5_1.means.blocking, MEANS_REFUSALS_OF_1_5, byCode),
  },
  revocation: { ...EH_1_5_1.revocation, mediaAtEh1: ['writing', 'email', 'counter', 'telephone', 'other'] },
};
