import type { DomainEvent } from './decider.js';
import type { KeyHolder } from './sealed.js';

/** How one event type is stored. Frozen once released: a new meaning is a new type name. */
export interface EventDeclaration<Event extends DomainEvent = DomainEvent> {
  /** Version that is written now; older ones are read through `upcasters`. */
  readonly schemaVersion: number;
  /**
   * The oldest version that can say this data, where many can be said in an older one than is known now: a process of an
   * earlier release then stops only at what it would misread. Absent: always `schemaVersion`.
   */
  readonly versionOf?: (data: Event['data']) => number;
  /** Id in the participant's register of processing activities (configuration maps it). */
  readonly processingActivity: string;
  /**
   * Members of `data` that hold personal data, each with the object under whose key it is sealed. A member that is
   * absent from the data is left out. Every `Clear` value of an event must be declared here, or it is not written.
   */
  readonly personal?: { readonly [member: string]: (data: Event['data']) => KeyHolder };
  /** `upcasters[n]` turns data of version n into data of version n + 1. */
  readonly upcasters?: { readonly [fromVersion: number]: (data: object) => object };
}

/** One declaration per event type of an aggregate; a type that is not in it stops the reader. */
export type EventCodec<Event extends DomainEvent> = {
  readonly [Type in Event['type']]: EventDeclaration<Extract<Event, { type: Type }>>;
};
