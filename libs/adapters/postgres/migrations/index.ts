import { eventLog } from './0001-event-log.js';
import { recordLog } from './0002-record-log.js';
import { readModels } from './0003-read-models.js';
import { leases } from './0004-leases.js';
import { parkedSteps } from './0005-parked-steps.js';
import { leastPrivilege } from './0006-least-privilege.js';
import { lineage } from './0007-lineage.js';
import { answeredKeys } from './0008-answered-keys.js';
import { fencedLeases } from './0009-fenced-leases.js';
import { parkedMessages } from './0010-parked-messages.js';
import { dueWork } from './0011-due-work.js';
import { eventsOfAStore } from './0012-events-of-a-store.js';
import { usedProofs } from './0013-used-proofs.js';
import { sequencedLog } from './0014-sequenced-log.js';
import { cosignedCheckpoint } from './0015-cosigned-checkpoint.js';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** Forward only; a released one never changes (its checksum is stored). */
export const migrations: readonly Migration[] = [
  { number: 1, name: 'event-log', sql: eventLog },
  { number: 2, name: 'record-log', sql: recordLog },
  { number: 3, name: 'read-models', sql: readModels },
  { number: 4, name: 'leases', sql: leases },
  { number: 5, name: 'parked-steps', sql: parkedSteps },
  { number: 6, name: 'least-privilege', sql: leastPrivilege },
  { number: 7, name: 'lineage', sql: lineage },
  { number: 8, name: 'answered-keys', sql: answeredKeys },
  { number: 9, name: 'fenced-leases', sql: fencedLeases },
  { number: 10, name: 'parked-messages', sql: parkedMessages },
  { number: 11, name: 'due-work', sql: dueWork },
  { number: 12, name: 'events-of-a-store', sql: eventsOfAStore },
  { number: 13, name: 'used-proofs', sql: usedProofs },
  { number: 14, name: 'sequenced-log', sql: sequencedLog },
  { number: 15, name: 'cosigned-checkpoint', sql: cosignedCheckpoint },
];
