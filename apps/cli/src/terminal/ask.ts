import type { Context } from '../context.ts';
import { Interruption } from '../failure.ts';

/** Asks a person, on standard error so that standard output stays the answer's. Enter alone takes what is usual. */
export async function askFor(message: string, usual: string, context: Context): Promise<string> {
  const { default: input } = await import('@inquirer/input');
  return await answered(input({ message, default: usual }, channels(context)));
}

/** The same without showing what is typed. */
export async function askForSecret(message: string, context: Context): Promise<string> {
  const { default: password } = await import('@inquirer/password');
  return await answered(password({ message, toggleMask: false }, channels(context)));
}

function channels({ stdin: input, stderr: output, signal }: Context) {
  return { input, output, signal };
}

/** Ctrl-C at a prompt is Ctrl-C: the terminal does not send it as a signal while a prompt reads keys. */
async function answered(prompt: Promise<string>): Promise<string> {
  try {
    return await prompt;
  } catch (error) {
    if (error instanceof Error && /^(ExitPrompt|AbortPrompt)Error$/.test(error.name))
      throw new Interruption({ cause: error });
    throw error;
  }
}
