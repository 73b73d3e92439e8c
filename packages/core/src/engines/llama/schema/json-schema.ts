/** A JSON Schema as it came from a caller: nothing about it is known yet. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };
