// Writes the generated blocks of the documentation anew: settings, operations, commands, metrics. Build first.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startExampleServer } from './example-server.ts';
import { withGeneratedBlocks } from './generated-blocks.ts';
import { readPages, repository } from './repository.ts';

await using server = await startExampleServer();
for (const { name, text } of readPages()) {
  const current = await withGeneratedBlocks(text, server);
  if (current === text) continue;
  writeFileSync(join(repository, name), current);
  console.log(`${name} written`);
}
