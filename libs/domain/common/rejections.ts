import type { JsonValue, Rejection, RejectionDeclaration, RejectionKind, Words } from '#libs/kernel';

/** The codes that one place can reject with, each with its meaning. */
export type RejectionCatalogue = { readonly [code: string]: RejectionDeclaration };

export interface RejectionDetails {
  /** JSON Pointer into the request. */
  readonly pointer?: string;
  readonly facts?: Readonly<Record<string, JsonValue>>;
}

/** Makes the function that rejects with the codes of one catalogue, so that a code without a meaning can't be used. */
export const rejecting =
  <Catalogue extends RejectionCatalogue>(catalogue: Catalogue) =>
  (code: keyof Catalogue & string, details: RejectionDetails = {}): Rejection => ({
    code,
    kind: catalogue[code]!.kind,
    ...details,
  });

const declared =
  (kind: RejectionKind) =>
  (en: string, nl: string, meaning: Words, rule?: string): RejectionDeclaration => ({
    kind,
    title: { en, nl },
    meaning,
    ...(rule === undefined ? {} : { rule }),
  });

/** The rules say no. */
export const refused = declared('refused');
/** The object named in the path does not exist. */
export const notFound = declared('not-found');
/** The object is in another state than the request assumes. */
export const conflicting = declared('conflict');
/** A member of the request can't be used. */
export const invalid = declared('invalid');
