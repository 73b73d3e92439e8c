import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A folder that looks like Kokoro's, with a model of a few hundred bytes: the same inputs and output, but it hums. Each symbol
 * lasts 600 samples at speed 1, and the pitch is the mean of the style, radians a sample.
 *
 * `waveform = 0.3 × sin(mean(style) × range(0, 600 × size(input_ids) / mean(speed)))`
 */
export async function writeStubKokoro(modelsFolder: string): Promise<void> {
  const folder = join(modelsFolder, 'kokoro');
  await mkdir(join(folder, 'onnx'), { recursive: true });
  await mkdir(join(folder, 'voices'));
  const vocabulary = Object.fromEntries([...stubSymbols].map((symbol, index) => [symbol, index + 1]));
  await writeFile(join(folder, 'config.json'), JSON.stringify({ model_type: 'style_text_to_speech_2' }));
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify({ model: { vocab: { $: 0, ...vocabulary } } }));
  await writeFile(join(folder, 'onnx', 'model.onnx'), stubModel());
  for (const [name, style] of Object.entries(stubStyles)) {
    await writeFile(
      join(folder, 'voices', `${name}.bin`),
      new Uint8Array(new Float32Array(510 * 256).fill(style).buffer),
    );
  }
}

export const stubSymbols = ';:,.!?…" ˈabdfhijklmnpstuvwzæðŋɑɔəɛɜɡɪɹʃʊʌʒʤʧθᵊAIOWY';
/** Radians a sample; times 24,000 / 2π is the pitch. */
export const stubStyles = { af_heart: 0.05, am_puck: 0.03, am_fenrir: 0.025, af_bella: 0.06 } as const;
export const stubSamplesPerSymbol = 600;

const [float, int64] = [1, 7];

/** ONNX files are protocol buffers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the numbers of the fields. */
function stubModel(): Uint8Array {
  const graph = [
    node('Size', ['input_ids'], 'count'),
    node('Cast', ['count'], 'symbols', attribute('to', float)),
    node('Mul', ['symbols', 'samples_per_symbol'], 'samples'),
    node('ReduceMean', ['speed'], 'pace', attribute('keepdims', 0)),
    node('Div', ['samples', 'pace'], 'length'),
    node('Range', ['zero', 'length', 'one'], 'time'),
    node('ReduceMean', ['style'], 'pitch', attribute('keepdims', 0)),
    node('Mul', ['time', 'pitch'], 'phase'),
    node('Sin', ['phase'], 'wave'),
    node('Mul', ['wave', 'volume'], 'waveform'),
    text(2, 'stub'),
    ...Object.entries({ samples_per_symbol: stubSamplesPerSymbol, zero: 0, one: 1, volume: 0.3 }).map(constant),
    bytes(11, value('input_ids', int64, [1, 'n'])),
    bytes(11, value('style', float, [1, 256])),
    bytes(11, value('speed', float, [1])),
    bytes(12, value('waveform', float, ['m'])),
  ];
  return Buffer.concat([number(1, 8), bytes(7, Buffer.concat(graph)), bytes(8, number(2, 13))]);
}

function node(operator: string, inputs: readonly string[], output: string, ...attributes: Buffer[]): Buffer {
  return bytes(
    1,
    Buffer.concat([...inputs.map((name) => text(1, name)), text(2, output), text(4, operator), ...attributes]),
  );
}

function attribute(name: string, integer: number): Buffer {
  return bytes(5, Buffer.concat([text(1, name), number(3, integer), number(20, 2)]));
}

function constant([name, single]: [string, number]): Buffer {
  const raw = Buffer.alloc(4);
  raw.writeFloatLE(single);
  return bytes(5, Buffer.concat([number(2, float), text(8, name), bytes(9, raw)]));
}

function value(name: string, type: number, shape: readonly (number | string)[]): Buffer {
  const axes = shape.map((axis) => bytes(1, typeof axis === 'number' ? number(1, axis) : text(2, axis)));
  const tensor = Buffer.concat([number(1, type), bytes(2, Buffer.concat(axes))]);
  return Buffer.concat([text(1, name), bytes(2, bytes(1, tensor))]);
}

function number(field: number, integer: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(integer)]);
}

function text(field: number, words: string): Buffer {
  return bytes(field, Buffer.from(words));
}

function bytes(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

function varint(integer: number): Buffer {
  const groups: number[] = [];
  let rest = integer;
  for (; rest > 127; rest >>>= 7) groups.push((rest & 127) | 128);
  return Buffer.from([...groups, rest]);
}
