/**
 * To which store a register's database belongs, whatever holds that store's events: its records, read models and
 * checkpoints are nobody else's.
 */
export interface RegisterIdentity {
  /** Id of the store; `undefined` while none was named. */
  store(): Promise<string | undefined>;

  /**
   * Names the store, once and for all. Answers the one that stands there, whoever named it first. MUST be durable when it
   * resolves; of those who name it at once exactly one MUST take effect.
   */
  name(store: string): Promise<string>;
}
