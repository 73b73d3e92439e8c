// Stands in for the program named first while a page is rehearsed: understands the words that follow, does nothing.
import { relative, resolve } from 'node:path';
import { parseCommand } from './parse-command.ts';

const { REHEARSED_FOLDER: home = '', STAGE_FOLDER: stage = '' } = process.env;
try {
  await parseCommand(process.argv.slice(2), resolve(home, relative(stage, process.cwd())));
} catch (error) {
  console.error(`${process.argv.slice(2).join(' ')}: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
