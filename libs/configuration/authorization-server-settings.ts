import { readScopeMapping, type ScopeMapping } from './scope-mapping.js';
import { readSettingsFile } from './settings-files.js';

/** What is set about the organization's own authorization server. */
export interface AuthorizationServerSettings {
  /** As in `iss`, letter by letter. */
  readonly issuer: string;
  readonly audience: string;
  /** Takes the `typ` `JWT` as well, for servers that say no better. */
  readonly acceptJwtTyp: boolean;
  /** Absent: the server calls its scopes as ours are called. */
  readonly scopes?: ScopeMapping;
}

/** As they were given, by option. */
export interface GivenLogins {
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
  readonly scopesFile: string | undefined;
  readonly acceptJwtTyp: boolean;
}

/** What is wrong goes to `faults`, all of it. */
export function readAuthorizationServer(
  { issuer, audience, scopesFile, acceptJwtTyp }: GivenLogins,
  faults: string[],
): AuthorizationServerSettings | undefined {
  if (issuer === undefined) {
    const others = {
      AUTH_AUDIENCE: audience,
      AUTH_SCOPES_FILE: scopesFile,
      AUTH_ACCEPT_JWT_TYP: acceptJwtTyp || undefined,
    };
    for (const [variable, value] of Object.entries(others)) {
      if (value !== undefined) faults.push(`${variable} is about the server of AUTH_ISSUER, which is not given`);
    }
    return undefined;
  }
  // RFC 8414 §2; and a password in it would stand in every log.
  if (URL.canParse(issuer) && /[?#@]/.test(issuer)) {
    faults.push('--auth-issuer (AUTH_ISSUER) must be without query, fragment and user');
  }
  if (audience === undefined) {
    faults.push(
      '--auth-audience (AUTH_AUDIENCE) is required with AUTH_ISSUER: what stands in aud of its tokens for us',
    );
  }
  const scopes = scopesFile === undefined ? undefined : readScopes(scopesFile, faults);
  return { issuer, audience: audience ?? '', acceptJwtTyp, ...(scopes === undefined ? {} : { scopes }) };
}

function readScopes(path: string, faults: string[]): ScopeMapping | undefined {
  const read = readSettingsFile('AUTH_SCOPES_FILE', path, 'gives-rights', faults);
  if (read === undefined) return undefined;
  const wrong: string[] = [];
  const mapping = readScopeMapping(read, wrong);
  faults.push(...wrong.map((what) => `AUTH_SCOPES_FILE names ${path}: ${what}`));
  return mapping;
}
