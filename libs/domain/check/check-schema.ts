import schema from './check.schema.json' with { type: 'json' };

/** The schema file of a stored check: the one source of its request, its event and its validation (interfaces.md §6). */
export const checkSchema: object = schema;

/** The kinds of check that it knows. */
export const CHECK_TYPES: readonly string[] = schema.$defs.storedCheck.oneOf.map(({ $ref }) =>
  $ref.slice('#/$defs/'.length),
);
