import { checkSchema } from '#libs/domain';

/** The kinds of check that the schema file knows. */
export const CHECK_TYPES: readonly string[] = (
  checkSchema as { readonly $defs: { readonly storedCheck: { readonly oneOf: readonly { readonly $ref: string }[] } } }
).$defs.storedCheck.oneOf.map(({ $ref }) => $ref.slice('#/$defs/'.length));
