export type { CacheLimits } from './bounded-cache.js';
export { exportKeyFiles, fileKeyProvider, importKeyFiles, requireKeys } from './keys/file-key-provider.js';
export { KeysUnusable } from './keys/key-provider.js';
export { ANSWER_KEY_NAMES } from './keys/key-provider.js';
export type {
  AnswerKeyName,
  KeyName,
  KeyProvider,
  ProvidedKey,
  RotatingKeyProvider,
  SecretKeyName,
  SigningKeyName,
} from './keys/key-provider.js';
export { demandMlDsa44, knowsMlDsa44 } from './keys/key-material.js';
export { LOG_KEY_OVERLAP, signingKey, verificationKeys } from './keys/signing-keys.js';
export type {
  AnswerAlgorithm,
  AnswerKeys,
  LogKeys,
  LogSigningKey,
  LogVerificationKey,
  SecondLogKey,
  SigningAlgorithm,
  SigningKey,
  VerificationKey,
} from './keys/signing-keys.js';
export { memoryVault } from './memory-vault.js';
export type { MemoryVault } from './memory-vault.js';
export { openVault } from './open-vault.js';
export type { VaultSettings } from './open-vault.js';
export { KeyStoreRefused, prepareKeyStore } from './store/postgres-connection.js';
export { SealBroken } from './vault.js';
export type { Holding, IdentifierHashes, Reservations, Vault } from './vault.js';
