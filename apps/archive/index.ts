export { adoptRestoredLog, demandPublished } from './log/adopt-restored-log.js';
export { exportedRecords } from './log/exported-records.js';
export { logSignatures } from './log/log-signatures.js';
export { retentionReviews } from './retention/review-retention.js';
export { ArchiveModule, archiveProjections } from './archive.module.js';
