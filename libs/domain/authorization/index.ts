export { authorizationRejections, rejectAuthorization } from './authorization.commands.js';
export type {
  AddresseeTold,
  AuthorizationCommand,
  ChangeAuthorization,
  DecideAnew,
  RegisterAuthorization,
  RenewAuthorization,
  ReviewNonUse,
  StateDisplayPermission,
} from './authorization.commands.js';
export { authorizationDecider, waitedFor } from './authorization.decider.js';
export * from './authorization.events.js';
export { DECIDING, STANDINGS, standingAt } from './authorization.state.js';
export type { Authorization, DisplayPermission, RegisteredAuthorization, Standing } from './authorization.state.js';
