import type { Schema, Schemas } from './schema.js';

/** Components that no class describes, by name. Only those that something refers to come into a document. */
const published: Record<string, Schema> = {};

/** Adds components of a schema file; the same name with another meaning is a bug and throws. */
export function publishComponents(components: Schemas): void {
  for (const [name, schema] of Object.entries(components)) {
    const known = published[name];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`two components are named ${name}`);
    }
    published[name] = schema;
  }
}

export const publishedComponents = (): Schemas => published;
