#!/usr/bin/env node
// Only what every Node understands, so that an old one is told what is wrong with it.
import module from 'node:module';
import { isNewEnough, oldestNode } from './node-version.ts';

if (isNewEnough(process.versions.node)) {
  module.enableCompileCache(); // before anything else is loaded: it keeps compiled modules between runs
  const { run } = await import('./run.ts');
  process.exitCode = await run(process.argv.slice(2));
} else {
  console.error(`error: anura needs Node ${oldestNode} or newer, and this is ${process.versions.node}.`);
  process.exitCode = 1;
}
