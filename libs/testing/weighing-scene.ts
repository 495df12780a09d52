import { afterEach, beforeEach } from '@jest/globals';
import type { CheckFacts } from '#libs/domain';
import { translateCheck } from '#libs/application';
import type { AuthorizationCheck } from '#libs/scheme';
import { fixedClock, uuid } from './fixed.js';
import { memoryBackbone, type MemoryBackbone } from './memory-backbone.js';
import {
  assessedAt,
  checkOf,
  ids,
  lookedUpAt,
  personFacts,
  recordChecks,
  recordPaperRegistration,
} from './paper-registration.js';
import { weighCase, type WeighedCase, type WeighingCase } from './weighing-case.js';

/** The paper registration as cases of weighing see it: a colleague of the director beside it, and what checks say of them. */

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
export const colleague = uuid('person', 3);
export const colleaguesPassport = uuid('doc', 3);
export const elsewhere = uuid('appl', 9);
/** Where the company is reached. */
export const contact = uuid('contact', 1);

export interface WeighingScene {
  readonly memory: MemoryBackbone;
  /** Begins again with nothing on record but the scene. */
  renew(): Promise<void>;
  /** A question is put once: its checks are on record from then on. */
  weighed(question: WeighingCase): Promise<WeighedCase>;
  words(question: WeighingCase): Promise<readonly string[]>;
  /** What the evaluation is handed of the checks. */
  handed(question: WeighingCase): Promise<readonly AuthorizationCheck[]>;
}

/** A scene of its own for each test of the file. */
export function sceneOfEach(): WeighingScene {
  let memory: MemoryBackbone;
  const set = async (): Promise<void> => {
    memory = await memoryBackbone(fixedClock(assessedAt));
    await recordPaperRegistration(memory, []);
    await memory.record('person', colleague, ...personFacts(colleague, colleaguesPassport));
  };
  beforeEach(set);
  afterEach(() => memory.close());

  const put = new WeakMap<WeighingCase, Promise<WeighedCase>>();
  const weighed: WeighingScene['weighed'] = (question) => {
    const known = put.get(question) ?? weighCase(memory, question);
    put.set(question, known);
    return known;
  };
  return {
    get memory() {
      return memory;
    },
    async renew() {
      await memory.close();
      await set();
    },
    weighed,
    words: async (question) => (await weighed(question)).words,
    async handed(question) {
      const { standing, roles } = await weighed(question);
      return standing.flatMap(({ check, handed: isHanded, derived }) =>
        isHanded ? translateCheck(check.facts, roles, derived) : [],
      );
    },
  };
}

export const fact = (type: CheckFacts['type'], about: object, members: object = {}): CheckFacts =>
  checkOf({ type, about, ...members } as never);
export const party = { party: ids.company };
export const of = (person: string) => ({ person });

export const representation = (person: string, members: object = {}): CheckFacts =>
  fact('representationCheck', of(person), {
    party: ids.company,
    register: 'tradeRegister',
    via: 'online',
    asOf: lookedUpAt,
    outcome: 'found',
    basis: 'byName',
    agrees: true,
    limitation: 'none',
    sameDataAsIdentified: true,
    ...members,
  });
export const copy = (person: string, document: string, members: object = {}): CheckFacts =>
  fact('idCopyEnclosed', of(person), { document, presentation: 'paper', ...members });
export const status = (person: string, document: string, its: string, members: object = {}): CheckFacts =>
  fact('idDocumentStatus', of(person), { document, status: its, ...members });
export const signature = (person: string, document: string, members: object = {}): CheckFacts =>
  fact('signatureComparison', of(person), {
    document,
    against: 'idCopy',
    form: 'original',
    onTheSpot: false,
    agrees: true,
    ...members,
  });
export const good = { technology: 'pki', chainComplete: true, revocationStatus: 'good' };
export const eSignature = (person: string, members: object = {}): CheckFacts =>
  fact('eSignatureValidation', of(person), { signature: good, ...members });
export const found = (members: object = {}): CheckFacts =>
  fact('specialCircumstancesCheck', party, {
    asOf: lookedUpAt,
    outcome: 'found',
    otherRepresentativeRegistered: false,
    ...members,
  });
export const confirmation = (confirmer: string, capacity = 'representative', members: object = {}): CheckFacts =>
  fact('circumstancesConfirmation', party, { confirmer, capacity, contact, confirmed: true, ...members });

/** A passport that lasts beyond the day on which those of the scene expire. */
export const recordPassport = (memory: MemoryBackbone, person: string): Promise<bigint> =>
  memory.record('person', person, {
    type: 'DocumentRecorded',
    data: {
      person,
      document: uuid('doc', 30),
      documentType: 'passport',
      number: { clear: 'NX7654321' },
      expiresOn: { clear: '2035-03-09' },
    },
  } as never);

/** The contact of the company, supplied by a look-up in its register. */
export async function recordContact(memory: MemoryBackbone): Promise<void> {
  const [lookup] = await recordChecks(memory, [
    fact('tradeRegisterLookup', party, {
      via: 'online',
      asOf: lookedUpAt,
      outcome: 'found',
      agreesOn: ['number', 'name', 'address'],
      application: elsewhere,
    }),
  ]);
  await memory.record('party', ids.company, {
    type: 'PartyContactRecorded',
    data: {
      party: ids.company,
      contact,
      kind: 'telephone',
      value: { clear: '+31701234567' },
      suppliedBy: { check: lookup },
    },
  } as never);
}
