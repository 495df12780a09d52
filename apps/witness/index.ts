export { FolderWitnessStore } from './folder-witness-store.js';
export { WitnessRefused } from './witness-identity.js';
export { startWitness } from './witness-server.js';
export type { RunningWitness } from './witness-server.js';
export { readWitnessSettings, WitnessSettingsFault } from './witness-settings.js';
export type { WitnessSettings } from './witness-settings.js';
