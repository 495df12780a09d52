export { ArchiveModule, archiveProjections } from './archive.module.js';
