import { PATIENCE } from '#libs/testing';

/** One question that was asked, in milliseconds of one clock. */
export interface Asked {
  readonly subject: string;
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly yes: boolean;
}
export interface Revoked {
  readonly subject: string;
  readonly sentAt: number;
  /** When the 201 had arrived. */
  readonly answeredAt: number;
}
export interface History {
  readonly asked: readonly Asked[];
  readonly revoked: readonly Revoked[];
}

/** The yeses that were asked for after the revocation had been answered: there must be none (interfaces.md §8). */
export const lateYeses = ({ asked, revoked }: History): readonly Asked[] =>
  asked.filter(
    ({ subject, askedAt, yes }) =>
      yes && revoked.some((revocation) => revocation.subject === subject && askedAt > revocation.answeredAt),
  );

/** What is asked and revoked; `ask` answers whether it is a yes, `undefined` where the question was not answered. */
export interface Register {
  ask(subject: string): Promise<boolean | undefined>;
  revoke(subject: string): Promise<void>;
}

/**
 * Revokes every subject, `atOnce` at a time, while many questions are under way. Each of them is asked about before its
 * revocation, while that is under way and as soon as it is answered; all of them once more in the end.
 */
export async function questionsDuringRevocations(
  register: Register,
  subjects: readonly string[],
  { askers, atOnce }: { readonly askers: number; readonly atOnce: number },
): Promise<History> {
  const asked: Asked[] = [];
  const revoked: Revoked[] = [];
  let going = true;
  // A question that was not answered is asked again, as a new one: from then on it counts.
  const ask = async (subject: string): Promise<void> => {
    for (const end = performance.now() + PATIENCE; ;) {
      const askedAt = performance.now();
      const yes = await register.ask(subject);
      if (yes !== undefined) {
        asked.push({ subject, askedAt, answeredAt: performance.now(), yes });
        return;
      }
      if (performance.now() > end) throw new Error(`no question about ${subject} was answered`);
    }
  };
  const asking = Array.from({ length: askers }, async (_, asker) => {
    for (let count = asker; going; count++) await ask(subjects[count % subjects.length]!);
  });
  const waiting = [...subjects];
  const revoking = Array.from({ length: atOnce }, async () => {
    for (let subject = waiting.shift(); subject !== undefined; subject = waiting.shift()) {
      await ask(subject);
      const sentAt = performance.now();
      const revocation = register.revoke(subject);
      const meanwhile = ask(subject);
      await revocation;
      revoked.push({ subject, sentAt, answeredAt: performance.now() });
      // The very next question, whatever the others are asking.
      await ask(subject);
      await meanwhile;
    }
  });
  await Promise.all(revoking);
  for (const subject of subjects) await ask(subject);
  going = false;
  await Promise.all(asking);
  return { asked, revoked };
}

/**
 * The same register, but with an index that learns of a revocation only after it was answered, from the question that comes
 * next: what must not be.
 */
export function indexedAfterwards(register: Register): Register {
  const unknown = new Set<string>();
  return {
    ask: async (subject) => unknown.delete(subject) || register.ask(subject),
    async revoke(subject) {
      await register.revoke(subject);
      unknown.add(subject);
    },
  };
}
