import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, with a slash at its end. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** A Markdown page. */
export interface Page {
  /** From the root of the repository, e.g. `docs/limits.md`. */
  readonly name: string;
  readonly text: string;
}

/** Every page a reader may come to, decisions and examples included. */
export function readPages(): Page[] {
  const names = globSync(
    [
      '*.md',
      'docs/**/*.md',
      'examples/README.md',
      '{examples,packages,packages/onnxruntime,apps}/*/README.md',
      '{openapi,bench,release}/README.md',
    ],
    {
      cwd: repository,
    },
  );
  return names.sort().map((name) => ({ name, text: readFileSync(join(repository, name), 'utf8') }));
}
