import { createInterface, type Interface } from 'node:readline';
import { type Context, printLine } from '../context.ts';
import { failureLines } from '../failure.ts';
import { printable } from '../terminal/printable.ts';
import { stylesFor } from '../terminal/styles.ts';
import type { Conversation } from './conversation.ts';
import { MessageReader } from './read-message.ts';

const help = `  /model [name]    use another model, or list them
  /system [text]   how the model should behave; without text, no instruction
  /clear           forget what was said
  /bye             leave, as Ctrl-D does
  """              begins and ends a message of several lines; so does \\ at the end of a line
  Ctrl-C           stops an answer; twice at the prompt, it leaves`;

/**
 * A conversation on a terminal.
 *
 * prompt ── message ──► answering ── done, failed or Ctrl-C ──► prompt
 * prompt ── Ctrl-D, /bye, Ctrl-C twice ──► end
 *
 * Lines typed while it answers wait their turn.
 */
export class ChatSession {
  readonly #context: Context;
  readonly #conversation: Conversation;
  readonly #listModels: () => Promise<string[]>;
  readonly #lines: Interface;
  readonly #reader = new MessageReader();
  readonly #styles: ReturnType<typeof stylesFor>;
  #answering: AbortController | undefined;
  #leaveOnInterrupt = false;

  /** @param listModels the names of the models that can be talked to */
  constructor(context: Context, conversation: Conversation, listModels: () => Promise<string[]>) {
    this.#context = context;
    this.#conversation = conversation;
    this.#listModels = listModels;
    this.#styles = stylesFor(context.stdout, context.env);
    const { stdin: input, stdout: output } = context;
    this.#lines = createInterface({ input, output, terminal: output.isTTY ?? false, historySize: 1000 });
  }

  /** Resolves when the person leaves. */
  async run(): Promise<void> {
    this.#say(`${this.#conversation.model}: /help says what you can do here`);
    const leave = () => this.#lines.close();
    this.#lines.on('SIGINT', () => this.#interrupted());
    this.#context.signal.addEventListener('abort', leave, { once: true });
    try {
      this.#showPrompt();
      // `for await` keeps lines that arrive while one is worked on.
      for await (const line of this.#lines) {
        if (!(await this.#take(line))) break;
        this.#showPrompt();
      }
    } finally {
      this.#context.signal.removeEventListener('abort', leave);
      this.#lines.close();
    }
  }

  /** False when it was a goodbye. */
  async #take(line: string): Promise<boolean> {
    this.#leaveOnInterrupt = false;
    const message = this.#reader.add(line);
    if (message === undefined || message === '') return true;
    if (message === '/bye') return false;
    await (message.startsWith('/') ? this.#obey(message) : this.#answer(message)).catch((error: unknown) =>
      this.#report(error),
    );
    return true;
  }

  async #obey(message: string): Promise<void> {
    const [command = '', ...words] = message.split(/\s+/);
    const text = words.join(' ');
    if (command === '/clear') return this.#forget();
    if (command === '/system') return this.#instruct(text);
    if (command === '/model') return this.#changeModel(text);
    const unknown = command === '/help' ? '' : `There is no ${command}.\n`;
    this.#say(unknown + help);
  }

  #forget(): void {
    this.#conversation.forget();
    this.#say('Forgotten.');
  }

  #instruct(text: string): void {
    this.#conversation.system = text || undefined;
    this.#say(text ? 'It will follow this from the next message on.' : 'No instruction any more.');
  }

  async #changeModel(name: string): Promise<void> {
    const names = await this.#listModels();
    if (names.includes(name)) {
      this.#conversation.model = name;
      this.#say(`Talking to ${name}; it is told what was said so far.`);
    } else this.#say(`${name ? `There is no model ${name}. ` : ''}Choose from: ${names.join(', ')}`);
  }

  async #answer(question: string): Promise<void> {
    const stop = new AbortController();
    this.#answering = stop;
    const { stdout, signal } = this.#context;
    try {
      const answer = this.#conversation.ask(question, AbortSignal.any([stop.signal, signal]));
      let isThinking = false;
      for await (const { text, reasoning, finishReason } of answer) {
        if (reasoning) stdout.write(this.#styles.dim(printable(reasoning)));
        if (isThinking && text) stdout.write('\n\n');
        isThinking = reasoning !== '' || (isThinking && text === '');
        stdout.write(printable(text));
        if (finishReason === 'length') stdout.write(this.#styles.dim(' … (cut at the length limit)'));
      }
      printLine(stdout);
    } catch (error) {
      printLine(stdout);
      if (!stop.signal.aborted) throw error;
    } finally {
      this.#answering = undefined;
    }
  }

  #interrupted(): void {
    if (this.#answering) this.#answering.abort();
    else if (this.#leaveOnInterrupt && !this.#reader.isOpen && this.#lines.line === '') this.#lines.close();
    else this.#startAnew();
  }

  /** Empties what was typed, and leaves if the next thing is another Ctrl-C. */
  #startAnew(): void {
    this.#leaveOnInterrupt = true;
    this.#reader.reset();
    this.#lines.write(null, { ctrl: true, name: 'u' });
    this.#say('\n(Ctrl-C again leaves)');
    this.#showPrompt();
  }

  #showPrompt(): void {
    this.#lines.setPrompt(this.#reader.isOpen ? '… ' : '> ');
    this.#lines.prompt();
  }

  #report(error: unknown): void {
    for (const line of failureLines(error)) printLine(this.#context.stdout, this.#styles.red(`error: ${line}`));
  }

  #say(text: string): void {
    printLine(this.#context.stdout, this.#styles.dim(printable(text)));
  }
}
