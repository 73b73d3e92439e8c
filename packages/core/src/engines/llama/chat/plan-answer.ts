import type { Token } from '@anura/node-llama-cpp';
import type { ChatCompletionRequest, Tool } from '@anura/openapi';
import { GatewayError } from '../../../errors/gateway-error.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import { hasProperties } from '../prompt/tool-syntax.ts';
import { type AnswerFormat, readAnswerFormat } from '../schema/answer-format.ts';
import type { AnswerPlan, CallableTool, FormatPlan, ToolPlan } from './answer-plan.ts';
import type { ChatCallPlan } from './chat-call.ts';
import type { ChatModel } from './chat-model.ts';
import { readSampling, type Sampling } from './sampling.ts';
import { chosenTools, type ToolUse } from './tool-use.ts';

/** What a request demands of the form of its answer, whatever the model. */
export interface RequestForms {
  readonly tools: ToolUse | undefined;
  readonly format: AnswerFormat | undefined;
}

/** Checked before any model is loaded, so that a wrong schema costs nothing. Throws `GatewayError('invalid-request')`. */
export function readRequestForms(request: ChatCompletionRequest): RequestForms {
  return { tools: chosenTools(request), format: readAnswerFormat(request) };
}

/** Everything about a request that the loaded model decides. Throws `GatewayError('invalid-request')`. */
export async function planChatCall(
  model: ChatModel,
  request: ChatCompletionRequest,
  forms: RequestForms,
  randomSeed: () => number,
): Promise<ChatCallPlan> {
  const sampling = readSampling(request, model.file.temperature);
  refuseUnknownTokens(sampling, model.vocabularySize);
  const tools = await planTools(model, forms.tools);
  const opening = tools?.demanded && !model.thoughts?.openAtStart ? (tools.syntax.triggers[0] ?? '') : '';
  const prompt = renderPrompt(model, request.messages, forms.tools?.announced ?? [], opening);
  const format = await planFormat(model, tools, forms.format);
  const answer = assemble(model, sampling, prompt, tools, format);
  return { answer, prompt: prompt.tokens, seed: sampling.seed ?? randomSeed() };
}

function assemble(
  { model, runtime, pieces, thoughts, contextLength }: ChatModel,
  sampling: Sampling,
  prompt: ReturnType<typeof renderPrompt>,
  tools: ToolPlan | undefined,
  format: FormatPlan | undefined,
): AnswerPlan {
  return {
    sampling,
    pieces,
    thoughts,
    tools,
    format,
    endTexts: prompt.endTexts,
    maxTokens: sampling.maxTokens ?? Number.POSITIVE_INFINITY,
    roomTokens: contextLength - prompt.tokens.length,
    endsTurn: (token) => model.isEogToken(token) || prompt.endTokens.has(token),
    tokenize: (text) => model.tokenize(text, true),
    startGrammar: (grammar) => new runtime.module.LlamaGrammarEvaluationState({ model, grammar }),
  };
}

async function planTools(model: ChatModel, use: ToolUse | undefined): Promise<ToolPlan | undefined> {
  if (use === undefined) return undefined;
  const syntax = model.toolSyntax;
  const { furtherCalls } = syntax;
  const grammar = await model.grammar(use.format.grammar(syntax.afterTrigger, syntax), 'tools');
  const furtherGrammar =
    furtherCalls === undefined
      ? grammar
      : await model.grammar(use.format.grammar(furtherCalls.afterTrigger, syntax), 'tools');
  const tools = use.callable.map(describeTool);
  return { syntax, tools, demanded: use.demanded, parallel: use.parallel, grammar, furtherGrammar };
}

function describeTool({ function: { name, parameters } }: Tool): CallableTool {
  return { name, hasParameters: hasProperties(parameters) };
}

/** A demanded call leaves no room for another form; otherwise the answer is the document, or begins a call. */
async function planFormat(
  model: ChatModel,
  tools: ToolPlan | undefined,
  format: AnswerFormat | undefined,
): Promise<FormatPlan | undefined> {
  if (format === undefined || tools?.demanded) return undefined;
  const grammar = await model.grammar(format.grammar(tools?.syntax.triggers ?? []), 'response_format');
  return { grammar, emptyDocument: format.emptyDocument, check: await format.loadCheck() };
}

/** The native library ends the process on a token it does not have. */
function refuseUnknownTokens({ logitBias }: Sampling, vocabularySize: number): void {
  for (const token of logitBias.keys() as Iterable<Token>) {
    if (token < vocabularySize) continue;
    throw new GatewayError(
      'invalid-request',
      `This model has no token ${token}; its ids end at ${vocabularySize - 1}.`,
      {
        param: `logit_bias.${token}`,
      },
    );
  }
}
