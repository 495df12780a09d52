export { requirePerson } from './auth/authenticate.js';
export { actorOf } from './auth/caller.js';
export type { Caller } from './auth/caller.js';
export { ClientRefused, fileLocalClients } from './auth/local-clients.js';
export type { LocalClient, LocalClients } from './auth/local-clients.js';
export { localExpectations, localIssuer } from './auth/local-issuer.js';
export type {
  LocalIssuer,
  LocalIssuerSettings,
  TokenKeys,
  TokenRequest,
  TokenSigningKey,
} from './auth/local-issuer.js';
export { IssuerRefused } from './auth/authorization-server.js';
export type { AuthorizationServer, IssuerLimits } from './auth/authorization-server.js';
export { organizationLogins } from './auth/organization-logins.js';
export type { OrganizationLogins } from './auth/organization-logins.js';
export { CurrentCaller, ForPersons, Open, Scopes } from './auth/scopes.guard.js';
export { isRole, isScope, PERSONAL_ROLES, ROLES, SCOPES } from '#libs/configuration';
export type { Role, Scope } from '#libs/configuration';
export { TOKEN_PATH } from './auth/token-endpoint.js';
export type { TokenEndpoint } from './auth/token-endpoint.js';
export { jwtVerifier, MAX_TOKEN_SECONDS, TOKEN_VERIFIER, TokenRejected } from './auth/token-verifier.js';
export type { JwtExpectations, Possession, Presented, TokenVerifier, VerificationKey } from './auth/token-verifier.js';
export { startGateway } from './gateway/start-gateway.js';
export type { GatewayLimits, GatewayOptions, GatewayRoute, RunningGateway } from './gateway/start-gateway.js';
export { PROBES } from './health/probes.js';
export type { Probe, ProbeRegistry, ProbeResult, Readiness } from './health/probes.js';
export { CONFIGURATION, createApp, PROBLEM_CATALOGUE, startApp } from './http/create-app.js';
export type { AppOptions } from './http/create-app.js';
export { DIRECT_ROUTES, WrittenAnswer } from './http/direct-routes.js';
export type { DirectAnswer, DirectRequest, DirectRoutes } from './http/direct-routes.js';
export { PUBLISHED_FILES } from './http/published-files.js';
export type { PublishedFile, PublishedFiles } from './http/published-files.js';
export type { LogStream } from './http/fastify.js';
export { MAX_VALUES, parseJsonBody } from './http/json-body.js';
export { memberPointer } from './http/pointer.js';
export { traceOf } from './http/trace.js';
export type { Trace } from './http/trace.js';
export { buildContracts, contactOf } from './openapi/build-contract.js';
export type { Contract, Contracts } from './openapi/build-contract.js';
export { publishComponents } from './openapi/components.js';
export { named } from './openapi/named-lists.js';
export {
  ApiCommand,
  ApiDownload,
  ApiFile,
  ApiId,
  ApiQueryOperation,
  ApiTextOperation,
  ApiUpload,
  EXAMPLE_POSITION,
  Section,
} from './openapi/operations.js';
export type { CommandDocs, BodyType, Examples, ProblemCode, QueryOperationDocs } from './openapi/operations.js';
export { capital, referenceTo } from './openapi/schema.js';
export type { Schema, Schemas } from './openapi/schema.js';
export { componentsFrom } from './openapi/schema-file.js';
export type { SchemaFile } from './openapi/schema-file.js';
export { Condition, OneOf } from './openapi/variants.js';
export { escapeHtml, ownPage, WantsPage } from './pages/page.js';
export { packageManifest, packageVersion } from './package-version.js';
export { preferredLanguage, problemCatalogue } from './problems/catalogue.js';
export type { Language, ProblemCatalogue } from './problems/catalogue.js';
export { PLATFORM_MESSAGES } from './problems/messages.js';
export type { Message, PlatformCode } from './problems/messages.js';
export {
  conflict,
  idempotencyKeyReused,
  invalidRequest,
  MAX_FAULTS,
  notFound,
  preconditionFailed,
  ProblemException,
  unavailable,
} from './problems/problem.exception.js';
export type { Fault, ProblemOptions } from './problems/problem.exception.js';
export { PHRASES } from './problems/phrases.js';
export { foreseen, toldRejections } from './problems/to-problem.js';
export { problemOfRejections } from './problems/rejections.js';
export { connectReactions } from './reactions/connect-reactions.js';
export { groupOf, startKafkaReaction } from './reactions/kafka-reaction.js';
export type { KafkaClientSettings, KafkaReactionParts } from './reactions/kafka-reaction.js';
export { ReactsTo } from './reactions/reacts-to.js';
export type { StartReaction } from './reactions/reactions-server.js';
export { accepted, Answer, created, createdAll, done, found, textFile } from './requests/answer.js';
export type { CommandAnswer } from './requests/answer.js';
export {
  After,
  CheckedBody,
  Command,
  Context,
  InLanguage,
  parametersBeside,
  PathId,
  readAfter,
  readCommandLookingUp,
} from './requests/command-request.js';
export type { CommandRequest, RequestContext, Sender } from './requests/command-request.js';
export { pageOf, readPage } from './requests/paging.js';
export type { ListIdentity, PageAnswer, PagePlace, PageRequest } from './requests/paging.js';
export { decodePosition, encodePosition, noPosition } from './requests/position-codec.js';
export type { Position } from './requests/position-codec.js';
export type { LookUp } from './requests/look-up.js';
export type { AnsweredBefore, KeyedRequest } from './requests/replay.js';
export { entityTag } from './requests/request-headers.js';
export { Sent, sentParameter } from './requests/sent-request.js';
export type { SentRequest } from './requests/sent-request.js';
export { Upload } from './requests/upload.js';
export type { UploadRequest } from './requests/upload.js';
export { DURATION_BUCKETS, METRICS, metricsRegistry } from './telemetry/metrics.js';
export type { Metrics } from './telemetry/metrics.js';
export { faultsOfSchema } from './validation/ajv-faults.js';
export { Refers, type NamedReference } from './validation/refers.js';
export { isPlainObject } from './validation/validate.js';
export type { SchemaError } from './validation/ajv-faults.js';
export {
  EMAIL_WORDS,
  IsBirthDate,
  IsCalendarDate,
  IsChoice,
  IsChoiceList,
  IsEmailAddress,
  isEmailAddress,
  IsFlag,
  IsForm,
  IsInstant,
  IsJsonObject,
  IsTelephone,
  isTelephone,
  IsReference,
  IsText,
  IsTextList,
  IsTrue,
  IsUuidList,
  IsUuidString,
  IsWhole,
  ListOf,
  Nested,
  NestedList,
  Optional,
  OptionalUnless,
  TELEPHONE_WORDS,
} from './validation/members.js';
export type { Docs } from './validation/members.js';
export { isReference } from './validation/reference.js';
export { validate } from './validation/validate.js';
export type { Validated } from './validation/validate.js';
export { isReadable, isVisibleText } from './validation/visible-text.js';
