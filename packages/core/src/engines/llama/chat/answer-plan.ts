import type { LlamaGrammar, LlamaGrammarEvaluationState, Token } from '@anura/node-llama-cpp';
import type { TokenPieces } from '../output/token-text.ts';
import type { ToolSyntax } from '../prompt/tool-syntax.ts';
import type { Sampling } from './sampling.ts';

/** The text around thoughts, as the model's template has it. */
export interface ThoughtSyntax {
  readonly prefix: string | undefined;
  readonly suffix: string;
  /** The template opens the thought itself; the answer begins inside it. */
  readonly openAtStart: boolean;
}

export interface CallableTool {
  readonly name: string;
  readonly hasParameters: boolean;
}

export interface ToolPlan {
  readonly syntax: ToolSyntax;
  readonly tools: readonly CallableTool[];
  /** The answer must be a call. */
  readonly demanded: boolean;
  readonly parallel: boolean;
  /** From after the trigger to the end of the arguments. */
  readonly grammar: LlamaGrammar;
  /** The same for the second call on. */
  readonly furtherGrammar: LlamaGrammar;
}

export interface FormatPlan {
  readonly grammar: LlamaGrammar;
  /** What stands in for an answer of which nothing was written. */
  readonly emptyDocument: string;
  /** What is wrong with a finished document; undefined when it satisfies the schema. */
  check(document: string): string | undefined;
}

/** All that the choices of one request share. */
export interface AnswerPlan {
  readonly sampling: Sampling;
  readonly pieces: TokenPieces;
  /** Tokens to draw at most. */
  readonly maxTokens: number;
  /** Tokens the context has room for, those put into the model's mouth included. */
  readonly roomTokens: number;
  readonly thoughts: ThoughtSyntax | undefined;
  readonly tools: ToolPlan | undefined;
  readonly format: FormatPlan | undefined;
  /** Texts that end a turn, from the template. */
  readonly endTexts: readonly string[];
  endsTurn(token: Token): boolean;
  tokenize(text: string): Token[];
  startGrammar(grammar: LlamaGrammar): LlamaGrammarEvaluationState;
}
