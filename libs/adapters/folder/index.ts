export { FolderDestructionLedger } from './folder-destruction-ledger.js';
export { FolderLogFiles } from './folder-log-files.js';
