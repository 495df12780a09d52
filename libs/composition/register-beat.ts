import {
  CheckpointMoved,
  itemOf,
  LineageBroken,
  START,
  type Checkpoint,
  type CheckpointStore,
  type Place,
  type RecordLog,
  type RegisterStamp,
  type RegisterStamps,
  type StoreIdentity,
} from '#libs/eventing';
import type { LostByRegister } from '#libs/domain';

/** What tells a register that is older than its events, where these are kept elsewhere (ADR 113). */
export interface BesideEvents {
  readonly stamps: RegisterStamps;
  readonly records: Pick<RecordLog, 'at' | 'newest'>;
  /** The newest record that this process wrote or was handed. */
  knownRecord(): Place | undefined;
}

/** Where the register keeps the number that rises while a process runs. */
const BEAT = 'register-beat';

const beatIn = (there: Checkpoint | undefined): string =>
  there === undefined ? 'none' : `${there.position} of epoch ${there.epoch}`;

export interface RegisterBeat {
  /**
   * Raises the number, unless another process did since the last time: what events carry from now on is in the register.
   * Rejects with `LineageBroken` when the register does not have any more what it had: it went back under this process.
   */
  next(): Promise<void>;
}

/** Has every append of this process carry what the register held by then; the first beat is there when this resolves. */
export async function startBeat(
  { stamps, knownRecord }: BesideEvents,
  checkpoints: CheckpointStore,
  { store, epoch }: StoreIdentity,
): Promise<RegisterBeat> {
  let last: bigint | undefined;
  const raised = async (there: Checkpoint | undefined): Promise<Checkpoint | undefined> => {
    // Never to a lower epoch: a process that was paused since before an adoption would make the register look older.
    const to = { store, epoch: Math.max(epoch, there?.epoch ?? 0), position: (there?.position ?? 0n) + 1n };
    try {
      await checkpoints.move(BEAT, there, to);
      return to;
    } catch (error) {
      if (!(error instanceof CheckpointMoved)) throw error;
      // Another process was faster: its number is as good, once it is seen there, unless it is of an epoch before.
      const seen = await checkpoints.read(BEAT);
      return last === undefined && seen !== undefined && seen.epoch < epoch ? raised(seen) : seen;
    }
  };
  const next = async (): Promise<void> => {
    const there = await checkpoints.read(BEAT);
    const isOurTurn = last === undefined || (there?.position === last && there.epoch >= epoch);
    const now = isOurTurn ? await raised(there) : there;
    const held = now?.position ?? 0n;
    if (last !== undefined && (held < last || (now !== undefined && now.epoch < epoch))) {
      throw new LineageBroken(
        `the register's database was at beat ${last} of epoch ${epoch} and is at ${beatIn(now)}: it was put back to an ` +
          'older state',
      );
    }
    last = held;
  };
  await next();
  stamps.carry((): RegisterStamp => {
    const record = knownRecord();
    return { epoch, beat: last!, ...(record === undefined ? {} : { record }) };
  });
  return { next };
}

/** Of a register that is older than its events: what it has not, for people and for the record of an adoption. */
export interface OlderRegister {
  readonly why: string;
  readonly lost: LostByRegister;
}

/**
 * Whether the events know of something that the register's database does not hold. `known`: the place of the events that
 * the register knew itself, or where the epoch began; what was appended before that place rests on nothing later.
 */
export async function olderRegister(
  { stamps, records }: BesideEvents,
  checkpoints: CheckpointStore,
  epoch: number,
  known: bigint,
): Promise<OlderRegister | undefined> {
  let [beat, record]: [bigint | undefined, Place | undefined] = [undefined, undefined];
  for await (const stamp of stamps.behind(known)) {
    // An adoption or a move lies in between: what was known before it is judged already.
    if (stamp.epoch !== epoch) continue;
    if (beat === undefined || stamp.beat > beat) beat = stamp.beat;
    if (stamp.record !== undefined && stamp.record.position > (record?.position ?? START)) record = stamp.record;
  }
  // After the stamps: of processes that run meanwhile the register has what they say.
  const held = await checkpoints.read(BEAT);
  // Also of an epoch before: every process beats in its own one before its first stamp, so that a register which has seen
  // none of this epoch is of before an adoption, however far it had come by then.
  const isBeatLost = beat !== undefined && (held === undefined || held.epoch < epoch || held.position < beat);
  const there = record && (await records.at(record.position));
  const isRecordLost = record !== undefined && (there === undefined || itemOf(there) !== record.item);
  if (!isBeatLost && !isRecordLost) return undefined;
  return {
    why: isRecordLost
      ? `record ${record!.position} is known to the events and not in it`
      : `it was at beat ${beat} of epoch ${epoch} when the newest events were written, and is at ${beatIn(held)}`,
    lost: {
      eventsUpTo: String(known),
      recordsUpTo: String((await records.newest())?.position ?? START),
      ...(record === undefined ? {} : { recordsKnown: String(record.position) }),
    },
  };
}
