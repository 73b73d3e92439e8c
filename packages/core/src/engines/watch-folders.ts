import { existsSync, type FSWatcher, watch } from 'node:fs';

/** Models are written file by file: look once when it has been quiet for so long. Milliseconds. */
const quietMs = 300;
/** How often to look for a folder that does not exist yet. Milliseconds. */
const retryMs = 1000;

/**
 * Calls back some time after files changed in the folders or below; what a pull has on its way (`.partial`) does not count.
 * Keeps no process alive. Returns how to stop.
 */
export function watchFolders(folders: readonly string[], onChange: () => void): () => void {
  const stops = folders.map((folder) => watchFolder(folder, onChange));
  return () => {
    for (const stop of stops) stop();
  };
}

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
      watcher.on('error', () => watcher?.close());
      if (appearedLate) onChange();
    } catch {
      later(() => begin(true), retryMs);
    }
  };
  begin(false);
  return () => {
    clearTimeout(timer);
    watcher?.close();
  };
}
