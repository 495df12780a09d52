import type { Actor } from '#libs/kernel';
import type { Scope } from './scopes.js';

/** Who holds the token. On whose behalf a request is made is domain data, never a claim (interfaces.md §2). */
export interface Caller {
  /** `client_id`. */
  readonly client: string;
  /** `sub`, the clerk, an opaque id; absent where a program acts by itself. */
  readonly clerk?: string;
  /** Scopes of ours that the token carries; others are left out. */
  readonly scopes: ReadonlySet<Scope>;
}

export const actorOf = (caller: Caller): Actor =>
  caller.clerk === undefined ? { client: caller.client } : { client: caller.client, clerk: caller.clerk };
