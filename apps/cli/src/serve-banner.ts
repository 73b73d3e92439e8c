import type { RunningServer } from '@anura/server';
import type { EffectiveConfig } from '@anura/server/config';
import type { Context } from './context.ts';
import { stylesFor } from './terminal/styles.ts';

type Listening = Pick<RunningServer, 'url' | 'firstKey' | 'models'>;
type Models = ReturnType<RunningServer['models']>;

/** What `anura serve` says once it listens: where, with which key, and what to paste. */
export function bannerLines(server: Listening, config: EffectiveConfig, { stdout, env }: Context): string[] {
  const { bold, dim, green } = stylesFor(stdout, env);
  const { url } = server;
  const models = server.models();
  return [
    '',
    `  ${green('Anura')} listens at ${bold(url)}`,
    ...(config.docs ? [`  ${dim('reference')}  ${url}/docs`] : []),
    `  ${dim('models')}     ${modelNames(models)}`,
    `  ${dim('data')}       ${config.dataDir}`,
    '',
    ...keyLines(server.firstKey, config, { stdout, env }),
    '',
    ...curlLines(url, exampleModel(models), server.firstKey),
    '',
  ];
}

function keyLines(
  firstKey: string | undefined,
  config: EffectiveConfig,
  { stdout, env }: Pick<Context, 'stdout' | 'env'>,
): string[] {
  const { bold, yellow } = stylesFor(stdout, env);
  if (firstKey) {
    const warning = yellow('This is the first key. It is shown this once: keep it in a safe place.');
    return [`  ${warning}`, '', `export ANURA_API_KEY=${bold(firstKey)}`, '', '  To try it, paste:'];
  }
  const which = config.apiKey ? 'the key you set' : 'the key from the first start';
  return [`  To try it, paste this where ANURA_API_KEY is ${which}:`];
}

/** `-N` shows tokens as they come. A key that was just made stands in the line, so that it works wherever it is pasted. */
function curlLines(url: string, model: string, firstKey = '$ANURA_API_KEY'): string[] {
  const messages = [{ role: 'user', content: 'Write a haiku about rain' }];
  const body = JSON.stringify({ model, stream: true, temperature: 0, messages });
  return [
    `curl -N ${url}/api/v1/chat/completions \\`,
    `  -H "Authorization: Bearer ${firstKey}" -H "Content-Type: application/json" \\`,
    `  -d '${body.replaceAll("'", "'\\''")}'`,
  ];
}

function modelNames(models: Models): string {
  if (models.length === 0) return 'none yet; `anura doctor` says why';
  const shown = models
    .slice(0, 8)
    .map(({ id }) => id)
    .join(', ');
  return models.length > 8 ? `${shown} and ${models.length - 8} more` : shown;
}

/** `tadpole` answers at once on any machine. */
function exampleModel(models: Models): string {
  const chatModels = models.filter(({ modality }) => modality === 'chat').map(({ id }) => id);
  return chatModels.includes('tadpole') ? 'tadpole' : (chatModels[0] ?? 'tadpole');
}
