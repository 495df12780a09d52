export { boundFolder, OWNER_FILE } from './bound-folder.js';
export { removeAbandonedDrafts } from './drafts.js';
export { foreignOnTheWay } from './foreign-on-the-way.js';
export type { Foreign } from './foreign-on-the-way.js';
export { makeFolders } from './make-folders.js';
