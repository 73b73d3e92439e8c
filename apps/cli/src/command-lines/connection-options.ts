import type { Command } from 'commander';

/** For every command that talks to a server. */
export function withConnection(command: Command): Command {
  return command
    .optionsGroup('Server:')
    .option('-u, --url <url>', 'the server (default: ANURA_URL, the profile’s, or http://127.0.0.1:8484)')
    .option('-k, --key <key>', 'the API key (default: ANURA_API_KEY, or the profile’s)')
    .option('--profile <name>', 'the server and key of a profile (default: ANURA_PROFILE, or the current one)');
}

/** For every command whose answer a program may want to read. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON, errors too');
}
