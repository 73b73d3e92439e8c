#!/usr/bin/env node
import { runFakeUpstream } from './command-line.ts';

process.exitCode = await runFakeUpstream(process.argv.slice(2));
