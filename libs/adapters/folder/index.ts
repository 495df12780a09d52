export { FolderLogFiles } from './folder-log-files.js';
