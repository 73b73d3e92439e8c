import type { Token } from '@anura/node-llama-cpp';
import * as module from '@anura/node-llama-cpp';
import { describe, expect, it } from 'vitest';
import { callOpening, hasProperties, readToolSyntax } from './tool-syntax.ts';

const wordTokenizer = {
  tokenize: (): Token[] => [],
  isSpecialToken: () => false,
  detokenize: () => '',
};

describe('readToolSyntax', () => {
  it.each([
    [new module.ChatMLChatWrapper(), '||call:', 'get_weather', '||call: get_weather('],
    [new module.QwenChatWrapper(), '<tool_call>', 'add', '<tool_call>\n{"name": "add", "arguments": '],
    [new module.Llama3_1ChatWrapper(), '<function=add>', 'add', '<function=add>'],
    [new module.MistralChatWrapper(), '[TOOL_CALLS][{"name":', 'add', '[TOOL_CALLS][{"name": "add", "arguments": '],
  ])('takes calls apart so that trigger and grammar make them whole: %#', (wrapper, beginning, name, whole) => {
    const syntax = readToolSyntax(wrapper, wordTokenizer, module);
    const [trigger = ''] = syntax.triggers;
    expect(beginning.startsWith(trigger)).toBe(true);
    expect(trigger + callOpening(syntax.afterTrigger, name, syntax.beforeArguments)).toBe(whole);
  });

  it('knows which syntax has several calls in a turn', () => {
    const knowsSeveral = (wrapper: module.ChatWrapper) =>
      readToolSyntax(wrapper, wordTokenizer, module).furtherCalls !== undefined;
    expect(knowsSeveral(new module.QwenChatWrapper())).toBe(true);
    expect(knowsSeveral(new module.ChatMLChatWrapper())).toBe(false);
  });
});

describe('hasProperties', () => {
  it.each([
    [undefined, false],
    [null, false],
    [{ type: 'object', properties: {} }, false],
    [{ type: 'object', properties: { a: {} } }, true],
    [{ $ref: '#/$defs/a', $defs: {} }, true],
  ])('of %j is %s', (parameters, expected) => {
    expect(hasProperties(parameters)).toBe(expected);
  });
});
