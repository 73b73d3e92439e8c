import { pull } from '../pull.ts';

/** A process of its own that pulls: `node pull-process.ts NAME MODELS_DIR REGISTRY`. Prints its phases as they come. */
const [name = '', modelsDir = '', registry = ''] = process.argv.slice(2);
let phase = '';
const pulled = await pull(name, {
  modelsDir,
  registry,
  onProgress: (progress) => {
    if (progress.phase !== phase) console.log(progress.phase);
    phase = progress.phase;
  },
});
console.log(pulled.changed ? 'changed' : 'unchanged');
