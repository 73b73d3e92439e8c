import { fileURLToPath } from 'node:url';

/** The folders of the project's own models, as they lie in the repository. */
export const tadpoleImage = packageFolder('tadpole-image');
export const tadpoleVideo = packageFolder('tadpole-video');

function packageFolder(name: string): string {
  return fileURLToPath(new URL(`../../../../../${name}`, import.meta.url));
}
