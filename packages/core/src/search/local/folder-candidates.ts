import { readFile } from 'node:fs/promises';
import { readDocument } from '../documents/read-document.ts';
import { type FoundFile, walkFolder } from '../documents/walk-folder.ts';
import type { Candidate } from './add-documents.ts';

const mostBytes = 5 * 1024 * 1024;

/** The documents of a folder, to be shown under `baseUrl`. A file counts as changed when its size, time or address does. */
export async function* folderCandidates(folder: string, baseUrl: string): AsyncGenerator<Candidate> {
  for await (const file of walkFolder(folder)) {
    const url = baseUrl + file.name.split('/').map(encodeURIComponent).join('/');
    const stamp = `${file.sizeBytes} ${file.changedMs} ${url}`;
    yield { name: file.name, stamp, read: () => read(file, url, stamp) };
  }
}

async function read(file: FoundFile, url: string, stamp: string): ReturnType<Candidate['read']> {
  if (file.sizeBytes > mostBytes) return { reason: `it has more than ${mostBytes} bytes`, keep: false };
  const bytes = await readFile(file.path).catch((error: NodeJS.ErrnoException) => error.code ?? 'an error');
  if (typeof bytes === 'string') return { reason: `it cannot be read (${bytes})`, keep: true };
  const document = readDocument(bytes, file.kind, file.name);
  return document ? { ...document, url, stamp } : { reason: 'it holds no text', keep: false };
}
