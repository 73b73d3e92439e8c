import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../../../errors/gateway-error.ts';
import sdxlTurbo from '../templates/sdxl-turbo.json' with { type: 'json' };
import wan from '../templates/wan2.1.json' with { type: 'json' };
import { readTemplate } from './read-template.ts';
import type { Template } from './template.ts';

/**
 * The built-in workflows and those of the operator's folder, which win where the names are the same.
 *
 * @throws GatewayError `invalid-request` that names the folder or the file, and the place in it
 */
export async function loadTemplates(folder?: string): Promise<readonly Template[]> {
  const builtIn = [readTemplate('sdxl-turbo.json', sdxlTurbo), readTemplate('wan2.1.json', wan)];
  const own = folder === undefined ? [] : await readFolder(folder);
  return [...new Map([...builtIn, ...own].map((template) => [template.name, template])).values()];
}

async function readFolder(folder: string): Promise<Template[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new GatewayError('invalid-request', `The folder of workflows ${folder} cannot be read.`, { cause });
  });
  const files = names.filter((name) => /\.json$/i.test(name)).toSorted();
  return Promise.all(files.map(async (name) => readFileTemplate(join(folder, name))));
}

async function readFileTemplate(file: string): Promise<Template> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new GatewayError('invalid-request', `Workflow ${file} cannot be read.`, { cause });
  });
  return readTemplate(file, parse(file, text));
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('invalid-request', `Workflow ${file} is not JSON: ${reason}`, { cause });
  }
}
