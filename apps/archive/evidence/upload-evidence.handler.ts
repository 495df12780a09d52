import { createHash } from 'node:crypto';
import { later, streamId, type ApplicationId, type EvidenceId, type KeyHolder } from '#libs/kernel';
import { derivedId, StoreUnavailable, type CommandOutcome, type FileStore } from '#libs/eventing';
import { commandContext, isReceived, type Backbone, type CommandRequest } from '#libs/application';
import {
  evidenceDecider,
  inspectMedia,
  type Evidence,
  type EvidenceCommand,
  type EvidenceEvent,
  type EvidenceMediaType,
} from '#libs/domain';
import { invalidRequest, type Fault, type UploadRequest } from '#libs/platform';
import { ScannerAway, VirusFound } from '#libs/registers';

export type EvidenceOutcome = CommandOutcome<Evidence, EvidenceEvent>;

/** Kind of the work that looks after a file which may have been kept for nothing. */
export const UNRECORDED = 'evidence-unrecorded';
/** Whoever was to record it has done so by then, or never will (milliseconds). */
const RECORDED_WITHIN = 3_600_000;
/** Whoever has not recorded it by then doesn't any more: the file may be gone before he is done. */
const RECORDS_WITHIN = RECORDED_WITHIN / 2;

export const holderOf = (evidence: string): KeyHolder => ({ kind: 'evidence', id: evidence });

/**
 * Takes a file: it is looked at, hashed and sealed as it comes, and kept before the fact is recorded. Of one that is
 * refused nothing is kept. A retry is known by its key and the digest that it names: its bytes are not read again.
 */
export async function uploadEvidence(
  backbone: Backbone,
  request: CommandRequest,
  upload: UploadRequest,
): Promise<EvidenceOutcome> {
  const { oin } = backbone.participant;
  const id = derivedId('evidence', oin, request.client, request.idempotencyKey) as EvidenceId;
  const stream = streamId('evidence', id);
  const faults = await faultsOf(backbone, upload);
  // What is wrong with the file is told as well.
  if (faults.length > 0) throw invalidRequest([...faults, ...(await faultsOfFile(upload))]);
  const { mediaType, digest, named: application } = upload;
  const said = { application, mediaType, digest };
  const context = await commandContext(backbone, request, 'UploadEvidence', said, { holder: holderOf(id), stream });
  if (await backbone.commands.knowsKey(stream, context)) {
    const nothing = (): Promise<EvidenceCommand> => Promise.reject(new Error('a retry decides nothing'));
    return execute(backbone, stream, nothing, { ...context, replayOnly: true });
  }

  const files = await backbone.evidence.files();
  const looked = lookedAt(upload);
  const sealed = backbone.fileSealer.seal(holderOf(id), scanned(backbone, looked.bytes));
  // By a clock that goes on while a process is stopped.
  let watchedSince = Infinity;
  const { address } = await files.put(sealed, (named) => {
    watchedSince = performance.now();
    return watchOver(backbone, id, named);
  });
  const { size, mediaType: found } = looked.result();
  // Where it ends otherwise the fact may be on record and only its answer be lost: who watches over the file finds out.
  const outcome = await execute(
    backbone,
    stream,
    () => {
      if (performance.now() - watchedSince > RECORDS_WITHIN) {
        throw new StoreUnavailable(`evidence ${id}: its file may be gone by now: send it again`);
      }
      return {
        ...{ type: 'UploadEvidence', evidence: id, application: application as ApplicationId, mediaType: found },
        ...{ size, digest, address, quarantine: backbone.evidence.quarantine, now: backbone.now() },
      };
    },
    context,
  );
  if (!isOn(outcome, address)) await discard(files, address);
  return outcome;
}

const execute = (
  { commands }: Backbone,
  stream: ReturnType<typeof streamId>,
  source: () => EvidenceCommand | Promise<EvidenceCommand>,
  context: Awaited<ReturnType<typeof commandContext>>,
): Promise<EvidenceOutcome> => commands.execute(evidenceDecider, stream, source, context);

