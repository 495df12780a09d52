import { memoryVault } from '#libs/vault';
import { recognitionTests } from './recognition.tests.js';

recognitionTests('in memory', async () => {
  const vault = await memoryVault();
  return { vault, backup: async () => ({ restore: vault.snapshot() }), close: () => vault.close() };
});
