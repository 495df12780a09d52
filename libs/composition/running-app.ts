import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LocalIssuer } from '#libs/platform';
import type { OpenBackbone } from './open-backbone.js';

export interface RunningApp {
  readonly url: string;
  readonly app: NestFastifyApplication;
  /** Where tokens come from `AUTH_ISSUER` there is none: it rejects with `ConfigurationFault`. */
  readonly issuer: Pick<LocalIssuer, 'issue'>;
  readonly open: OpenBackbone;
  /** Stops taking requests, finishes those under way, then closes stores and databases. */
  stop(): Promise<void>;
}
