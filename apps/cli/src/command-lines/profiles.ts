import { Option } from 'commander';
import type { Setup } from '../program.ts';
import { withJson } from './connection-options.ts';

const loginHelp = `
Asks for what is not given, and does not show the key while it is typed. Both are tried before they are
saved, in anura/profiles in ~/.config, readable for this user alone. The key of a profile is sent to its
server and to no other.

Examples:
  anura login
  anura login https://anura.example --profile work
  anura login https://anura.example < key.txt`;

const logoutHelp = `
The key stays valid on the server: anura keys revoke ends it there.

Examples:
  anura logout
  anura logout work`;

const profilesHelp = `
Examples:
  anura profiles
  anura models --profile work
  ANURA_PROFILE=work anura chat`;

const useHelp = `
Examples:
  anura use work`;

const load = () => import('../commands/profiles.ts');

/** The commands about servers that were used before. */
export function addProfileCommands({ program, context }: Setup): void {
  program.commandsGroup('Set up this command:');
  const login = withJson(program.command('login'))
    .description('save a server and a key as a profile, and use it from now on')
    .argument('[url]', 'the address of the server (default: asked for)')
    .option('-k, --key <key>', 'the API key (default: asked for, or what is piped in, or ANURA_API_KEY)')
    .option('--profile <name>', 'what to call it (default: default)')
    .addOption(new Option('-u, --url <url>', 'as every other command has it').hideHelp())
    .addHelpText('after', loginHelp);
  login.action(async (url, options) =>
    (await import('../commands/login.ts')).login({ ...options, ...(url && { url }) }, context),
  );

  withJson(program.command('logout'))
    .description('forget a profile')
    .argument('[profile]', 'as in anura profiles (default: the current one)')
    .addHelpText('after', logoutHelp)
    .action(async (name, options) => (await load()).logout(name, options, context));

  withJson(program.command('profiles'))
    .description('list the saved profiles; * is the current one')
    .addHelpText('after', profilesHelp)
    .action(async (options) => (await load()).listProfiles(options, context));

  withJson(program.command('use'))
    .description('make another profile the current one')
    .argument('<profile>', 'as in anura profiles')
    .addHelpText('after', useHelp)
    .action(async (name, options) => (await load()).useProfile(name, options, context));
}
