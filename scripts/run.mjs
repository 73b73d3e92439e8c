// The one entry point of the repository on a machine that has only Node 20 or newer and npm:
//   npm run bootstrap        installs and builds
//   npm start                installs, builds, serves
//   npm test                 installs, builds, runs every test
//   npm run anura -- CMD …   installs, builds, runs the `anura` command
//   npm run check            installs, builds, checks lint, types, contract, imports and dead code
//   npm run bench            installs, builds, measures; npm run bench:soak runs for minutes with faults on
//   npm run bench:jobs       installs, builds, measures durable jobs beside BullMQ and pg-boss
//   npm run release:dry      installs, builds, packs, and uses the tarballs outside the repository; publishes nothing
//   npm run exec -- CMD …    runs a tool of the repository, such as turbo, with its own Node and pnpm
// It needs no package itself. It installs the pinned pnpm under .tools (git-ignored), runs `pnpm install --frozen-lockfile`
// when the lockfile changed, and runs the task with node_modules/.bin first on PATH, where the repository's own Node 24 is.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const windows = process.platform === 'win32';
const pnpmVersion = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devEngines.packageManager.version;
const tools = join(root, '.tools', `pnpm-${pnpmVersion}`);
const pnpm = join(tools, 'node_modules', '.bin', windows ? 'pnpm.cmd' : 'pnpm');
const [task = 'bootstrap', ...rest] = process.argv.slice(2);

const env = { ...process.env };
for (const name of Object.keys(env)) if (/^npm_/i.test(name)) delete env[name]; // what the outer npm set is not for pnpm
env.PATH = [join(root, 'node_modules', '.bin'), join(tools, 'node_modules', '.bin'), env.PATH].join(delimiter);
env.TURBO_TELEMETRY_DISABLED = '1';
env.DO_NOT_TRACK = '1';
env.ANURA_HOME ??= join(root, 'data'); // a clone keeps its keys and rows beside itself, an installed package in the home folder

/** Runs a command, its output on stderr so that stdout stays the task's own; ends this process when it fails. */
function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: ['ignore', 2, 2],
    shell: windows,
    ...options,
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs the task itself and ends as it ends. Its IPC channel tells it when this process is gone. */
function become(command, args) {
  const child = spawn(command, args, {
    cwd: root,
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    shell: windows,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

function install() {
  if (!existsSync(pnpm)) {
    console.error(`Installing pnpm ${pnpmVersion} into .tools …`);
    mkdirSync(tools, { recursive: true });
    writeFileSync(join(tools, 'package.json'), '{"private":true}');
    run(
      'npm',
      [
        'install',
        '--no-save',
        '--no-audit',
        '--no-fund',
        '--no-update-notifier',
        '--loglevel=error',
        `pnpm@${pnpmVersion}`,
      ],
      {
        cwd: tools,
      },
    );
  }
  const stamp = join(root, 'node_modules', '.installed-for');
  const wanted = createHash('sha256').update(pnpmVersion);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) wanted.update(readFileSync(join(root, file)));
  const digest = wanted.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  console.error('Installing packages (the first time takes a minute) …');
  rmSync(stamp, { force: true });
  run(pnpm, ['install', '--frozen-lockfile', '--reporter=append-only'], { stdio: ['ignore', 'ignore', 2] });
  writeFileSync(stamp, digest);
}

function requireNode() {
  const { stdout } = spawnSync('node', ['-p', 'process.versions.node'], { env, encoding: 'utf8', shell: windows });
  const [major, minor] = stdout.trim().split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return;
  console.error(
    `Anura needs Node 22.18 or newer; this machine has ${stdout.trim()} and no packaged Node for its system.`,
  );
  process.exit(1);
}

function build() {
  run(pnpm, ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only', '--log-prefix=none'], {
    stdio: ['ignore', 'pipe', 2],
  });
}

install();
requireNode();
if (task !== 'exec') build();
if (task === 'start') become('node', ['apps/cli/dist/main.js', 'serve', ...rest]);
if (task === 'anura') become('node', ['apps/cli/dist/main.js', ...rest]);
if (task === 'test') become('node', ['scripts/test.ts', ...rest]);
if (task === 'bench') become('node', ['bench/src/bench-main.ts', ...rest]);
if (task === 'jobs') become('node', ['bench/src/jobs-main.ts', ...rest]);
if (task === 'soak') become('node', ['bench/src/soak-main.ts', ...rest]);
if (task === 'release') become('node', ['release/src/release-main.ts', ...rest]);
if (task === 'check') become('node', ['scripts/check.ts', ...rest]);
if (task === 'exec') become(pnpm, ['exec', ...rest]);
