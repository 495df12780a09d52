import type { RejectionDeclaration, RejectionKind } from '#libs/kernel';
import { PLATFORM_MESSAGES, type Message } from './messages.js';

export type Language = 'en' | 'nl';

/** Every code that a problem of this installation may carry. */
export interface ProblemCatalogue {
  /** Adds the domain's declarations; the same code with another declaration is a bug and throws. */
  declare(declarations: Readonly<Record<string, RejectionDeclaration>>): void;
  find(code: string): Message | undefined;
  /** Title of a code; a code that nobody declared speaks for itself (`some-code` → "Some code"). */
  title(code: string, language: Language): string;
  codes(): readonly string[];
}

/** How a "no" of the domain is answered (interfaces.md §4). */
export const STATUS_OF = { 'not-found': 404, invalid: 400, conflict: 409, refused: 409 } as const satisfies Readonly<
  Record<RejectionKind, number>
>;

export function problemCatalogue(
  ...declarations: readonly Readonly<Record<string, RejectionDeclaration>>[]
): ProblemCatalogue {
  const messages = new Map<string, Message>(Object.entries(PLATFORM_MESSAGES));
  const catalogue: ProblemCatalogue = {
    declare(added) {
      for (const [code, declaration] of Object.entries(added)) {
        const message: Message = {
          ...declaration.title,
          meaning: declaration.meaning,
          status: STATUS_OF[declaration.kind],
          ...(declaration.rule === undefined ? {} : { rule: declaration.rule }),
        };
        const known = messages.get(code);
        const byPlatform = Object.hasOwn(PLATFORM_MESSAGES, code);
        if (known !== undefined && !byPlatform && known.meaning.en !== message.meaning.en) {
          throw new Error(`problem code ${code} is declared twice with different meanings`);
        }
        messages.set(code, message);
      }
    },
    find: (code) => messages.get(code),
    title(code, language) {
      const known = messages.get(code);
      if (known !== undefined) return known[language];
      const words = code.replaceAll('-', ' ');
      return words.charAt(0).toUpperCase() + words.slice(1);
    },
    codes: () => [...messages.keys()].sort(),
  };
  for (const added of declarations) catalogue.declare(added);
  return catalogue;
}

/** Language of everything that a problem says: Dutch when `Accept-Language` prefers it to English, else English. */
export function preferredLanguage(header: string | undefined): Language {
  const weights = { en: 0, nl: 0 };
  for (const part of (header ?? '').slice(0, 200).toLowerCase().split(',')) {
    const [range = '', ...parameters] = part.trim().split(';');
    const language = range.trim().split('-', 1)[0];
    if (language !== 'en' && language !== 'nl') continue;
    const quality = parameters.map((parameter) => /^\s*q=([01](?:\.\d{1,3})?)\s*$/.exec(parameter)?.[1]).find(Boolean);
    weights[language] = Math.max(weights[language], quality === undefined ? 1 : Number(quality));
  }
  return weights.nl > weights.en ? 'nl' : 'en';
}
