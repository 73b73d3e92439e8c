import { Option } from 'commander';
import type { Setup } from '../program.ts';
import { withConnection, withJson } from './connection-options.ts';
import { withInline, withOutput } from './make.ts';
import { wholeNumber } from './parse-number.ts';

const jobsHelp = `
Examples:
  anura jobs list --kind video
  anura jobs watch QmVq…
  anura jobs result QmVq… -o frogs.webp`;

const kinds = ['chat', 'embedding', 'image', 'video', 'speech'];

/** The commands about jobs. */
export function addJobCommands({ program, context }: Setup): void {
  const jobs = program
    .command('jobs')
    .description('list, watch and cancel jobs, and fetch their results')
    .addHelpText('after', jobsHelp);
  const load = () => import('../commands/jobs.ts');

  withConnection(withJson(jobs.command('list')))
    .description('list the jobs of this key, newest first')
    .addOption(new Option('--kind <kind>', 'of this kind alone').choices(kinds))
    .option('--state <state>', 'in this state alone, like DealAgreed')
    .option('--limit <number>', 'how many, 100 at most', wholeNumber(1), 20)
    .option('--cursor <cursor>', 'the page after another, as that one said')
    .action(async (options) => (await load()).listJobs(options, context));

  withConnection(withJson(jobs.command('show')))
    .description('show one job')
    .argument('<id>', 'the Job-Offer-Id of an answer')
    .action(async (id, options) => (await load()).showJob(id, options, context));

  withConnection(withJson(jobs.command('watch')))
    .description('follow a job to its end')
    .argument('<id>', 'as in anura jobs list')
    .action(async (id, options) => (await load()).watchJob(id, options, context));

  withConnection(withJson(jobs.command('cancel')))
    .description('stop a job')
    .argument('<id>', 'as in anura jobs list')
    .action(async (id, options) => (await load()).cancelJob(id, options, context));

  withConnection(withJson(withInline(withOutput(jobs.command('result')))))
    .description('save what a job made')
    .argument('<id>', 'as in anura jobs list')
    .action(async (id, options) => (await load()).saveJobResult(id, options, context));
}
