import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type FakeUpstream, startFakeUpstream } from '../fake-upstream.ts';
import { parseFaultRule } from '../faults/fault-plan.ts';
import { defaultModelFiles } from './node-classes.ts';

const turbo = (seed: number, { steps = 2, width = 64, height = 48 } = {}) => ({
  load: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd_xl_turbo_1.0_fp16.safetensors' } },
  yes: { class_type: 'CLIPTextEncode', inputs: { text: 'a frog', clip: ['load', 1] } },
  no: { class_type: 'CLIPTextEncode', inputs: { text: '', clip: ['load', 1] } },
  size: { class_type: 'EmptyLatentImage', inputs: { width, height, batch_size: 1 } },
  draw: {
    class_type: 'KSampler',
    inputs: {
      ...{ model: ['load', 0], seed, steps, cfg: 1, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
      ...{ positive: ['yes', 0], negative: ['no', 0], latent_image: ['size', 0] },
    },
  },
  decode: { class_type: 'VAEDecode', inputs: { samples: ['draw', 0], vae: ['load', 2] } },
  save: { class_type: 'SaveImage', inputs: { images: ['decode', 0], filename_prefix: 'pond/frog' } },
});

const wan = (seed: number) => {
  const { decode, ...rest } = turbo(seed);
  return {
    ...rest,
    size: { class_type: 'EmptyHunyuanLatentVideo', inputs: { width: 32, height: 48, length: 5, batch_size: 1 } },
    decode,
    save: {
      class_type: 'SaveAnimatedWEBP',
      inputs: {
        ...{ images: ['decode', 0], filename_prefix: 'frog', fps: 20, lossless: false, quality: 90, method: 'default' },
      },
    },
  };
};

interface Event {
  readonly type: string;
  readonly data: { readonly node?: string; readonly value?: number; readonly nodes?: readonly string[] };
}

const asked = async (upstream: FakeUpstream, path: string, body?: object) => {
  const init = body && { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(upstream.url + path, init);
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
};

const submit = async (upstream: FakeUpstream, prompt: unknown, more: object = {}) =>
  (await asked(upstream, '/prompt', { prompt, client_id: 'me', ...more })).json.prompt_id as string;

async function listen(upstream: FakeUpstream) {
  const events: Event[] = [];
  const socket = new WebSocket(`${upstream.url.replace('http', 'ws')}/ws?clientId=me`);
  socket.on('message', (message) => events.push(JSON.parse(String(message))));
  socket.on('error', () => undefined);
  await expect.poll(() => events.length).toBeGreaterThan(0);
  return { socket, events };
}

async function entryOf(upstream: FakeUpstream, id: string) {
  await expect.poll(async () => (await asked(upstream, `/history/${id}`)).json[id]).toBeDefined();
  return (await asked(upstream, `/history/${id}`)).json[id];
}

async function outputOf(upstream: FakeUpstream, id: string) {
  const { outputs } = await entryOf(upstream, id);
  const file = outputs.save.images[0];
  const response = await fetch(`${upstream.url}/view?${new URLSearchParams(file)}`);
  return { file, type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) };
}

describe('ComfyUI’s protocol', () => {
  it('runs a graph, tells how it goes and serves a real PNG of the size asked for', async () => {
    await using upstream = await startFakeUpstream();
    const { events, socket } = await listen(upstream);
    const id = await submit(upstream, turbo(1));
    const { bytes, file, type } = await outputOf(upstream, id);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 64, height: 48 });
    expect([file.subfolder, type]).toEqual(['pond', 'image/png']);
    await expect.poll(() => events.some(({ data }) => data.node === null)).toBe(true);
    const told = events
      .filter(({ type }) => type !== 'status')
      .map(({ type, data }) => `${type} ${data.node ?? ''}`.trim());
    expect(told.filter((event) => !event.startsWith('executing '))).toEqual([
      ...['execution_start', 'execution_cached', 'progress draw', 'progress draw', 'executed save'],
      ...['execution_success', 'executing'],
    ]);
    expect(told).toContain('executing draw');
    socket.terminate();
  });

  it('makes a real animated WebP of the frames asked for', async () => {
    await using upstream = await startFakeUpstream();
    const { bytes } = await outputOf(upstream, await submit(upstream, wan(1)));
    expect(await sharp(bytes, { animated: true }).metadata()).toMatchObject({
      ...{ format: 'webp', width: 32, pageHeight: 48, pages: 5, delay: [50, 50, 50, 50, 50] },
    });
  });

  it('does not run again what it still has, and tells the same file', async () => {
    await using upstream = await startFakeUpstream();
    const [first, again, other] = [1, 1, 2].map(
      (seed) => async () => outputOf(upstream, await submit(upstream, turbo(seed))),
    );
    const file = (await first?.())?.file;
    expect((await again?.())?.file).toEqual(file);
    expect((await other?.())?.file).not.toEqual(file);
  });

  it.each([
    ['an unknown class', { save: { class_type: 'SaveFrog', inputs: {} } }, 'does not exist', []],
    ['no output', { load: turbo(1).load }, 'no outputs', []],
    [
      'a missing input',
      { ...turbo(1), decode: { class_type: 'VAEDecode', inputs: { samples: ['draw', 0] } } },
      'failed validation',
      ['decode'],
    ],
    [
      'a wrong link',
      { ...turbo(1), decode: { class_type: 'VAEDecode', inputs: { samples: ['draw', 0], vae: ['load', 0] } } },
      'failed validation',
      ['decode'],
    ],
    ['a number out of bounds', turbo(1, { steps: 0, width: 8 }), 'failed validation', ['size', 'draw']],
    ['a text for a number', turbo('1' as unknown as number), 'failed validation', ['draw']],
  ])('refuses %s', async (_what, prompt, message, nodes) => {
    await using upstream = await startFakeUpstream();
    const { status, json } = await asked(upstream, '/prompt', { prompt });
    expect([status, Object.keys(json.node_errors).toSorted()]).toEqual([400, nodes.toSorted()]);
    expect(json.error.message).toContain(message);
  });

  it('refuses a model file it does not have', async () => {
    await using upstream = await startFakeUpstream({ modelFiles: { ...defaultModelFiles, checkpoints: [] } });
    const { json } = await asked(upstream, '/prompt', { prompt: turbo(1) });
    expect(json.node_errors.load.errors[0]).toMatchObject({ type: 'value_not_in_list' });
    expect((await asked(upstream, '/object_info/CheckpointLoaderSimple')).json).toMatchObject({
      CheckpointLoaderSimple: { input: { required: { ckpt_name: [[]] } }, output: ['MODEL', 'CLIP', 'VAE'] },
    });
    expect((await asked(upstream, '/object_info/Nothing')).json).toEqual({});
  });

  it('runs one at a time, deletes what waits and interrupts what runs', async () => {
    await using upstream = await startFakeUpstream({ renderMs: 60_000 });
    const [running, waiting] = [await submit(upstream, turbo(1)), await submit(upstream, turbo(2))];
    const queue = async () => {
      const { queue_running, queue_pending } = (await asked(upstream, '/queue')).json;
      return [queue_running, queue_pending].map((entries: unknown[][]) => entries.map((entry) => entry[1]));
    };
    expect(await queue()).toEqual([[running], [waiting]]);
    await asked(upstream, '/queue', { delete: [waiting] });
    await asked(upstream, '/interrupt', { prompt_id: waiting });
    expect(await queue()).toEqual([[running], []]);
    await asked(upstream, '/interrupt', {});
    const { status } = await entryOf(upstream, running);
    expect([status.status_str, status.completed, status.messages.at(-1)[0]]).toEqual([
      'error',
      false,
      'execution_interrupted',
    ]);
  });

  it('takes the client’s own prompt id', async () => {
    await using upstream = await startFakeUpstream();
    const id = crypto.randomUUID();
    expect(await submit(upstream, turbo(1), { prompt_id: id })).toBe(id);
  });
});

