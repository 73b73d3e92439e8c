import { type Anura, AnuraError, type ChatStream } from '@anura/client';
import { listModelsOptions } from '@anura/client/react-query';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';

export function Chat({ anura }: { anura: Anura }) {
  const models = useQuery(listModelsOptions({ client: anura.client }));
  const [answer, setAnswer] = useState('');
  const [stream, setStream] = useState<ChatStream>();
  const [problem, setProblem] = useState<string>();

  async function ask(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const messages = [{ role: 'user' as const, content: String(form.get('question')) }];
    const stream = anura.chat.stream({ model: String(form.get('model')), messages, temperature: 0 });
    setProblem(undefined);
    setStream(stream);
    try {
      for await (const _ of stream) setAnswer(stream.message.content);
    } catch (error) {
      setProblem(AnuraError.is(error) ? error.message : String(error));
    } finally {
      setStream(undefined);
    }
  }

  if (models.isPending) return <p>Looking for models …</p>;
  if (models.isError) return <p role="alert">{models.error.error.message}</p>;
  const names = models.data.data.filter(({ modality }) => modality === 'chat').map(({ id }) => id);
  return (
    <>
      <form onSubmit={ask}>
        <select name="model" aria-label="Model">
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <input name="question" aria-label="Question" required />
        {/* The keys keep them two buttons: one that changed its type under the finger would send the form. */}
        {stream ? (
          <button key="stop" type="button" onClick={() => stream.abort()}>
            Stop
          </button>
        ) : (
          <button key="ask" type="submit">
            Ask
          </button>
        )}
      </form>
      {problem && <p role="alert">{problem}</p>}
      <output aria-label="Answer">{answer}</output>
    </>
  );
}
