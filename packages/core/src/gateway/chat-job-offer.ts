import type { Capability, ChatCompletionRequest } from '@anura/openapi';
import { conversationPrefixes } from '../scheduler/conversation-prefixes.ts';
import type { JobOffer } from '../scheduler/job-offer.ts';
import type { RequestCaller } from './caller.ts';
import type { ChatContents } from './check-chat.ts';

/**
 * Estimates are a token for every four characters. A prompt whose estimate is this many times the context cannot fit,
 * whatever its text; a shorter one is for the engine to count.
 */
const surelyTooMany = 4;

/** What a (normalised, checked) chat request needs from whoever runs it. */
export function chatJobOffer(
  id: string,
  request: ChatCompletionRequest,
  contents: ChatContents,
  caller: RequestCaller,
): JobOffer {
  const conversation = conversationPrefixes(request.messages);
  const promptTokens = (conversation.at(-1)?.tokens ?? 0) + toolTokens(request);
  return {
    id,
    keyId: caller.keyId,
    ...(caller.weight === undefined ? {} : { weight: caller.weight }),
    model: request.model,
    modality: 'chat',
    needs: {
      capabilities: neededCapabilities(request, contents),
      contextTokens: Math.floor(promptTokens / surelyTooMany),
    },
    promptTokens,
    ...(request.max_tokens == null ? {} : { maxTokens: request.max_tokens }),
    conversation,
  };
}

function neededCapabilities(request: ChatCompletionRequest, contents: ChatContents): Capability[] {
  const needed: Capability[] = [];
  if (request.tools && request.tool_choice !== 'none') needed.push('tools');
  if (contents.largestImage) needed.push('vision');
  if (request.response_format?.type === 'json_schema') needed.push('json_schema');
  return needed;
}

/** The tools are part of the prompt. */
const toolTokens = ({ tools }: ChatCompletionRequest): number =>
  tools ? Math.ceil(JSON.stringify(tools).length / 4) : 0;
