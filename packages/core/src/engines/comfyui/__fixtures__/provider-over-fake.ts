import { type FakeUpstream, type FakeUpstreamOptions, startFakeUpstream } from '@anura/fake-upstream';
import type { EngineCall } from '../../engine-call.ts';
import type { VideoOperation, VideoStatus } from '../../video-engine.ts';
import { type ComfyProvider, createComfyProvider } from '../comfy-provider.ts';
import type { ComfyOptions } from '../options.ts';

export interface ProviderOverFake extends AsyncDisposable {
  readonly upstream: FakeUpstream;
  readonly provider: ComfyProvider;
  readonly warnings: readonly string[];
  call(model: string, signal?: AbortSignal): EngineCall;
  /** The ids in ComfyUI's queue. */
  queue(): Promise<{ running: readonly string[]; pending: readonly string[] }>;
  /** How often ComfyUI was asked at a path, e.g. `POST /prompt`. */
  asked(place: string): number;
  close(): Promise<void>;
}

/** A fake ComfyUI and a provider over it, both on real sockets; quick to ask and quick to give up. */
export async function providerOverFake(
  upstreamOptions: FakeUpstreamOptions = {},
  options: Partial<ComfyOptions> = {},
): Promise<ProviderOverFake> {
  const upstream = await startFakeUpstream(upstreamOptions);
  const over = await providerOver(upstream, options);
  const close = async () => {
    await over.provider.close();
    await upstream.close();
  };
  return { ...over, close, [Symbol.asyncDispose]: close };
}

/** Another provider over the same fake, as another process would have. */
export async function providerOver(
  upstream: FakeUpstream,
  options: Partial<ComfyOptions> = {},
): Promise<ProviderOverFake> {
  const warnings: string[] = [];
  const provider = await createComfyProvider({
    ...{ name: 'studio', baseUrl: upstream.url, pollMs: 20 },
    log: { info() {}, warn: (_details, message) => void warnings.push(message) },
    ...options,
  });
  // The first picture may come late on a busy machine.
  if (provider.offers().length === 0) await provider.refresh();
  const close = () => provider.close();
  return {
    ...{ upstream, provider, warnings, close, [Symbol.asyncDispose]: close },
    call(model, signal = new AbortController().signal) {
      const offer = provider.offers().find((one) => one.model === model);
      if (!offer) throw new Error(`There is no offer of ${model}.`);
      return { offer, signal, jobOfferId: 'QmTest' };
    },
    async queue() {
      const { queue_running: running, queue_pending: pending } = (await (
        await fetch(`${upstream.url}/queue`)
      ).json()) as Record<string, string[][]>;
      const ids = (entries: string[][] = []) => entries.map(([, id = '']) => id);
      return { running: ids(running), pending: ids(pending) };
    },
    asked: (place) => upstream.requests.filter(({ method, path }) => `${method} ${path}` === place).length,
  };
}

/** Asks until a video is over. */
export async function outcomeOf(over: ProviderOverFake, operation: VideoOperation): Promise<VideoStatus> {
  for (;;) {
    const status = await over.provider.videos.status(operation, over.call('wan2.1'));
    if (status.state !== 'running') return status;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
