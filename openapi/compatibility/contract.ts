import { readFileSync } from 'node:fs';

/** An OpenAPI document as far as the comparison looks into it itself. */
export interface Contract {
  readonly security?: readonly unknown[];
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly [key: string]: unknown;
}

/** @throws when the file is missing or is not a document, naming it. */
export function readContract(file: string): Contract {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Contract;
  } catch (error) {
    throw new Error(`${file} cannot be read as an OpenAPI document: ${String(error)}`, { cause: error });
  }
}
