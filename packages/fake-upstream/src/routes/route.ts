import type { EmbeddingRequest } from '@anura/openapi';
import { answerChat } from '../chat/answer-chat.ts';
import type { FakeChatRequest } from '../chat/read-request.ts';
import type { ComfyServer } from '../comfyui/comfy-server.ts';
import type { Faults } from '../faults/fault.ts';
import type { FakeModel } from '../models.ts';
import { Refusal, type Reply } from '../reply.ts';
import { comfyRoute } from './comfyui.ts';
import { answerEmbeddings } from './embeddings.ts';
import { answerImages, answerSpeech } from './media.ts';
import { findModel, listModels } from './models.ts';
import { ollamaRunning, ollamaShow, ollamaTags, ollamaVersion } from './ollama.ts';
import type { Videos } from './videos.ts';

/** A request as the routes see it: its body read and its model's name without faults. */
export interface RoutedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  /** For work that goes on after its answer. */
  readonly faults: Faults;
}

export interface Surroundings {
  readonly models: readonly FakeModel[];
  readonly ollama: boolean;
  readonly videos: Videos;
  /** Undefined where it does not answer as ComfyUI. */
  readonly comfy: ComfyServer | undefined;
}

type Work = (body: Record<string, unknown>, model: FakeModel, videos: Videos) => Reply | Promise<Reply>;

/** What a model does, by path. The bodies are checked by the routes themselves. */
const work: Record<string, Work> = {
  '/v1/chat/completions': (body, model) => answerChat(body as unknown as FakeChatRequest, model),
  '/v1/embeddings': (body, model) => answerEmbeddings(body as unknown as EmbeddingRequest, model),
  '/v1/images/generations': answerImages,
  '/v1/audio/speech': answerSpeech,
  '/v1/videos': (body, model, videos) => videos.create(body, model),
};

/** Work occupies a slot and meets the faults; questions about models do not. */
export const isWork = ({ method, path }: Pick<RoutedRequest, 'method' | 'path'>) =>
  method === 'POST' && (path in work || path === '/prompt');

/** The answer to a request; throws a `Refusal`. */
export async function route(request: RoutedRequest, { models, ollama, videos, comfy }: Surroundings): Promise<Reply> {
  const { method, path, body } = request;
  const run = method === 'POST' ? work[path] : undefined;
  if (run) return run(body, findModel(models, body['model']), videos);
  const answer =
    (ollama && ollamaRoute(request, models)) || videoRoute(request, videos) || (comfy && comfyRoute(request, comfy));
  if (answer) return answer;
  if (method === 'GET' && path === '/v1/models') return listModels(models);
  throw new Refusal(404, `There is nothing at ${method} ${path}`);
}

function ollamaRoute({ method, path, body }: RoutedRequest, models: readonly FakeModel[]): Reply | undefined {
  const place = `${method} ${path}`;
  if (place === 'GET /api/version') return ollamaVersion();
  if (place === 'GET /api/tags') return ollamaTags(models);
  if (place === 'GET /api/ps') return ollamaRunning(models);
  if (place === 'POST /api/show') return ollamaShow(findModel(models, body['model'] ?? body['name']));
  return undefined;
}

function videoRoute({ method, path }: RoutedRequest, videos: Videos): Reply | Promise<Reply> | undefined {
  const [, id, content] = /^\/v1\/videos\/([^/]+)(\/content)?$/.exec(path) ?? [];
  if (id === undefined) return undefined;
  if (method === 'DELETE') return videos.remove(id);
  if (method !== 'GET') return undefined;
  return content ? videos.content(id) : videos.show(id);
}