/** Whether what was recorded is this file, and not that of a twin of the request. */
const isOn = (outcome: EvidenceOutcome, address: string): boolean =>
  outcome.outcome === 'accepted' && outcome.state.status !== 'none' && outcome.state.address === address;

/** Noted before the file is there: should this process be killed before the fact is recorded, the file is found and goes. */
const watchOver = ({ dueWork, now }: Backbone, evidence: EvidenceId, address: string): Promise<void> =>
  dueWork.enqueue([
    {
      ...{ kind: UNRECORDED, id: address, group: address, dueAt: later(now(), RECORDED_WITHIN) },
      payload: { evidence },
    },
  ]);

/** It lies there sealed and for nothing; that it can't be taken away now is no reason to answer otherwise. */
const discard = (files: FileStore, address: string): Promise<void> => files.remove(address).catch(() => undefined);

/** Faults of headers and address, with that of an application that is not on record. */
async function faultsOf(backbone: Backbone, { faults, named }: UploadRequest): Promise<readonly Fault[]> {
  const all = [...faults];
  const isNamed = !faults.some(({ in: part, pointer }) => part === 'query' && pointer === '/application');
  if (isNamed && !(await isReceived(backbone, named))) {
    all.push({ in: 'query', pointer: '/application', code: 'unknown-application' });
  }
  return all;
}

/** Of a file that is refused whatever it is: it is read for its faults alone. */
async function faultsOfFile(upload: UploadRequest): Promise<readonly Fault[]> {
  const inspection = inspectMedia();
  const hash = createHash('sha256');
  for await (const chunk of upload.bytes) {
    inspection.look(chunk);
    hash.update(chunk);
  }
  return faultsOfBytes(upload, hash.digest('hex'), inspection.end());
}

/** What the bytes show against what was said of them; of a digest that can't be read nothing more is said. */
function faultsOfBytes(
  { digest, mediaType }: UploadRequest,
  actual: string,
  seen: ReturnType<ReturnType<typeof inspectMedia>['end']>,
): readonly Fault[] {
  const faults: Fault[] = [];
  if (digest !== '' && actual !== digest) {
    faults.push({ in: 'header', pointer: '/Content-Digest', code: 'content-digest-mismatch' });
  }
  if ('fault' in seen) faults.push({ pointer: '', code: 'evidence-file-refused', facts: { why: seen.fault } });
  else if (seen.mediaType !== mediaType) {
    faults.push({ in: 'header', pointer: '/Content-Type', code: 'media-type-mismatch' });
  }
  return faults;
}

/** The same bytes, which a scanner reads on their way where there is one: what it finds is refused, and nothing is kept. */
async function* scanned({ evidence }: Backbone, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* evidence.scanner?.through(bytes) ?? bytes;
  } catch (error) {
    if (error instanceof VirusFound) {
      throw invalidRequest([{ pointer: '', code: 'evidence-file-refused', facts: { why: 'infected' } }]);
    }
    if (error instanceof ScannerAway) throw new StoreUnavailable(error.message, 5, { cause: error });
    throw error;
  }
}

/** The bytes as they go on, and what they turned out to be. At their end they fail where they are not to be kept. */
function lookedAt(upload: UploadRequest): {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly result: () => { readonly size: number; readonly mediaType: EvidenceMediaType };
} {
  const inspection = inspectMedia();
  const hash = createHash('sha256');
  let size = 0;
  let found: EvidenceMediaType | undefined;
  const look = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of upload.bytes) {
      inspection.look(chunk);
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
    const seen = inspection.end();
    const faults = faultsOfBytes(upload, hash.digest('hex'), seen);
    if (faults.length > 0) throw invalidRequest(faults);
    if ('mediaType' in seen) found = seen.mediaType;
  };
  return {
    bytes: look(),
    result() {
      if (found === undefined) throw new Error('a file was kept before it was looked at');
      return { size, mediaType: found };
    },
  };
}
