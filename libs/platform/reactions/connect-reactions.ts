import type { INestApplication } from '@nestjs/common';
import type { Follower } from '#libs/eventing';
import { ErrorsAsTheyAre, ReactionsServer, type StartReaction } from './reactions-server.js';

/** Registers the handlers of every reaction; they get nothing before `listen`, and nothing more once the app is closed. */
export function connectReactions(
  app: INestApplication,
  start: StartReaction,
): { listen(): Promise<readonly Follower[]> } {
  const server = new ReactionsServer(start);
  const microservice = app.connectMicroservice({ strategy: server }, { deferInitialization: true });
  // Before the handlers are wrapped: that is when the filters are taken.
  microservice.useGlobalFilters(new ErrorsAsTheyAre());
  const connected = microservice as typeof microservice & {
    registerListeners(): void;
    setIsInitialized(is: boolean): void;
    setIsInitHookCalled(is: boolean): void;
  };
  connected.registerListeners();
  connected.setIsInitialized(true);
  // The application's modules are begun once, by itself.
  connected.setIsInitHookCalled(true);
  return {
    async listen() {
      await app.startAllMicroservices();
      return server.followers;
    },
  };
}
