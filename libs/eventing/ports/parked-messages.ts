/** A message as it arrived, before anything is known of it. */
export interface ArrivedMessage {
  readonly topic: string;
  /** Where it lies, once in a topic: `<partition>/<offset>`, or the position in the store's feed. */
  readonly place: string;
  /** What keeps its order: messages of one key are taken one after another. Its own place where it has no key. */
  readonly key: string;
  /** Byte for byte. */
  readonly bytes: Uint8Array;
}

/** A message that was put aside by a reaction. */
export interface ParkedMessage extends Omit<ArrivedMessage, 'bytes'> {
  readonly reaction: string;
  /** A UUID: the event's, or one made of topic and place where it is no event. */
  readonly id: string;
  /** Why, in words without personal data. */
  readonly reason: string;
  /**
   * `failed` = a person has to decide; `released` = a person wants it tried again; `waiting` = never tried, it stands
   * behind another message of its key.
   */
  readonly state: 'failed' | 'released' | 'waiting';
}

export interface ParkedWithBytes extends ParkedMessage {
  readonly bytes: Uint8Array;
}

/** Where reactions put aside what can't succeed, so that what has another key goes on. */
export interface ParkedMessages {
  /**
   * Puts a message aside, behind all of its key. MUST be durable when it resolves. One that is there already (same
   * reaction and id) keeps its place among the others and its bytes: `failed` gives it the new reason and state, `waiting`
   * changes nothing.
   */
  park(message: ParkedWithBytes): Promise<void>;
  /** Of one reaction, or of all: by reaction, then in the order in which they were parked. */
  list(reaction?: string): Promise<readonly ParkedMessage[]>;
  /** The first message of each key of a reaction, and how many of the key there are. */
  heads(reaction: string): Promise<readonly (ParkedMessage & { readonly count: number })[]>;
  /** The first message of a key. */
  head(reaction: string, key: string): Promise<ParkedWithBytes | undefined>;
  /** Wants a failed message tried again. False when there is none with this id. */
  release(reaction: string, id: string): Promise<boolean>;
  /** It is done, or given up. False when there is none with this id. */
  remove(reaction: string, id: string): Promise<boolean>;
}
