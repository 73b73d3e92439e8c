/**
 * Writes small ONNX files (protobuf, opset 17) for tests, so that none has to be shipped. Field numbers are those of
 * onnx.proto.
 */
export type ElementType = 'float' | 'int64' | 'float16';

export interface TensorInfo {
  readonly name: string;
  readonly type: ElementType;
  /** A length, or the name of a free axis. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export interface OnnxGraph {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly nodes: readonly OnnxNode[];
  /** Constants: numbers as float, bigints as int64. */
  readonly constants?: Readonly<Record<string, readonly number[] | readonly bigint[]>>;
}

const elementTypes: Readonly<Record<ElementType, number>> = { float: 1, int64: 7, float16: 10 };

export function onnxFile(graph: OnnxGraph): Uint8Array {
  return message([integer(1, 8), field(7, graphBytes(graph)), field(8, message([text(1, ''), integer(2, 17)]))]);
}

/** The number `to` wants for a Cast. */
export function elementType(type: ElementType): number {
  return elementTypes[type];
}

function graphBytes({ inputs, outputs, nodes, constants = {} }: OnnxGraph): Uint8Array {
  return message([
    ...nodes.map((node) => field(1, nodeBytes(node))),
    text(2, 'test'),
    ...Object.entries(constants).map(([name, values]) => field(5, constantBytes(name, values))),
    ...inputs.map((info) => field(11, infoBytes(info))),
    ...outputs.map((info) => field(12, infoBytes(info))),
  ]);
}

function nodeBytes({ op, inputs, output, attributes = {} }: OnnxNode): Uint8Array {
  return message([
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => field(5, attributeBytes(name, value))),
  ]);
}

function attributeBytes(name: string, value: number | readonly number[]): Uint8Array {
  if (typeof value === 'number') return message([text(1, name), integer(3, value), integer(20, 2)]);
  return message([text(1, name), ...value.map((each) => integer(8, each)), integer(20, 7)]);
}

function constantBytes(name: string, values: readonly number[] | readonly bigint[]): Uint8Array {
  const isWhole = typeof values[0] === 'bigint';
  const data = isWhole ? BigInt64Array.from(values as bigint[]) : Float32Array.from(values as number[]);
  return message([
    integer(1, values.length),
    integer(2, elementTypes[isWhole ? 'int64' : 'float']),
    text(8, name),
    field(9, new Uint8Array(data.buffer)),
  ]);
}

function infoBytes({ name, type, shape }: TensorInfo): Uint8Array {
  const axes = shape.map((axis) => field(1, message([typeof axis === 'number' ? integer(1, axis) : text(2, axis)])));
  const tensor = message([integer(1, elementTypes[type]), field(2, message(axes))]);
  return message([text(1, name), field(2, message([field(1, tensor)]))]);
}

function message(fields: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(fields));
}

function field(number: number, bytes: Uint8Array): Uint8Array {
  return message([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function text(number: number, value: string): Uint8Array {
  return field(number, new TextEncoder().encode(value));
}

function integer(number: number, value: number): Uint8Array {
  return message([varint(number << 3), varint(value)]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.of(...bytes, rest);
}
