// Puts beside the compiled server what it takes from elsewhere in the repository, so that the published package is whole.
import { copyFileSync, cpSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

copyReference();
copyDocuments();
copyValidator();

/** Scalar's browser bundle: /docs works offline. */
function copyReference(): void {
  const bundle = new URL('browser/standalone.js', import.meta.resolve('@scalar/api-reference'));
  copyFileSync(bundle, join(dist, 'reference.js'));
}

/** The project's pages, which the local search finds. */
function copyDocuments(): void {
  const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
  rmSync(join(dist, 'docs'), { recursive: true, force: true });
  for (const page of globSync('**/*.md', { cwd: docs })) {
    const target = join(dist, 'docs', page);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(docs, page), target);
  }
}

/**
 * express-openapi-validator with our patch. pnpm patches it in this repository only: whoever installs the published server
 * would get the original, so the server brings the patched one and never asks for the other. What it requires is named among
 * the server's own dependencies. Its licence stands in NOTICE: with a file of that name anywhere in the package, pnpm leaves ours
 * out.
 */
function copyValidator(): void {
  const source = fileURLToPath(new URL('..', import.meta.resolve('express-openapi-validator')));
  const target = join(dist, 'vendor', 'express-openapi-validator');
  rmSync(target, { recursive: true, force: true });
  for (const part of ['dist', 'package.json'])
    cpSync(join(source, part), join(target, part), {
      recursive: true,
      dereference: true,
      filter: (path) => !path.endsWith('.d.ts') && !path.endsWith('.map'),
    });
}
