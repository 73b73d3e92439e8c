import type { ChatWrapper, LlamaContext, LlamaGrammar, LlamaModel, LlamaText, Token } from '@anura/node-llama-cpp';
import { GatewayError } from '../../../errors/gateway-error.ts';
import { DecodeLane } from '../decoding/decode-lane.ts';
import { SequencePool, SequenceSlot } from '../decoding/sequence-pool.ts';
import { SpeedMeter } from '../decoding/speed-meter.ts';
import type { ModelFile } from '../library/model-file.ts';
import { TokenPieces } from '../output/token-text.ts';
import { readToolSyntax, type ToolSyntax } from '../prompt/tool-syntax.ts';
import type { LlamaRuntime } from '../runtime/llama-runtime.ts';
import type { ModelPlan } from '../runtime/model-plan.ts';
import type { ThoughtSyntax } from './answer-plan.ts';

/** Tokens a native batch takes at once. */
const batchTokens = 512;
const rememberedGrammars = 32;

/** A chat model in memory, with the contexts its answers are decoded in. */
export class ChatModel {
  readonly file: ModelFile;
  readonly runtime: LlamaRuntime;
  readonly model: LlamaModel;
  readonly wrapper: ChatWrapper;
  readonly contextLength: number;
  readonly pool: SequencePool;
  readonly speed = new SpeedMeter(batchTokens - 32);
  readonly toolSyntax: ToolSyntax;
  readonly thoughts: ThoughtSyntax | undefined;
  readonly pieces: TokenPieces;
  readonly vocabularySize: number;
  readonly #grammars = new Map<string, LlamaGrammar>();

  private constructor(file: ModelFile, runtime: LlamaRuntime, model: LlamaModel, contexts: readonly LlamaContext[]) {
    this.file = file;
    this.runtime = runtime;
    this.model = model;
    this.wrapper = chooseWrapper(runtime, model);
    this.contextLength = Math.min(...contexts.map((context) => context.contextSize));
    this.pool = new SequencePool(contexts.flatMap(openSlots));
    this.toolSyntax = readToolSyntax(this.wrapper, model, runtime.module);
    this.thoughts = readThoughtSyntax(this.wrapper, runtime);
    this.pieces = new TokenPieces(model, this.#visibleSpecials());
    this.vocabularySize = model.fileInfo.metadata.tokenizer.ggml.tokens.length;
  }

  static async load(file: ModelFile, plan: ModelPlan, runtime: LlamaRuntime, signal: AbortSignal): Promise<ChatModel> {
    const model = await runtime.llama.loadModel({ modelPath: file.path, loadSignal: signal });
    try {
      const contexts: LlamaContext[] = [];
      for (const sequences of spread(plan.slots, plan.lanes)) {
        const { contextLength: contextSize, threads } = plan;
        const options = { sequences, contextSize, threads, batchSize: batchTokens, createSignal: signal };
        contexts.push(await model.createContext(options));
      }
      return new ChatModel(file, runtime, model, contexts);
    } catch (error) {
      await model.dispose();
      throw error;
    }
  }

  /** A compiled grammar; the last few are remembered. `param` is the field it was made from, for errors. */
  async grammar(text: string, param: string): Promise<LlamaGrammar> {
    const known = this.#grammars.get(text) ?? (await compileGrammar(this.runtime, text, param));
    this.#grammars.delete(text);
    this.#grammars.set(text, known);
    for (const oldest of this.#grammars.keys()) {
      if (this.#grammars.size <= rememberedGrammars) break;
      this.#grammars.delete(oldest);
    }
    return known;
  }

  /** Frees weights and contexts. Nothing may be decoding. */
  async dispose(): Promise<void> {
    await this.model.dispose();
  }

  /** Control tokens whose text carries meaning here: those in the marks around thoughts and calls. */
  #visibleSpecials(): ReadonlySet<Token> {
    const marks = [...this.toolSyntax.triggers, this.thoughts?.prefix ?? '', this.thoughts?.suffix ?? ''];
    const tokens = marks.flatMap((mark) => this.model.tokenize(mark, true));
    return new Set(tokens.filter((token) => this.model.isSpecialToken(token) && !this.model.isEogToken(token)));
  }
}

async function compileGrammar({ llama }: LlamaRuntime, grammar: string, param: string): Promise<LlamaGrammar> {
  try {
    return await llama.createGrammar({ grammar });
  } catch (cause) {
    const message = `llama.cpp cannot follow the grammar made from ${param}; simplify its schema.`;
    throw new GatewayError('invalid-request', message, { param, cause });
  }
}

/** So many slots in each lane, the first ones taking what cannot be shared evenly. */
function spread(slots: number, lanes: number): number[] {
  return Array.from({ length: lanes }, (_, lane) => Math.floor(slots / lanes) + (lane < slots % lanes ? 1 : 0));
}

function openSlots(context: LlamaContext): SequenceSlot[] {
  const lane = new DecodeLane();
  return Array.from(
    { length: context.totalSequences },
    (_, number) => new SequenceSlot(number, lane, context.getSequence()),
  );
}

/** The template in the GGUF decides; a model without one gets the plainest dialogue form. */
function chooseWrapper({ module }: LlamaRuntime, model: LlamaModel): ChatWrapper {
  return module.resolveChatWrapper(model) ?? new module.GeneralChatWrapper();
}

function readThoughtSyntax(wrapper: ChatWrapper, { module }: LlamaRuntime): ThoughtSyntax | undefined {
  const thought = wrapper.settings.segments?.thought;
  if (thought?.suffix === undefined) return undefined;
  const text = (value: string | LlamaText) => module.LlamaText(value).toString();
  const { prefix } = thought;
  const openAtStart = typeof prefix === 'object' && 'type' in prefix && prefix.type === 'openedOnStart';
  return {
    prefix: openAtStart ? undefined : text(prefix as string | LlamaText).trim(),
    suffix: text(thought.suffix).trim(),
    openAtStart,
  };
}
