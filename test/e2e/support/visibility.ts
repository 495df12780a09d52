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

/** What is asked and revoked; `ask` answers whether it is a yes. */
export interface Register {
  ask(subject: string): Promise<boolean>;
  revoke(subject: string): Promise<void>;
}

/**
 * Revokes every subject, `atOnce` at a time, while many questions are under way; keeps asking for a while afterwards.
 */
export async function questionsDuringRevocations(
  register: Register,
  subjects: readonly string[],
  { askers, atOnce }: { readonly askers: number; readonly atOnce: number },
): Promise<History> {
  const asked: Asked[] = [];
  const revoked: Revoked[] = [];
  let going = true;
  const asking = Array.from({ length: askers }, async (_, asker) => {
    for (let count = asker; going; count++) {
      const subject = subjects[count % subjects.length]!;
      const askedAt = performance.now();
      const yes = await register.ask(subject);
      asked.push({ subject, askedAt, answeredAt: performance.now(), yes });
    }
  });
  const waiting = [...subjects];
  const revoking = Array.from({ length: atOnce }, async () => {
    for (let subject = waiting.shift(); subject !== undefined; subject = waiting.shift()) {
      const sentAt = performance.now();
      await register.revoke(subject);
      revoked.push({ subject, sentAt, answeredAt: performance.now() });
      // The very next question, whatever the others are asking.
      const askedAt = performance.now();
      asked.push({ subject, askedAt, yes: await register.ask(subject), answeredAt: performance.now() });
    }
  });
  await Promise.all(revoking);
  for (const subject of subjects) {
    const askedAt = performance.now();
    asked.push({ subject, askedAt, yes: await register.ask(subject), answeredAt: performance.now() });
  }
  going = false;
  await Promise.all(asking);
  return { asked, revoked };
}

/** The same register, but with an index that learns of a revocation only after it was answered: what must not be. */
export function indexedAfterwards(register: Register, milliseconds: number): Register {
  const known = new Map<string, number>();
  return {
    async ask(subject) {
      const from = known.get(subject);
      return from !== undefined && performance.now() < from ? true : register.ask(subject);
    },
    async revoke(subject) {
      await register.revoke(subject);
      known.set(subject, performance.now() + milliseconds);
    },
  };
}
