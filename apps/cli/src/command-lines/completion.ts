import { Argument } from 'commander';
import { shells } from '../completion/shell-scripts.ts';
import type { Setup } from '../program.ts';

const completionHelp = `
Tab then completes commands, options, models, jobs and profiles. Install it once:
  bash        echo 'source <(anura completion bash)' >> ~/.bashrc
  zsh         echo 'source <(anura completion zsh)' >> ~/.zshrc      (behind compinit)
  fish        anura completion fish > ~/.config/fish/completions/anura.fish
  powershell  anura completion powershell >> $PROFILE`;

export function addCompletionCommands({ program, context, build }: Setup): void {
  const load = () => import('../commands/completion.ts');
  program
    .command('completion')
    .description('print what makes a shell complete anura’s commands')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText('after', completionHelp)
    .action(async (shell) => (await load()).printScript(shell, context));

  program
    .command('complete', { hidden: true })
    .description('what the scripts of anura completion ask at every Tab')
    .addArgument(new Argument('<shell>').choices(shells))
    .argument('[words...]')
    .helpOption(false)
    .action(async (shell, words) => (await load()).complete(shell, words, build, context));
}
