import type { Actor } from '#libs/kernel';
import { PERSONAL_SCOPES, type Scope } from '#libs/configuration';

/** Who holds the token. On whose behalf a request is made is domain data, never a claim (interfaces.md §2). */
export interface Caller {
  /** `client_id`. */
  readonly client: string;
  /** The person: a `sub` other than `client_id`, an opaque id; absent where a program acts by itself. */
  readonly clerk?: string;
  /** Scopes of ours that the token carries; others are left out. */
  readonly scopes: ReadonlySet<Scope>;
}

export const actorOf = (caller: Caller): Actor =>
  caller.clerk === undefined ? { client: caller.client } : { client: caller.client, clerk: caller.clerk };

/** Whether one of `scopes` lets the caller in (none named: any token does); one that is for persons only lets a person in. */
export function admission(caller: Caller, scopes: readonly Scope[]): 'granted' | 'missing-scope' | 'person-required' {
  if (scopes.length === 0) return 'granted';
  let answer: 'missing-scope' | 'person-required' = 'missing-scope';
  for (const scope of scopes) {
    if (!caller.scopes.has(scope)) continue;
    if (caller.clerk !== undefined || !PERSONAL_SCOPES.includes(scope)) return 'granted';
    answer = 'person-required';
  }
  return answer;
}
