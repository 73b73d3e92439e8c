// Writes the generated blocks of the documentation anew: settings, operations, commands, metrics. Build first.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withGeneratedBlocks } from './reference/generated-blocks.ts';
import { readPages, repository } from './repository.ts';
import { startExampleServer } from './run/example-server.ts';

await using server = await startExampleServer();
for (const { name, text } of readPages()) {
  const current = await withGeneratedBlocks(text, server);
  if (current === text) continue;
  writeFileSync(join(repository, name), current);
  console.log(`${name} written`);
}
