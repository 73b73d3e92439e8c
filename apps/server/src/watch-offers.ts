import type { Provider } from '@anura/core/engines';

/**
 * Notices when a provider's offers changed (a model was loaded, a box went away): providers give a fresh array then, so
 * looking costs a comparison. The returned function stops the looking.
 */
export function watchOffers(providers: readonly Provider[], onChange: () => void, everyMs = 100): () => void {
  let seen = providers.map((provider) => provider.offers());
  const timer = setInterval(() => {
    const now = providers.map((provider) => provider.offers());
    if (now.every((offers, at) => offers === seen[at])) return;
    seen = now;
    onChange();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
