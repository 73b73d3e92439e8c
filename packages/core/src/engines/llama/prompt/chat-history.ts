import type { ChatHistoryItem, ChatModelFunctionCall, ChatModelResponse } from '@anura/node-llama-cpp';
import type { ChatMessage } from '@anura/openapi';
import { GatewayError } from '../../../errors/gateway-error.ts';
import { messageText } from './message-text.ts';

/**
 * OpenAI's messages as node-llama-cpp's history, ending in the model turn to be written.
 *
 * A model turn there holds its calls together with their results, and the text that follows a result belongs to the same
 * turn. So `tool` messages and the assistant message after them join the turn that made the calls.
 */
export function toChatHistory(messages: readonly ChatMessage[]): ChatHistoryItem[] {
  const builder = new HistoryBuilder();
  for (const [index, message] of messages.entries()) builder.add(message, `messages[${index}]`);
  return builder.finish();
}

class HistoryBuilder {
  readonly #items: ChatHistoryItem[] = [];
  /** The calls of the open turn, by the ids the caller knows them under. */
  #calls: { id: string; call: ChatModelFunctionCall; answered: boolean }[] = [];

  add(message: ChatMessage, param: string): void {
    const text = messageText(message.content, `${param}.content`);
    switch (message.role) {
      case 'system':
      case 'developer':
        this.#calls = [];
        this.#items.push({ type: 'system', text });
        return;
      case 'user':
      case 'human':
        this.#calls = [];
        this.#items.push({ type: 'user', text });
        return;
      case 'assistant':
      case 'ai':
        this.#addModelTurn(message, text);
        return;
      case 'tool':
        this.#addResult(message, text);
        return;
      default:
        throw unknownRole(message.role, `${param}.role`);
    }
  }

  finish(): ChatHistoryItem[] {
    if (!this.#turnIsOpen()) this.#items.push({ type: 'model', response: [] });
    return this.#items;
  }

  #turnIsOpen(): boolean {
    return this.#calls.some((call) => call.answered);
  }

  #addModelTurn(message: ChatMessage, text: string): void {
    const turn = this.#turnIsOpen() ? this.#lastTurn() : this.#newTurn();
    this.#calls = [];
    if (text !== '') turn.response.push(text);
    for (const { id, function: called } of message.tool_calls ?? []) {
      const call: ChatModelFunctionCall = {
        type: 'functionCall',
        name: called.name,
        params: parseJson(called.arguments),
        result: undefined,
      };
      turn.response.push(call);
      this.#calls.push({ id, call, answered: false });
    }
  }

  /** Results find their call by id, or else in order. A result nobody asked for is told as the user's words. */
  #addResult(message: ChatMessage, text: string): void {
    const open = this.#calls.filter((call) => !call.answered);
    const answered = open.find((call) => call.id === message.tool_call_id) ?? open[0];
    if (answered === undefined) {
      this.#items.push({ type: 'user', text: `Tool result: ${text}` });
      return;
    }
    answered.answered = true;
    answered.call.result = parseJson(text);
  }

  #lastTurn(): ChatModelResponse {
    const last = this.#items.at(-1);
    return last?.type === 'model' ? last : this.#newTurn();
  }

  #newTurn(): ChatModelResponse {
    const turn: ChatModelResponse = { type: 'model', response: [] };
    this.#items.push(turn);
    return turn;
  }
}

/** The value of a JSON text, or the text itself. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function unknownRole(role: string, param: string): GatewayError {
  const known = 'system, developer, user, assistant, tool';
  return new GatewayError('invalid-request', `Unknown role ${JSON.stringify(role)}; expected one of ${known}.`, {
    param,
  });
}
