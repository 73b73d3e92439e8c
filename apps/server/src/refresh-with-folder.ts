import { existsSync, type FSWatcher, watch } from 'node:fs';
import type { Provider } from '@anura/core/engines';
import type { Logger } from './log/logger.ts';

interface RefreshingProvider extends Provider {
  /** Looks for models again. */
  refresh(): Promise<void>;
}

/** Folders are copied file by file: look once when it has been quiet for so long. Milliseconds. */
const quietMs = 300;
/** How often to look for a folder that does not exist yet. Milliseconds. */
const retryMs = 1000;

/** Keeps a provider's offers in step with the models folder until it is closed: what is pulled is offered without a restart. */
export function refreshWithFolder<P extends RefreshingProvider>(provider: P, folder: string, log: Logger): P {
  const refresh = () =>
    provider
      .refresh()
      .catch((error: unknown) => log.warn({ error, provider: provider.name }, 'models are not refreshed'));
  const stop = watchFolder(folder, () => void refresh());
  const close = provider.close.bind(provider);
  return Object.assign(provider, {
    close: () => {
      stop();
      return close();
    },
  });
}

/** Calls back some time after files below changed; what `anura pull` has on its way (`.partial`) does not count. Returns how to stop. */
function watchFolder(folder: string, onChange: () => void): () => void {
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  const later = (action: () => void, delayMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(action, delayMs).unref();
  };
  const begin = (appearedLate: boolean) => {
    // Asked first: a recursive watch of a folder that is not there says nothing and sees nothing, ever.
    if (!existsSync(folder)) return later(() => begin(true), retryMs);
    try {
      watcher = watch(folder, { recursive: true, persistent: false }, (_event, path) => {
        if (!path?.startsWith('.partial')) later(onChange, quietMs);
      });
    } catch {
      return later(() => begin(true), retryMs);
    }
    watcher.on('error', () => watcher?.close());
    if (appearedLate) onChange();
  };
  begin(false);
  return () => {
    clearTimeout(timer);
    watcher?.close();
  };
}
