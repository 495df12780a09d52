import { StoreUnavailable } from '#libs/eventing';
import { EventStoreRefused } from '#libs/adapters/eventstoredb';
import { BackupDamaged, SchemaRefused, UnsafeDurability } from '#libs/adapters/postgres';
import { DataDirectoryHeldError, EmbeddedServerFault } from '#libs/embedded';
import { ConfigurationFault, IssuerRefused } from '#libs/platform';
import { KeysUnusable, KeyStoreRefused } from '#libs/vault';
import { BackupRefused } from './backup.js';
import { StoreRefused } from './installation.js';

const FOR_PEOPLE = [
  BackupDamaged,
  BackupRefused,
  ConfigurationFault,
  StoreRefused,
  DataDirectoryHeldError,
  EmbeddedServerFault,
  IssuerRefused,
  EventStoreRefused,
  KeysUnusable,
  KeyStoreRefused,
  SchemaRefused,
  StoreUnavailable,
  UnsafeDurability,
] as const;

/** Whether a person can do something about it: then its message is shown, without a stack. */
export const isForPeople = (error: unknown): error is Error =>
  FOR_PEOPLE.some((kind) => error instanceof kind) || isPortTaken(error);

/** `listen EADDRINUSE: address already in use 127.0.0.1:8080` says it all. */
const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
