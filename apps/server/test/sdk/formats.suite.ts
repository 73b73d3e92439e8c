import { zodResponseFormat } from 'openai/helpers/zod';
import { expect } from 'vitest';
import { z } from 'zod';
import { proves } from '../proves.ts';
import { type SDKTarget, user } from './sdk-target.ts';

/** Answers in JSON through the SDK. */
export function formatSuite(target: () => SDKTarget): void {
  proves('format-json-object')('answers a JSON object', async () => {
    const answer = await target().client.chat.completions.create({
      model: target().chatModel,
      messages: user('Describe a frog as JSON.'),
      response_format: { type: 'json_object' },
    });
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(Array.isArray(JSON.parse(answer.choices[0]?.message.content ?? ''))).toBe(false);
  });

  const Person = z.object({
    name: z.string(),
    age: z.int().min(0).max(150),
    mood: z.enum(['glad', 'sad']).nullable(),
    friends: z.array(z.object({ name: z.string() })).max(3),
  });

  proves('format-json-schema')('answers what the schema says, parsed by the SDK', async () => {
    const answer = await target().client.chat.completions.parse({
      model: target().chatModel,
      messages: user('Extract the person: Ada is 36 years old and glad.'),
      response_format: zodResponseFormat(Person, 'person'),
      max_tokens: 300,
      temperature: 0,
    });
    expect(Person.parse(answer.choices[0]?.message.parsed)).toEqual(answer.choices[0]?.message.parsed);
  });

  proves('format-json-schema')('streams what the schema says', async () => {
    const stream = target().client.chat.completions.stream({
      model: target().chatModel,
      messages: user('Is water wet? Answer as JSON.'),
      response_format: zodResponseFormat(z.object({ answer: z.boolean() }), 'verdict'),
    });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.parsed?.answer).toBeTypeOf('boolean');
  });
}