describe('ComfyUI’s faults', () => {
  const struck = async (fault: string, renderMs = 0) => {
    const upstream = await startFakeUpstream({ faults: [parseFaultRule(fault)], renderMs });
    const { events, socket } = await listen(upstream);
    return { upstream, events, socket, id: await submit(upstream, turbo(1)) };
  };

  it('fails in the middle of a job', async () => {
    const { upstream, id } = await struck('error-after=4');
    const { status } = await entryOf(upstream, id);
    expect(status.messages.at(-1)).toMatchObject(['execution_error', { exception_type: 'RuntimeError' }]);
    await upstream.close();
  });

  it('cuts the socket in the middle of a job that goes on', async () => {
    const { upstream, id, socket, events } = await struck('drop-socket-after=4', 100);
    await expect.poll(() => socket.readyState).toBe(WebSocket.CLOSED);
    expect((await entryOf(upstream, id)).status.completed).toBe(true);
    expect(events.some(({ type }) => type === 'execution_success')).toBe(false);
    await upstream.close();
  });

  it('forgets queue and history as a process that died', async () => {
    const { upstream, id, socket } = await struck('restart-after=4', 100);
    await expect.poll(() => socket.readyState).toBe(WebSocket.CLOSED);
    expect((await asked(upstream, '/queue')).json).toEqual({ queue_running: [], queue_pending: [] });
    expect((await asked(upstream, `/history/${id}`)).json).toEqual({});
    await upstream.close();
  });

  it('stops in the middle of a job until it is interrupted', async () => {
    const { upstream, id } = await struck('hang-after=4');
    expect((await asked(upstream, '/queue')).json.queue_running).toHaveLength(1);
    await asked(upstream, '/interrupt', {});
    expect((await entryOf(upstream, id)).status.completed).toBe(false);
    await upstream.close();
  });

  it('serves half a picture or no picture where the path is named', async () => {
    await using upstream = await startFakeUpstream();
    const id = await submit(upstream, turbo(1));
    const whole = (await outputOf(upstream, id)).bytes;
    upstream.setFaults([parseFaultRule('half-file@/view')]);
    expect((await outputOf(upstream, id)).bytes).toEqual(whole.subarray(0, whole.length >> 1));
    upstream.setFaults([parseFaultRule('wrong-file@/view')]);
    await expect(sharp((await outputOf(upstream, id)).bytes).metadata()).rejects.toThrow();
  });

  it.each(['hang@/ws', 'status=503@/ws', 'redirect=http://169.254.169.254/@/ws', 'reset-after=0@/ws'])(
    'opens no socket with %s, and closes all the same',
    async (fault) => {
      const upstream = await startFakeUpstream({ faults: [parseFaultRule(fault)] });
      const socket = new WebSocket(`${upstream.url.replace('http', 'ws')}/ws`);
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.on('error', () => undefined);
      if (fault.startsWith('hang')) socket.on('close', () => undefined).once('upgrade', () => expect.unreachable());
      else await closed;
      await upstream.close();
      await closed;
      expect(upstream.comfySockets).toEqual([]);
    },
  );
});
