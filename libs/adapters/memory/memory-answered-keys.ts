import type { AnsweredKeys, AnswerToKeep, KeptAnswer } from '#libs/eventing';
import { instantFromEpoch, type EventId } from '#libs/kernel';

export class MemoryAnsweredKeys implements AnsweredKeys {
  readonly #answers = new Map<EventId, KeptAnswer>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  async find(key: EventId): Promise<KeptAnswer | undefined> {
    return this.#answers.get(key);
  }

  async put(answer: AnswerToKeep): Promise<KeptAnswer | undefined> {
    if (this.#answers.has(answer.key)) return undefined;
    const kept = { ...answer, answeredAt: instantFromEpoch(this.#clock()), settled: false };
    this.#answers.set(answer.key, kept);
    return kept;
  }

  async settle(answer: KeptAnswer): Promise<boolean> {
    const stands = this.#answers.get(answer.key);
    if (stands?.attempt !== answer.attempt) return false;
    this.#answers.set(answer.key, { ...stands, settled: true });
    return true;
  }

  async withdraw({ key, attempt, settled }: KeptAnswer): Promise<void> {
    const stands = this.#answers.get(key);
    if (stands?.attempt === attempt && stands.settled === settled) this.#answers.delete(key);
  }
}
