export { authorizationRejections, rejectAuthorization } from './authorization.commands.js';
export type {
  AuthorizationCommand,
  ChangeAuthorization,
  DecideAnew,
  RegisterAuthorization,
  RenewAuthorization,
} from './authorization.commands.js';
export { authorizationDecider } from './authorization.decider.js';
export * from './authorization.events.js';
export { DECIDING, STANDINGS, standingAt } from './authorization.state.js';
export type { Authorization, RegisteredAuthorization, Standing } from './authorization.state.js';
