import type { DomainEvent, Instant, Recorded } from '#libs/kernel';
import { KeyDestroyed, openMember, type Sealer } from '#libs/eventing';
import type { ConfirmationRetried, ConfirmationSent, ConfirmationWritten, LetterWords } from '#libs/domain';
import { asTold, moment } from './letters.js';

type Written = Recorded<DomainEvent> & ConfirmationWritten;

const writtenIn = (history: readonly Recorded<DomainEvent>[]): Written => history[0] as unknown as Written;

/** Where it goes. Rejects with `KeyDestroyed` where that was erased. */
export function addressIn(sealer: Sealer, history: readonly Recorded<DomainEvent>[]): Promise<string> {
  const newest = history.findLast(({ type }) => type === 'ConfirmationRetried') ?? writtenIn(history);
  return openMember(sealer, newest, 'address', (newest.data as ConfirmationRetried['data']).address);
}

/** What was said of the last letter that went, come back or not. Rejects with `KeyDestroyed` where that was erased; `undefined`: none did. */
export async function letterIn(
  sealer: Sealer,
  history: readonly Recorded<DomainEvent>[],
): Promise<LetterWords | undefined> {
  const sent = history.findLast(
    ({ type, data }) => type === 'ConfirmationSent' && (data as ConfirmationSent['data']).letter !== undefined,
  );
  if (sent === undefined) return undefined;
  const { evidence, lateEntryReason } = sent.data as ConfirmationSent['data'];
  return {
    ...(evidence === undefined ? {} : { evidence: await openMember<string>(sealer, sent, 'evidence', evidence) }),
    ...(lateEntryReason === undefined
      ? {}
      : { lateEntryReason: await openMember<string>(sealer, sent, 'lateEntryReason', lateEntryReason) }),
  };
}

/** Whose names may stand in a text, as its marks say it. */
export const NAMES = ['authorized', 'represented'] as const;
export type Name = (typeof NAMES)[number];

/**
 * The text as it is told, names in it, and the moment of revocation where it names one; the marks of names that are hidden
 * stay. Rejects with `KeyDestroyed` where a name that stands in it was erased, hidden or not.
 */
export async function contentOf(
  sealer: Sealer,
  history: readonly Recorded<DomainEvent>[],
  revokesAt?: Instant,
  hidden: ReadonlySet<Name> = new Set(),
): Promise<string> {
  const written = writtenIn(history);
  const { text, language } = written.data;
  const opened = await Promise.all(
    NAMES.map(async (name) => {
      const member = `${name}Name` as const;
      const sealed = written.data[member];
      if (sealed === undefined || !text.includes(`{${name}}`)) return [];
      const value = await openMember(sealer, written, member, sealed);
      return hidden.has(name) ? [] : [[name, value] as const];
    }),
  );
  return asTold(text, {
    ...Object.fromEntries(opened.flat()),
    ...(revokesAt === undefined ? {} : { revokesAt: moment(revokesAt, language) }),
  });
}

/** `undefined` where what it takes was erased. */
export async function unlessErased<T>(opening: Promise<T>): Promise<T | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof KeyDestroyed) return undefined;
    throw error;
  }
}
