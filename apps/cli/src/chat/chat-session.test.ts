import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { createAnura } from '@anura/client';
import { afterEach, expect, test } from 'vitest';
import { type Answer, chunk, endless, failing, startSmallServer, streaming } from '../__fixtures__/small-server.ts';
import { ChatSession } from './chat-session.ts';
import { Conversation } from './conversation.ts';

const ctrlC = '\u0003';
const ctrlD = '\u0004';
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

/** A session on a terminal, with a server that gives these answers one after the other. */
async function start(...answers: Answer[]) {
  const server = await startSmallServer({
    'POST /chat/completions': (response, request) =>
      (answers.shift() ?? failing(500, 'No answer left.'))(response, request),
  });
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  let shown = '';
  stdout.on('data', (data: Buffer) => {
    shown += data.toString();
  });
  const anura = createAnura({ baseUrl: server.url });
  const conversation = new Conversation(anura, 'tadpole', undefined, {});
  const context = { env: {}, cwd: '/', home: '/', stdin, stdout, stderr: stdout, signal: new AbortController().signal };
  const ended = new ChatSession(context, conversation, async () => ['tadpole', 'other:7b']).run();
  cleanups.push(
    () => Promise.resolve(stdin.end()),
    () => ended,
    () => server[Symbol.asyncDispose](),
  );
  const sees = async (text: string) => {
    while (!shown.includes(text)) await pause(5);
    shown = shown.slice(shown.indexOf(text) + text.length);
  };
  return {
    type: (text: string) => stdin.write(text),
    sees,
    ended,
    bodies: () => server.requests.map(({ body }) => body),
  };
}

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

test('the next question is asked with what was said before', async () => {
  const chat = await start(streaming('They ', 'croak.'), streaming('At night.'));
  chat.type('What do frogs do?\r');
  await chat.sees('They croak.');
  chat.type('When?\r');
  await chat.sees('At night.');
  expect(chat.bodies()[1]).toMatchObject({
    messages: [user('What do frogs do?'), assistant('They croak.'), user('When?')],
  });
});

test('Ctrl-C stops the answer, hangs up, and the half that came counts', async () => {
  const gone = Promise.withResolvers<void>();
  const chat = await start(endless('Once upon', gone.resolve), streaming('Fine.'));
  chat.type('Tell a story\r');
  await chat.sees('Once upon');
  chat.type(ctrlC);
  await gone.promise;
  await chat.sees('> ');
  chat.type('Stop\r');
  await chat.sees('Fine.');
  expect(chat.bodies()[1]).toMatchObject({ messages: [user('Tell a story'), assistant('Once upon'), user('Stop')] });
});

test('Ctrl-C twice at the prompt leaves, once empties the line', async () => {
  const chat = await start();
  await chat.sees('> ');
  chat.type('half a thou');
  await chat.sees('thou');
  chat.type(ctrlC);
  await chat.sees('Ctrl-C again leaves');
  chat.type(ctrlC);
  await chat.ended;
});

test.each([
  ['Ctrl-D', ctrlD],
  ['/bye', '/bye\r'],
])('%s leaves', async (_name, keys) => {
  const chat = await start();
  await chat.sees('> ');
  chat.type(keys);
  await chat.ended;
});

test('a question that failed is told and not remembered', async () => {
  const chat = await start(failing(503, 'No provider has room.'), streaming('Hello.'));
  chat.type('One\r');
  await chat.sees('error: No provider has room.');
  chat.type('Two\r');
  await chat.sees('Hello.');
  expect(chat.bodies()[1]).toMatchObject({ messages: [user('Two')] });
});

test('lines typed while it answers wait their turn', async () => {
  const chat = await start(streaming('First.'), streaming('Second.'));
  chat.type('a\rb\r');
  await chat.sees('First.');
  await chat.sees('Second.');
});

test('a message may have several lines', async () => {
  const chat = await start(streaming('Ok.'));
  chat.type('"""one\rtwo\r/three"""\r');
  await chat.sees('Ok.');
  expect(chat.bodies()[0]).toMatchObject({ messages: [user('one\ntwo\n/three')] });
});

test('/system, /model and /clear change what is sent', async () => {
  const chat = await start(streaming('A.'), streaming('B.'));
  chat.type('hi\r');
  await chat.sees('A.');
  chat.type('/system Be a frog.\r');
  chat.type('/model nope\r');
  await chat.sees('There is no model nope. Choose from: tadpole, other:7b');
  chat.type('/model other:7b\r');
  chat.type('/clear\r');
  await chat.sees('Forgotten.');
  chat.type('hi again\r');
  await chat.sees('B.');
  expect(chat.bodies()[1]).toMatchObject({
    model: 'other:7b',
    messages: [{ role: 'system', content: 'Be a frog.' }, user('hi again')],
  });
});

test('what a model thinks stands above its answer, and is not remembered', async () => {
  const thinking: Answer = (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(chunk({ reasoning_content: 'Hmm.' }));
    response.end(`${chunk({ content: 'Yes.' })}${chunk({}, 'stop')}data: [DONE]\n\n`);
  };
  const chat = await start(thinking, streaming('Ok.'));
  chat.type('Really?\r');
  await chat.sees('Hmm.');
  await chat.sees('\n\nYes.');
  chat.type('Sure?\r');
  await chat.sees('Ok.');
  expect(chat.bodies()[1]).toMatchObject({ messages: [user('Really?'), assistant('Yes.'), user('Sure?')] });
});

test('what a model writes cannot command the terminal', async () => {
  const chat = await start(streaming('\u001b]0;owned\u0007Hello'));
  chat.type('hi\r');
  await chat.sees(']0;ownedHello');
});
