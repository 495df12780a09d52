export type { AuthorizationServerSettings } from './authorization-server-settings.js';
export type { BucketSettings, EvidenceStoreSettings } from './bucket-settings.js';
export {
  ConfigurationFault,
  holdsPasswordText,
  isEventStoreUrl,
  readConfiguration,
  settingVariables,
  TEST_OIN,
} from './configuration.js';
export type { Configuration, LogLevel, Mode, WebhookSettings } from './configuration.js';
export { defaultLogOrigin } from './log-settings.js';
export type { KafkaConfiguration } from './kafka-settings.js';
export type { MailSettings } from './mail-settings.js';
export { mappedScopes } from './scope-mapping.js';
export type { ScopeMapping } from './scope-mapping.js';
export { isRole, isScope, PERSONAL_ROLES, PERSONAL_SCOPES, ROLES, SCOPE_MEANINGS, SCOPES } from './scopes.js';
export type { Role, Scope } from './scopes.js';
export { readSettingsJson } from './settings-json.js';
export type { TlsSettings } from './tls-settings.js';
export { trustedProxies } from './trusted-proxies.js';
export type { TrustedProxies } from './trusted-proxies.js';
