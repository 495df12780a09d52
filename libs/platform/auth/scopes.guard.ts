import { SetMetadata, type CanActivate, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { authenticate, callerOfRequest, requirePerson } from './authenticate.js';
import type { Caller } from './caller.js';
import type { Scope } from '#libs/configuration';
import { sentParameter } from '../requests/sent-request.js';
import type { TokenVerifier } from './token-verifier.js';

export const SCOPES_METADATA = 'waarborg:scopes';
export const OPEN_METADATA = 'waarborg:open';
export const PERSON_METADATA = 'waarborg:person';

/** The token needs one of these scopes. On a method or, for all its methods, on a controller. */
export const Scopes = (...scopes: [Scope, ...Scope[]]): CustomDecorator => SetMetadata(SCOPES_METADATA, scopes);

/** Anybody may ask, without a token. For reads (`GET`) only: a body of a stranger is not read. */
export const Open = (): CustomDecorator => SetMetadata(OPEN_METADATA, true);

/** Only a person may ask, whatever the scope: a decision is somebody's (interfaces.md §2). */
export const ForPersons = (): CustomDecorator => SetMetadata(PERSON_METADATA, true);

/** The caller of this request; only on routes that are not `@Open()`. */
export const CurrentCaller = sentParameter((request): Caller => callerOfRequest(request));

/**
 * Guards every Nest route. A route that names neither scopes nor `@Open()` is a mistake and refuses everybody, so that
 * a forgotten decorator never opens a door.
 */
export class ScopesGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // The method's own word wins over its controller's.
    for (const target of [context.getHandler(), context.getClass()]) {
      if (this.reflector.get<boolean | undefined>(OPEN_METADATA, target) === true) return true;
      const scopes = this.reflector.get<readonly Scope[] | undefined>(SCOPES_METADATA, target);
      if (scopes === undefined) continue;
      const request = context.switchToHttp().getRequest<FastifyRequest>();
      await authenticate(request, this.verifier, scopes);
      if (this.reflector.getAllAndOverride<boolean | undefined>(PERSON_METADATA, [context.getHandler(), target])) {
        requirePerson(request);
      }
      return true;
    }
    throw new Error(`${context.getClass().name}.${context.getHandler().name} names no scope`);
  }
}
