import { queueEntry } from '../comfyui/comfy-job.ts';
import type { ComfyServer } from '../comfyui/comfy-server.ts';
import { describeClass } from '../comfyui/node-classes.ts';
import { bytesReply, jsonReply, Refusal, type Reply } from '../reply.ts';
import type { RoutedRequest } from './route.ts';

/** ComfyUI's own addresses; undefined where it is none of them. */
export function comfyRoute(request: RoutedRequest, comfy: ComfyServer): Reply | undefined {
  const { method, path, body, query } = request;
  const [, room = '', rest] =
    /^\/(prompt|queue|history|object_info|interrupt|system_stats|view)(?:\/([^/]+))?$/.exec(path) ?? [];
  const name = rest === undefined ? undefined : decodeURIComponent(rest);
  switch (`${method} ${room}`) {
    case 'POST prompt':
      return submit(request, comfy);
    case 'GET queue':
      return jsonReply({ queue_running: comfy.running.map(queueEntry), queue_pending: comfy.pending.map(queueEntry) });
    case 'POST queue':
      comfy.remove(Array.isArray(body['delete']) ? body['delete'] : []);
      return done;
    case 'POST interrupt':
      comfy.interrupt(body['prompt_id']);
      return done;
    case 'GET history':
      return jsonReply(only(Object.fromEntries(comfy.history), name));
    case 'GET object_info':
      return jsonReply(only(describeAll(comfy), name));
    case 'GET system_stats':
      return jsonReply(systemStats);
    case 'GET view':
      return view(query, comfy);
    default:
      return undefined;
  }
}

const done: Reply = { kind: 'whole', status: 200, headers: {}, body: Buffer.alloc(0), tokens: 0 };

function submit({ body, faults }: RoutedRequest, comfy: ComfyServer): Reply {
  const { prompt_id: promptId, client_id: clientId } = body;
  const job = comfy.submit({
    graph: body['prompt'],
    promptId: typeof promptId === 'string' ? promptId : undefined,
    clientId: typeof clientId === 'string' ? clientId : undefined,
    faults,
  });
  if ('error' in job) return jsonReply(job, { status: 400 });
  return jsonReply({ prompt_id: job.id, number: job.number, node_errors: {} });
}

/** The one entry of that name, the whole without a name. What is not there is an empty object, never 404. */
function only(entries: Readonly<Record<string, unknown>>, name: string | undefined): object {
  if (name === undefined) return entries;
  return name in entries ? { [name]: entries[name] } : {};
}

const describeAll = ({ classes }: ComfyServer) =>
  Object.fromEntries(Object.entries(classes).map(([name, nodeClass]) => [name, describeClass(name, nodeClass)]));

const types = { png: 'image/png', webp: 'image/webp' } as const;

function view(query: URLSearchParams, comfy: ComfyServer): Reply {
  const [filename, subfolder] = [query.get('filename') ?? '', query.get('subfolder') ?? ''];
  if (filename === '' || filename.startsWith('/') || `${filename}/${subfolder}`.includes('..'))
    throw new Refusal(400, 'Bad Request');
  const bytes = comfy.files.read({ filename, subfolder, type: query.get('type') ?? 'output' });
  if (!bytes) throw new Refusal(404, 'Not Found');
  return bytesReply(filename.endsWith('.webp') ? types.webp : types.png, bytes);
}

const systemStats = {
  system: {
    os: 'posix',
    comfyui_version: '0.3.75',
    python_version: '3.12.3',
    pytorch_version: '2.9.0',
    argv: ['main.py'],
  },
  devices: [{ name: 'cuda:0 Fake', type: 'cuda', index: 0, vram_total: 25_000_000_000, vram_free: 20_000_000_000 }],
};
