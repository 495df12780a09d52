/** How brokers are spoken to. */
export interface KafkaSettings {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** In front of every name of topics, groups and transactions: several installations share brokers by it. */
  readonly prefix: string;
  /** Absent: plain text. All of it PEM. */
  readonly tls?: {
    /** Absent: the public ones. */
    readonly authorities?: string;
    readonly client?: { readonly certificate: string; readonly key: string };
  };
  /**
   * Without `tls`: no broker beyond this machine is connected to, whatever address brokers give of each other. Those
   * are followed otherwise, with events and login in plain text.
   */
  readonly hereOnly?: boolean;
  readonly login?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** Gets one line for what is worth telling, the same one at most once a minute. */
  readonly log: (line: string) => void;
}
