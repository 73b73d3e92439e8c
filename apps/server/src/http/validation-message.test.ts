import { expect, test } from 'vitest';
import { describeMistake } from './validation-message.ts';

test.each([
  ['/body/messages/0/content', 'must be string,array,null', 'messages[0].content must be a string, an array or null.'],
  ['/body/messages', 'must NOT have fewer than 1 items', 'messages must hold at least 1 item.'],
  ['/body/tools', 'must NOT have more than 128 items', 'tools must hold at most 128 items.'],
  ['/body/temperature', 'must be <= 2', 'temperature must be <= 2.'],
  ['/body/model', "must have required property 'model'", 'model is required.'],
  [
    '/body/tool_choice',
    'must match pattern "^(auto|none|required)$"',
    'tool_choice must be one of auto, none, required.',
  ],
  ['/body', 'must be object', 'The body must be an object.'],
  ['/query/from', 'must match format "date"', 'from must match format "date".'],
  [
    '/api/v1/explain',
    "'kind' must be equal to one of the allowed values: chat, embedding",
    'kind must be one of chat, embedding.',
  ],
])('%s: %s', (path, message, expected) => {
  expect(describeMistake({ path, message }).message).toBe(expected);
});
