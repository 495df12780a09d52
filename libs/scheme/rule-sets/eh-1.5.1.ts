import { IA_ROWS } from '../authorization/ia.js';
import { IG_ROWS } from '../authorization/ig.js';
import { IO_REPEATED_ROWS } from '../authorization/io-repeated.js';
import { IO_ROWS } from '../authorization/io.js';
import { IR_ROWS } from '../authorization/ir.js';
import { IV_ROWS } from '../authorization/iv.js';
import { PROFILE_ROWS } from '../authorization/profile.js';
import { BLOCKING_REFUSALS } from '../authorization/refusals.js';
import { AUTHORIZATION_ROW_CODES } from '../authorization/row-codes.js';
import { MEANS_BLOCKING_REFUSALS, MEANS_ROW_CODES } from '../means/refusals.js';
import { AM_ROWS, PKI_OVERHEID_ROWS, RC_ROWS } from '../means/rows-authentication.js';
import { IC_ROWS, ID_ROWS, IE_ROWS } from '../means/rows-registration.js';
import { SECRET_RULES } from '../means/secret.js';
import { DEADLINE_RULES, ENTITLED_ROLES, MEDIA_AT_EH1 } from '../revocation/rules.js';
import type { RuleSet } from '../rule-set.js';
import { DAY, dayNumber } from '../time/instant.js';
import { DUTCH_HOLIDAYS } from '../time/working-days.js';
import { USE_REASONS } from '../use/reasons.js';
import { RENEWAL_ROWS } from '../validity/renewal.js';

const LOOKUP_DAYS = 5;

/** The scheme document "assurance levels and registration requirements", version 1.5, judged with STORK 1.7, as read after its audit. */
export const EH_1_5_1: RuleSet = {
  version: 'eh-1.5.1',
  stork: '1.7',
  levels: {
    storkOf: { EH1: 1, EH2: 2, 'EH2+': 3, EH3: 3, EH4: 4 },
    eidasOf: { EH1: 'low', EH2: 'low', 'EH2+': 'low', EH3: 'substantial', EH4: 'high' },
  },
  authorization: {
    maximumAge: LOOKUP_DAYS * DAY,
    rows: [...IA_ROWS, ...IO_ROWS, ...IO_REPEATED_ROWS, ...IG_ROWS, ...IR_ROWS, ...IV_ROWS],
    profileRows: PROFILE_ROWS,
    rowCodes: AUTHORIZATION_ROW_CODES,
    blocking: BLOCKING_REFUSALS,
    minimumScores: {
      1: { IA: 1, IO: 1, IG: 1, IR: 1, IV: 1, IM: 1, PD: 1, PV: 1, PI: 1, PT: 1 },
      2: { IA: 2, IO: 2, IG: 2, IR: 2, IV: 2, IM: 2, PD: 2, PV: 2, PI: 2, PT: 2 },
      3: { IA: 2, IO: 3, IG: 3, IR: 2, IV: 3, IM: 2, PD: 2, PV: 3, PI: 3, PT: 2 },
      4: { IA: 2, IO: 4, IG: 4, IR: 2, IV: 3, IM: 3, PD: 2, PV: 4, PI: 4, PT: 2 },
    },
    ehTable: [
      { eh: 'EH1', stork: 1, m: 1 },
      { eh: 'EH2', stork: 2, m: 2 },
      { eh: 'EH2+', stork: 3, m: 2 },
      { eh: 'EH3', stork: 3, m: 3 },
      { eh: 'EH4', stork: 4, m: 4 },
    ],
  },
  means: {
    rows: [...ID_ROWS, ...IC_ROWS, ...IE_ROWS, ...RC_ROWS, ...AM_ROWS, ...PKI_OVERHEID_ROWS],
    rowCodes: MEANS_ROW_CODES,
    blocking: MEANS_BLOCKING_REFUSALS,
    supports: {
      ID: [1, 2, 3, 4],
      IC: [1, 2, 3, 4],
      IE: [1, 2, 2, 3],
      RC: [1, 2, 3, 4],
      AM: [1, 2, 3, 4],
    },
    secretRules: SECRET_RULES,
    secrets: {
      passwords: [
        {
          from: dayNumber(2000, 1, 1) * DAY,
          minimumLength: 8,
          maximumLength: 256,
          specialCharacters: "-_!$%&'.=/\\:<>|?@[]^`{}~",
          history: 5,
        },
      ],
      pins: [
        {
          from: dayNumber(2000, 1, 1) * DAY,
          minimumLength: 6,
          maximumLength: 64,
          longestRepeat: 2,
          longestSequence: 2,
          attemptsBeforeLock: 5,
        },
      ],
    },
  },
  revocation: {
    entitledRoles: ENTITLED_ROLES,
    minimumIo: { EH1: 0, EH2: 2, 'EH2+': 2, EH3: 3, EH4: 3 },
    mediaAtEh1: MEDIA_AT_EH1,
    ioOfLogin: { EH1: 1, EH2: 2, 'EH2+': 2, EH3: 3, EH4: 3 },
    deadlines: DEADLINE_RULES,
    holidays: DUTCH_HOLIDAYS,
  },
  validity: { maximumYears: 5, nonUseMonths: 25, noticeMonths: 24, noticeDays: 28, renewalRows: RENEWAL_ROWS },
  use: { reasons: USE_REASONS },
};
