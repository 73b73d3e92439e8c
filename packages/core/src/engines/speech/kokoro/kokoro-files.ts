import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../../../errors/gateway-error.ts';
import { type SpeechVoice, speechVoices } from '../../speech-engine.ts';

/** Kokoro's own names for the people behind our voices. */
const kokoroVoices: Readonly<Record<SpeechVoice, string>> = {
  heart: 'af_heart',
  puck: 'am_puck',
  fenrir: 'am_fenrir',
  bella: 'af_bella',
};

/** First choice first: on a CPU the half precision model is no quicker and the quantised ones sound worse. */
const modelNames = ['model.onnx', 'model_fp16.onnx', 'model_q8f16.onnx', 'model_quantized.onnx', 'model_uint8.onnx'];

/** Where Kokoro lies. Plain data. */
export interface KokoroFiles {
  /** Absolute path of an ONNX file. */
  readonly modelPath: string;
  readonly modelBytes: number;
  readonly voicePaths: Readonly<Record<SpeechVoice, string>>;
  /** The number of each symbol the model reads. */
  readonly vocabulary: Readonly<Record<string, number>>;
}

/**
 * Looks for Kokoro in the layout of its ONNX exports: `kokoro/config.json`, `tokenizer.json`, `onnx/model*.onnx`,
 * `voices/*.bin`. Nothing where there is no such folder.
 *
 * @throws GatewayError `engine-failed` saying which file is missing or damaged.
 */
export async function findKokoro(modelsFolder: string): Promise<KokoroFiles | undefined> {
  const folder = join(modelsFolder, 'kokoro');
  if (!(await isThere(folder))) return undefined;
  await checkConfig(folder);
  const modelPath = await findModel(join(folder, 'onnx'));
  const voices = speechVoices.map((voice) => [voice, join(folder, 'voices', `${kokoroVoices[voice]}.bin`)] as const);
  for (const [, path] of voices) if (!(await isThere(path))) throw broken(`${path} is missing`);
  return {
    modelPath,
    modelBytes: (await stat(modelPath)).size,
    voicePaths: Object.fromEntries(voices) as Record<SpeechVoice, string>,
    vocabulary: await readVocabulary(join(folder, 'tokenizer.json')),
  };
}

async function checkConfig(folder: string): Promise<void> {
  const path = join(folder, 'config.json');
  const { model_type: type } = (await readJson(path)) as { model_type?: unknown };
  if (type !== 'style_text_to_speech_2')
    throw broken(`${path} is not Kokoro’s: its model_type is ${JSON.stringify(type)}`);
}

async function findModel(folder: string): Promise<string> {
  const there = await readdir(folder).catch((): string[] => []);
  const name = modelNames.find((name) => there.includes(name)) ?? there.find((name) => /^model.*\.onnx$/.test(name));
  if (name === undefined) throw broken(`${join(folder, 'model.onnx')} is missing`);
  return join(folder, name);
}

/** Kokoro reads characters, so its tokenizer is no more than this table. */
async function readVocabulary(path: string): Promise<Readonly<Record<string, number>>> {
  const { model } = (await readJson(path)) as { model?: { vocab?: unknown } };
  const vocabulary = model?.vocab;
  if (!isVocabulary(vocabulary)) throw broken(`${path} has no \`model.vocab\` of symbols and their numbers`);
  return vocabulary;
}

function isVocabulary(value: unknown): value is Record<string, number> {
  if (typeof value !== 'object' || value === null) return false;
  const numbers = Object.values(value);
  return numbers.length > 0 && numbers.every((number) => Number.isInteger(number));
}

async function readJson(path: string): Promise<object> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw broken(`${path} cannot be read`, cause);
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw broken(`${path} is not JSON`, cause);
  }
  throw broken(`${path} is not a JSON object`);
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function broken(what: string, cause?: unknown): GatewayError {
  return new GatewayError('engine-failed', `Kokoro cannot be used: ${what}. Fetch it again.`, { cause });
}
