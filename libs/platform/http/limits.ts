/** Most bytes of a body. */
export const BODY_LIMIT = 1024 * 1024;
