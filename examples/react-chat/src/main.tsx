import { type Anura, createAnura } from '@anura/client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Chat } from './chat.tsx';

// The client tries again by itself, where that is safe.
const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });

function Page() {
  const [anura, setAnura] = useState<Anura>();
  return anura ? <Chat anura={anura} /> : <Connect onConnect={setAnura} />;
}

/** The key is typed in, and kept in this page alone: one that is part of a page belongs to everybody who opens it. */
function Connect({ onConnect }: { onConnect: (anura: Anura) => void }) {
  const connect = (form: FormData) =>
    onConnect(createAnura({ baseUrl: String(form.get('server')), apiKey: String(form.get('key')) }));
  return (
    <form action={connect}>
      <input name="server" aria-label="Server" defaultValue="http://127.0.0.1:8484" />
      <input name="key" aria-label="Key" type="password" placeholder="anr_…" />
      <button type="submit">Connect</button>
    </form>
  );
}

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <QueryClientProvider client={queries}>
      <Page />
    </QueryClientProvider>,
  );
