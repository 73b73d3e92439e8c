import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Capability } from '@anura/openapi';
import { type GgufMetadata, readGgufMetadata } from './gguf-metadata.ts';
import type { ModelSidecar } from './model-sidecar.ts';

/** A GGUF file this engine can run, as its header and sidecar describe it. Nothing is loaded yet. */
export interface ModelFile {
  /** The name callers use. */
  readonly name: string;
  readonly path: string;
  /** All shards together. */
  readonly sizeBytes: number;
  readonly modality: 'chat' | 'embedding';
  readonly capabilities: readonly Capability[];
  /** Tokens the model was trained for. */
  readonly trainedContextLength: number;
  /** Bytes of key-value cache per token of context, in 16-bit floats. */
  readonly cacheBytesPerToken: number;
  readonly embeddingLength: number;
  readonly description?: string;
  readonly ownedBy?: string;
  /** Unix seconds of the file's last change. */
  readonly created: number;
  /** Used where a request leaves the temperature out. */
  readonly temperature?: number;
}

const shardPattern = /-(\d{5})-of-(\d{5})\.gguf$/i;
const poolingNone = 0;
const poolingRank = 4;

/** Later shards of a split model are found through the first. */
export function isLaterShard(path: string): boolean {
  const shard = shardPattern.exec(path);
  return shard !== null && Number(shard[1]) !== 1;
}

/** Reads what can be known without loading. Undefined for a GGUF that is neither a chat nor an embedding model. */
export async function describeModelFile(
  path: string,
  name: string,
  sidecar: ModelSidecar = {},
): Promise<ModelFile | undefined> {
  const [metadata, { sizeBytes, created }] = await Promise.all([readGgufMetadata(path), measureShards(path)]);
  const modality = sidecar.modality ?? modalityOf(metadata);
  if (modality === undefined) return undefined;
  return {
    name: sidecar.name ?? name,
    path,
    sizeBytes,
    created,
    modality,
    capabilities: modality === 'chat' ? capabilitiesOf(metadata, sidecar) : [],
    ...shapeOf(metadata),
    ...optionalText('description', sidecar.description ?? metadata.get('general.description')),
    ...optionalText('ownedBy', metadata.get('general.organization') ?? metadata.get('general.author')),
    ...(sidecar.temperature === undefined ? {} : { temperature: sidecar.temperature }),
  };
}

async function measureShards(path: string): Promise<{ sizeBytes: number; created: number }> {
  const stats = await Promise.all(shardPaths(path).map((shard) => stat(shard)));
  const sizeBytes = stats.reduce((sum, shard) => sum + shard.size, 0);
  return { sizeBytes, created: Math.floor((stats[0]?.mtimeMs ?? 0) / 1000) };
}

function shardPaths(path: string): string[] {
  const shard = shardPattern.exec(path);
  if (shard === null) return [path];
  const stem = path.slice(0, shard.index);
  const count = Number(shard[2]);
  return Array.from({ length: count }, (_, index) =>
    join(
      dirname(path),
      `${stem.slice(dirname(path).length + 1)}-${String(index + 1).padStart(5, '0')}-of-${shard[2]}.gguf`,
    ),
  );
}

/** Pooling marks an embedding model, except rank pooling, which marks a reranker. A projector or adapter is neither. */
function modalityOf(metadata: GgufMetadata): 'chat' | 'embedding' | undefined {
  const type = metadata.get('general.type');
  if (type === 'mmproj' || type === 'adapter') return undefined;
  const architecture = metadata.get('general.architecture');
  if (typeof architecture !== 'string' || architecture === 'clip') return undefined;
  const pooling = metadata.get(`${architecture}.pooling_type`);
  if (pooling === poolingRank) return undefined;
  if (pooling !== undefined && pooling !== poolingNone) return 'embedding';
  return 'chat';
}

/**
 * Any chat model is held to JSON schemas by grammar. It is taken to know tools when its template mentions them; the
 * sidecar may say otherwise.
 */
function capabilitiesOf(metadata: GgufMetadata, sidecar: ModelSidecar): Capability[] {
  const said = sidecar.capabilities?.filter((capability) => capability !== 'json_schema');
  if (said !== undefined) return [...said, 'json_schema'];
  const template = String(metadata.get('tokenizer.chat_template') ?? '');
  const capabilities: Capability[] = ['json_schema'];
  if (/\btools\b|tool_calls/.test(template)) capabilities.unshift('tools');
  if (/<think>|enable_thinking|reasoning_content|<\|channel\|>/.test(template)) capabilities.push('reasoning');
  return capabilities;
}

function shapeOf(
  metadata: GgufMetadata,
): Pick<ModelFile, 'trainedContextLength' | 'cacheBytesPerToken' | 'embeddingLength'> {
  const architecture = String(metadata.get('general.architecture'));
  const number = (key: string, otherwise: number) => {
    const value = metadata.get(`${architecture}.${key}`);
    if (Array.isArray(value)) return Math.max(...value);
    return typeof value === 'number' && value > 0 ? value : otherwise;
  };
  const embeddingLength = number('embedding_length', 1);
  const heads = number('attention.head_count', 1);
  const headLength = embeddingLength / heads;
  const headsKept = number('attention.head_count_kv', heads);
  const lengths = number('attention.key_length', headLength) + number('attention.value_length', headLength);
  const bytesPerFloat16 = 2;
  return {
    trainedContextLength: number('context_length', 4096),
    embeddingLength,
    cacheBytesPerToken: number('block_count', 1) * headsKept * lengths * bytesPerFloat16,
  };
}

function optionalText<Key extends string>(key: Key, value: unknown): { [K in Key]?: string } {
  return typeof value === 'string' && value !== '' ? ({ [key]: value } as { [K in Key]?: string }) : {};
}
