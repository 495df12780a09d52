export { CompactRange } from './compact-range.js';
export { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash, sha256 } from './hashing.js';
export { LOG_FAULTS, LogFault } from './log-fault.js';
export type { LogFaultCode } from './log-fault.js';
export { nodesOf } from './shape.js';
export type { LeafRange, NodePlace } from './shape.js';
export {
  checkConsistency,
  checkInclusion,
  checkSubtreeConsistency,
  MemoryTree,
  proveConsistency,
  proveInclusion,
  rootOf,
} from './tree.js';
export type { NodeReader } from './tree.js';
export { growLog } from './grow-log.js';
export type { GrownLog, LogFile } from './grow-log.js';
export { checkLog, rootOfBundle } from './check-log.js';
export type { LogToCheck, RootOfBundle } from './check-log.js';
export { cutTile, readTile } from './tile-source.js';
export type { TileSource } from './tile-source.js';
export { TileTree } from './tile-tree.js';
export {
  decodeBundle,
  encodeBundle,
  forEachEntry,
  MAX_ENTRY_BYTES,
  parseTilePath,
  rootOfHashes,
  TILE_WIDTH,
  tilePath,
  tilesBetween,
  widthIn,
} from './tiles.js';
export type { TilePlace } from './tiles.js';
export { formatCheckpoint, isLogOrigin, parseCheckpoint } from './checkpoint.js';
export type { Checkpoint } from './checkpoint.js';
export { judgeCheckpoint } from './judge-checkpoint.js';
export type { BelievedCheckpoint } from './judge-checkpoint.js';
export {
  cosigner,
  formatVerifierKey,
  isSupported,
  logSigner,
  logVerifierKey,
  parseVerifierKey,
  publicKeyPem,
  secretKey,
  verifierKey,
} from './keys.js';
export type { KeyKind, NoteSigner, SecretKey, VerifierKey } from './keys.js';
export {
  MAX_NOTE_BYTES,
  MAX_SIGNATURES,
  parseNote,
  signatureLine,
  signNote,
  verifyNote,
  verifySignatures,
  withSignatures,
} from './note.js';
export type { NoteSignature, SignedNote, Verified } from './note.js';
export { formatPolicy, MAX_POLICY_BYTES, meetsQuorum, parsePolicy, trusting } from './policy.js';
export type { PolicyGroup, PolicyLog, PolicyWitness, TrustPolicy } from './policy.js';
export {
  formatProof,
  formatReceipt,
  MAX_PROOF_BYTES,
  isEntryOf,
  parseProof,
  recordEntry,
  RECORD_HEAD,
  SALT_BYTES,
  verifyProof,
  verifyReceipt,
} from './receipt.js';
export type { BelievedEntry, BelievedReceipt, LogProof, Receipt } from './receipt.js';
export { addCheckpoint, addCheckpointRequest, MAX_REQUEST_BYTES, readWitnessAnswer, witnessedPath } from './witness.js';
export type { Witness, WitnessAnswer, Witnessed, WitnessReply, WitnessStore } from './witness.js';
