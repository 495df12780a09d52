export type { Clock } from './clock.js';
export { connect, type Connection, type RawAnswer, type RawRequest, type Waarborg } from './connect.js';
export { BrokenListError, NoAnswerError, ProblemError, TokenError } from './errors.js';
export type { Fetch, Patience } from './exchange.js';
export type { Answer, Answers, Api, CallOptions, Lists } from './operations.js';
export type { Credentials, TokenProvider } from './tokens.js';
export { CONTRACT, OPERATIONS } from './generated/operations.js';
export type * from './generated/v1.js';
export type * as access from './generated/access.js';
