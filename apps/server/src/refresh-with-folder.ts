import { type Provider, watchFolders } from '@anura/core/engines';
import type { Logger } from './log/logger.ts';

interface RefreshingProvider extends Provider {
  /** Looks for models again. */
  refresh(): Promise<void>;
}

/** Keeps a provider's offers in step with the models folder until it is closed: what is pulled is offered without a restart. */
export function refreshWithFolder<P extends RefreshingProvider>(provider: P, folder: string, log: Logger): P {
  const refresh = () =>
    provider
      .refresh()
      .catch((error: unknown) => log.warn({ error, provider: provider.name }, 'models are not refreshed'));
  const stop = watchFolders([folder], () => void refresh());
  const close = provider.close.bind(provider);
  return Object.assign(provider, {
    close: () => {
      stop();
      return close();
    },
  });
}
