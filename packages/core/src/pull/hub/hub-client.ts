import { z } from 'zod';
import { GatewayError } from '../../errors/gateway-error.ts';
import { type FolderModelName, formatModelName } from '../model-name.ts';
import { type BlobStream, blobStream, readAtMost } from '../read-response.ts';
import { RegistryHttp, type RegistryHttpOptions, type RegistryResponse } from '../registry-http.ts';
import { gitDigest } from './git-digest.ts';
import { hubStatusError } from './hub-status-error.ts';
import { type RepositoryFile, readRepositoryFiles } from './repository-files.ts';

const revision = 'main';
const maxAnswerBytes = 4 * 1_048_576;
/** The hub keeps larger files elsewhere, under their SHA-256. */
const maxSmallBytes = 16 * 1_048_576;
/** Of a thousand files each. */
const maxPages = 20;

const revisionSchema = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) });

/** One repository of the Hugging Face hub, over its HTTP API. Call `close` when done. */
export class HubClient {
  readonly #http: RegistryHttp;
  readonly #title: string;
  readonly #repository: string;
  readonly #folder: string;

  constructor(name: FolderModelName, origin: URL, options: RegistryHttpOptions) {
    this.#http = new RegistryHttp(origin, options);
    this.#title = formatModelName(name);
    this.#repository = `${name.owner}/${name.repository}`;
    this.#folder = name.folder ?? '';
  }

  /** The commit the repository is at, so that all files are of one state. */
  async commit(signal: AbortSignal): Promise<string> {
    const response = await this.#get(`api/models/${this.#repository}/revision/${revision}`, signal);
    const answer = revisionSchema.safeParse(parseJson((await readAtMost(response, maxAnswerBytes, signal)).toString()));
    if (answer.success) return answer.data.sha;
    throw new GatewayError('engine-failed', `The hub does not say at which commit ${this.#title} is.`, {
      cause: answer.error,
    });
  }

  /** Every file of the folder and below. */
  async list(commit: string, signal: AbortSignal): Promise<RepositoryFile[]> {
    const below = this.#folder === '' ? '' : `/${this.#folder}`;
    const path = `api/models/${this.#repository}/tree/${commit}${below}?recursive=true`;
    const files: RepositoryFile[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const response = await this.#get(path + more, signal);
      const text = (await readAtMost(response, maxAnswerBytes, signal)).toString();
      files.push(...readRepositoryFiles(text, this.#title, this.#folder));
      cursor = nextCursor(response);
      if (cursor === undefined) return files;
    }
    throw new GatewayError('engine-failed', `${this.#title} has too many files to be one model.`);
  }

  /** A large file from `offset` on. Every call begins at the hub, so a redirect whose signature ran out is replaced. */
  async open(commit: string, file: RepositoryFile, offset: number, signal: AbortSignal): Promise<BlobStream> {
    const response = await this.#get(this.#contentPath(commit, file), signal, offset);
    return blobStream(response, { name: this.#title, size: file.size, offset }, signal);
  }

  /** A file that lies in the repository itself, its digest checked. */
  async read(commit: string, file: RepositoryFile, signal: AbortSignal): Promise<Buffer> {
    if (file.size > maxSmallBytes) {
      const reason = `${file.path} is larger than 16 MiB and has no SHA-256 to check it by`;
      throw new GatewayError('engine-failed', `${this.#title} cannot be pulled: ${reason}.`);
    }
    const response = await this.#get(this.#contentPath(commit, file), signal);
    const content = await readAtMost(response, file.size, signal);
    if (gitDigest(content) === file.digest) return content;
    throw new GatewayError('engine-failed', `${file.path} of ${this.#title} arrived corrupted. Pull again.`, {
      retry: 'here',
    });
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  #contentPath(commit: string, { path }: RepositoryFile): string {
    const below = this.#folder === '' ? path : `${this.#folder}/${path}`;
    return `${this.#repository}/resolve/${commit}/${below.split('/').map(encodeURIComponent).join('/')}`;
  }

  async #get(path: string, signal: AbortSignal, offset = 0): Promise<RegistryResponse> {
    const url = new URL(`${this.#http.origin.pathname.replace(/\/$/, '')}/${path}`, this.#http.origin);
    const range: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
    const response = await this.#http.get(url, { 'user-agent': 'anura', ...range }, signal);
    if (response.statusCode === 200 || (offset > 0 && response.statusCode === 206)) return response;
    throw await hubStatusError(response, this.#title, signal);
  }
}

/** Where the next page begins. Of the address in the `Link` header only this is used: the rest is ours to know. */
function nextCursor(response: RegistryResponse): string | undefined {
  const next = /<([^<>]{1,4096})>;\s*rel="next"/.exec(String(response.headers['link'] ?? ''))?.[1];
  if (next === undefined || !URL.canParse(next, 'https://hub.invalid')) return undefined;
  return new URL(next, 'https://hub.invalid').searchParams.get('cursor') ?? undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
