export { folderFileStore } from './file-store.js';
