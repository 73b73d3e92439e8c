import type { Capability, Modality } from '@anura/openapi';

/** A model the fake offers. */
export interface FakeModel {
  readonly name: string;
  readonly modality: Modality;
  readonly capabilities: readonly Capability[];
  /** Tokens of prompt and answer together. */
  readonly contextLength: number;
  /** Length of an embedding vector. */
  readonly dimensions: number;
  readonly sizeBytes: number;
  readonly family: string;
  /** Whether Ollama's `/api/ps` lists it. */
  readonly loaded: boolean;
}

const plainChatModel: Omit<FakeModel, 'name'> = {
  modality: 'chat',
  capabilities: ['tools', 'json_schema'],
  contextLength: 8192,
  dimensions: 768,
  sizeBytes: 4_900_000_000,
  family: 'llama',
  loaded: true,
};

/** A model with whatever is not said filled in as a plain chat model with tools. */
export function fakeModel(model: Partial<FakeModel> & Pick<FakeModel, 'name'>): FakeModel {
  return { ...plainChatModel, ...model };
}

export const defaultModels: readonly FakeModel[] = [
  fakeModel({ name: 'llama3.1:8b' }),
  fakeModel({ name: 'llava:7b', capabilities: ['vision', 'json_schema'], family: 'llava' }),
  fakeModel({ name: 'deepseek-r1:7b', capabilities: ['reasoning'], family: 'qwen2' }),
  fakeModel({
    name: 'nomic-embed-text',
    modality: 'embedding',
    capabilities: [],
    family: 'nomic-bert',
    contextLength: 2048,
  }),
  fakeModel({ name: 'sdxl-turbo', modality: 'image', capabilities: [], family: 'sdxl' }),
  fakeModel({ name: 'kokoro', modality: 'speech', capabilities: [], family: 'kokoro' }),
  fakeModel({ name: 'wan2.1', modality: 'video', capabilities: [], family: 'wan' }),
];

/** Reads `NAME[,modality=chat][,capabilities=tools+vision][,context=8192][,dimensions=768]`; throws on anything else. */
export function parseModel(text: string): FakeModel {
  const [name = '', ...settings] = text.split(',');
  if (name === '') throw new Error('A model needs a name, for example --model llama3.1:8b');
  const changes = settings.map((setting) => parseSetting(name, setting));
  return fakeModel(Object.assign({ name }, ...changes));
}

function parseSetting(name: string, setting: string): Partial<FakeModel> {
  const [key, value = ''] = setting.split('=');
  const readers: Record<string, () => Partial<FakeModel>> = {
    modality: () => ({ modality: oneOf(value, ['chat', 'embedding', 'image', 'video', 'speech'], setting) }),
    capabilities: () => ({ capabilities: value.split('+').map(readCapability) }),
    context: () => ({ contextLength: positiveInteger(value, setting) }),
    dimensions: () => ({ dimensions: positiveInteger(value, setting) }),
  };
  const read = readers[key ?? ''];
  if (!read)
    throw new Error(`Model ${name}: "${setting}" is not one of ${Object.keys(readers).join(', ')} followed by =VALUE`);
  return read();
}

const readCapability = (text: string) => oneOf(text, ['tools', 'vision', 'json_schema', 'reasoning'], 'capabilities');

function oneOf<Word extends string>(value: string, allowed: readonly Word[], where: string): Word {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw new Error(`${where}: expected one of ${allowed.join(', ')}`);
  return found;
}

function positiveInteger(value: string, where: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${where}: expected a whole number above 0`);
  return number;
}
