export type { DestroyedIn } from './command-handler.js';
export { commandHandler, NothingToReplay } from './command-handler.js';
export type {
  CommandContext,
  CommandHandler,
  CommandOutcome,
  CommandSource,
  CommandStores,
  LoadedObject,
} from './command-handler.js';
export { compareEvents, copyEvents, NotACopy } from './copy-events.js';
export type { Copied, CopiedUpTo, CopyFrom, CopyTo } from './copy-events.js';
export { eventSerializer, openMember, UndeclaredPersonalData, UnreadableEvent } from './event-serializer.js';
export type { EventSerializer, MetadataInput } from './event-serializer.js';
export { CannotApply, follow, holds } from './follower.js';
export type { Follower, FollowerStatus, FollowOptions } from './follower.js';
export { followers } from './followers.js';
export type { Followers } from './followers.js';
export { derivedId } from './identity.js';
export { Lineage } from './lineage.js';
export { EndingUnknown } from './ports/decision-instances.js';
export type { DecisionInstances, HeldLease } from './ports/decision-instances.js';
export type { AnsweredKeys, AnswerToKeep, KeptAnswer } from './ports/answered-keys.js';
export type { DueItem, DueWork, DueWorkFigures, ItemKey, KeptItem, Reactions } from './ports/due-work.js';
export {
  AppendOutcomeUnknown,
  AppendRefused,
  EventIdTaken,
  endOf,
  FeedBroken,
  LineageBroken,
  itemOf,
  MAX_APPEND_BYTES,
  MAX_EVENT_BYTES,
  placeAt,
  positionOf,
  RevisionConflict,
  START,
  StoreUnavailable,
} from './ports/event-store.js';
export type {
  Appended,
  EventFeed,
  EventStore,
  EventToAppend,
  ExpectedRevision,
  Feed,
  FeedOptions,
  Page,
  Place,
  StoredEvent,
} from './ports/event-store.js';
export type { EventImport, EventOrigin, MovedEvent } from './ports/event-import.js';
export type { HighWaterMark, Mark } from './ports/high-water-mark.js';
export { Fenced } from './ports/leases.js';
export type { Fence, Leases, Turn } from './ports/leases.js';
export type { ArrivedMessage, ParkedMessage, ParkedMessages, ParkedWithBytes } from './ports/parked-messages.js';
export type { ParkedStep, ParkedSteps } from './ports/parked-steps.js';
export { LogFileDiffers } from './ports/log-files.js';
export type { LogFiles } from './ports/log-files.js';
export { CheckpointLost, MAX_ENTRIES_READ, MAX_IDS_LOOKED_UP, MAX_RECORDS_READ } from './ports/sequenced-log.js';
export type {
  CosignedCheckpoint,
  GivenIndex,
  KeptRecord,
  RecordToSequence,
  SequencedEntry,
  SequencedLog,
  SignedCheckpoint,
} from './ports/sequenced-log.js';
export { CheckpointMoved, isServed } from './ports/projection-store.js';
export type {
  CatchUp,
  Checkpoint,
  CheckpointStore,
  ColumnType,
  ColumnValue,
  Condition,
  EarlierTable,
  OpenedTable,
  Projection,
  ProjectionStore,
  Query,
  Row,
  TableDeclaration,
} from './ports/projection-store.js';
export { LedgerBroken } from './ports/destruction-ledger.js';
export type {
  DecidedBatch,
  DestructionLedger,
  ErasedContacts,
  LedgerEntry,
  NumberedEntry,
  RecordedBatch,
} from './ports/destruction-ledger.js';
export { FileDamaged, FileLocked, FileMissing } from './ports/file-store.js';
export type { FileStore, KeptFile } from './ports/file-store.js';
export type { RecordKind, RecordLog, RecordPlace, RecordToAppend, StoredRecord } from './ports/record-log.js';
export type { RegisterIdentity } from './ports/register-identity.js';
export type { RegisterStamp, RegisterStamps } from './ports/register-stamps.js';
export { KeyDestroyed } from './ports/sealer.js';
export type { FileSealer, SealedPlace, Sealer } from './ports/sealer.js';
export { PROOF_KEPT_SECONDS } from './ports/used-proofs.js';
export type { UsedProofs } from './ports/used-proofs.js';
export { startProcessManagerInTurn } from './process-manager-in-turn.js';
export type { InTurnParts } from './process-manager-in-turn.js';
export { startProcessManager, StepParked } from './process-manager.js';
export type { ProcessManager, ProcessManagerParts } from './process-manager.js';
export {
  NotPublished,
  placeOfSequence,
  publishedEvent,
  publishedText,
  publishedTopic,
  publishedType,
  readPublished,
  sequenceOf,
  sourceOf,
  topicOf,
} from './published-event.js';
export type { PublishedData, PublishedEvent, Publisher } from './published-event.js';
export { startFeedReaction } from './feed-reaction.js';
export type { DeclaredReaction, FeedReactionParts } from './feed-reaction.js';
export { followAsWinner, goOnBehind, TurnOver } from './winning-follower.js';
export type { TurnParts, WinningFollowOptions } from './winning-follower.js';
export { MessageParked, NotUsable, reactionRunner, ReactionStopped } from './reaction-runner.js';
export type { Reaction, ReactionParts, ReactionRunner } from './reaction-runner.js';
export type { RecordAsEvent } from './record-source.js';
export { checkpointAt, foldPage, isHeld, placeOf, rebuildProjection, startProjector } from './projector.js';
export { replayProjection } from './replay-projection.js';
export type { Replayed, ReplayParts, RowDifference } from './replay-projection.js';
export type { Answering, InTurn, Projector, ProjectorParts, StoreIdentity } from './projector.js';
export { runAsWinner } from './run-as-winner.js';
export type { Winner, WinnerParts } from './run-as-winner.js';
export {
  asSpan,
  contextOf,
  isTraced,
  spanContextOf,
  spanOver,
  traceparentOf,
  tracedCommands,
  tracedStore,
} from './tracing.js';
export type { SpanOptions } from './tracing.js';
export { startTicker } from './ticker.js';
export type { Chore, DueSource, Performed, Ticker, TickerParts } from './ticker.js';
