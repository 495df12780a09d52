/**
 * Personal data on their way into or out of an event. The domain hands over `Clear` values; they are sealed when the
 * event is written, and come back as `Sealed`: opaque in state, opened by a named reader only (interfaces.md §9).
 */
export interface Clear<T> {
  readonly clear: T;
}

/** Ciphertext of one member; the object whose key opens it is named in it by the sealer. */
export interface Sealed<T> {
  readonly sealed: string;
  /** Only for the type checker: what is inside. Never present. */
  readonly __inside?: T;
}

export type Personal<T> = Clear<T> | Sealed<T>;

export const clear = <T>(value: T): Clear<T> => ({ clear: value });

export const isSealed = <T>(value: Personal<T>): value is Sealed<T> => 'sealed' in value;

/** Objects that hold what is sealed, each with a key and a clock of its own. */
export interface KeyHolder {
  readonly kind:
    | 'person'
    | 'document'
    | 'party'
    | 'evidence'
    | 'application'
    | 'reading'
    | 'webhookSubscription'
    | 'legalHold'
    | 'policySimulation'
    /** Where somebody is reached, with every copy of it: erased apart from who he is (RIGHTS-06). */
    | 'contact'
    | 'rightsRequest';
  readonly id: string;
}
