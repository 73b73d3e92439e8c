import type { EffectiveConfig } from '@anura/server/config';
import { type ConnectionOptions, findPlace } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { checkDatabase, checkDataFolder, checkModelsFolder } from '../doctor/check-folders.ts';
import { checkBundledModel } from '../doctor/check-model.ts';
import { checkNode } from '../doctor/check-node.ts';
import { checkServer, type ServerPlace } from '../doctor/check-server.ts';
import { checkOllama, checkUpstreams } from '../doctor/check-upstreams.ts';
import { type Finding, fail, ok, warn } from '../doctor/finding.ts';
import { effectiveConfig } from '../effective-config.ts';
import { exitCodes, failureLines } from '../failure.ts';
import { printable } from '../terminal/printable.ts';
import { stylesFor } from '../terminal/styles.ts';

export interface DoctorOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly [flag: string]: unknown;
}

/** Looks at everything, shows each finding as it comes, and gives the exit code: failed when a check failed. */
export async function doctor(options: DoctorOptions, context: Context): Promise<number> {
  const findings: Finding[] = [];
  for await (const finding of examine(options, context)) {
    findings.push(finding);
    if (!options.json) show(finding, context);
  }
  const isWell = findings.every(({ level }) => level !== 'fail');
  if (options.json) printJson(context.stdout, { ok: isWell, findings });
  return isWell ? exitCodes.ok : exitCodes.failed;
}

async function* examine(options: DoctorOptions, context: Context): AsyncGenerator<Finding> {
  yield checkNode(process.versions.node);
  const config = readConfig(options, context);
  yield* config.findings;
  if (!config.value) return;
  yield* examineParts(config.value, context.signal);
  const place = readPlace(config.value, options, context);
  yield* 'url' in place ? await checkServer(place) : [place];
}

async function* examineParts(config: EffectiveConfig, signal: AbortSignal): AsyncGenerator<Finding> {
  const checks = [checkDataFolder, checkDatabase, checkModelsFolder, checkBundledModel, checkOllama, checkUpstreams];
  for (const check of checks) {
    signal.throwIfAborted();
    yield* [await check(config)].flat();
  }
}

function readConfig(options: DoctorOptions, context: Context): { value?: EffectiveConfig; findings: Finding[] } {
  const advice = 'Correct the configuration; `anura config check` looks at it again.';
  try {
    const value = effectiveConfig(options, context);
    const place = value.file ?? 'no file, which is fine: there are defaults';
    return { value, findings: [ok('config', place), ...value.warnings.map((text) => warn('config', text, advice))] };
  } catch (error) {
    return { findings: [fail('config', failureLines(error).join('\n'), advice)] };
  }
}

function readPlace(config: EffectiveConfig, options: DoctorOptions, context: Context): ServerPlace | Finding {
  try {
    return placeOf(config, options, context);
  } catch (error) {
    return fail('profile', failureLines(error).join(' '), 'Correct that, or name a server with --url and --key.');
  }
}

/** The server that was named, or the one this configuration would start. */
function placeOf({ host, port, apiKey }: EffectiveConfig, options: DoctorOptions, context: Context): ServerPlace {
  const { url: named, isNamed, key: given } = findPlace(options, context);
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = isNamed ? named : `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
  const key = given ?? apiKey?.reveal();
  return { url, host, port, ...(key && { apiKey: key }) };
}

function show({ check, level, message, advice }: Finding, { stdout, env }: Context): void {
  const styles = stylesFor(stdout, env);
  const colour = { ok: styles.green, warn: styles.yellow, fail: styles.red }[level];
  printLine(
    stdout,
    `${colour(level.padEnd(4))}  ${check.padEnd(14)}  ${printable(message).replaceAll('\n', '\n      ')}`,
  );
  if (advice) printLine(stdout, `      ${styles.dim(`→ ${advice}`)}`);
}
