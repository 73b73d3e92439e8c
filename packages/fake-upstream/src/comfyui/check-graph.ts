import { type Graph, type GraphNode, isLink } from './graph.ts';
import type { InputSpec, NodeClass } from './node-classes.ts';

interface Complaint {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly extra_info: object;
}

/** What ComfyUI answers, with 400, to a graph it cannot run. */
export interface GraphRefusal {
  readonly error: Complaint;
  readonly node_errors: Readonly<Record<string, NodeErrors>>;
}

interface NodeErrors {
  readonly errors: readonly Complaint[];
  readonly dependent_outputs: readonly string[];
  readonly class_type: string;
}

type Classes = Readonly<Record<string, NodeClass>>;

/** Undefined for a graph that can be run. */
export function checkGraph(graph: unknown, classes: Classes): GraphRefusal | undefined {
  if (!isGraph(graph)) return refusal('no_prompt', 'No prompt provided');
  for (const [id, node] of Object.entries(graph)) {
    if (typeof node?.class_type !== 'string')
      return refusal('invalid_prompt', 'Cannot execute because a node is missing the class_type property.', id);
    if (!classes[node.class_type])
      return refusal('invalid_prompt', `Cannot execute because node ${node.class_type} does not exist.`, id);
  }
  const outputs = Object.keys(graph).filter((id) => classes[graph[id]?.class_type ?? '']?.isOutput);
  if (outputs.length === 0) return refusal('prompt_no_outputs', 'Prompt has no outputs');
  const errors = Object.entries(graph).flatMap(([id, node]) => {
    const complaints = checkNode(node, graph, classes);
    const entry: NodeErrors = { errors: complaints, dependent_outputs: outputs, class_type: node.class_type };
    return complaints.length === 0 ? [] : [[id, entry] as const];
  });
  if (errors.length === 0) return undefined;
  const error = complaint('prompt_outputs_failed_validation', 'Prompt outputs failed validation', '');
  return { error, node_errors: Object.fromEntries(errors) };
}

function isGraph(value: unknown): value is Graph {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusal(type: string, message: string, node?: string): GraphRefusal {
  return { error: complaint(type, message, node === undefined ? message : `Node ID '#${node}'`), node_errors: {} };
}

const complaint = (type: string, message: string, details: string, input?: string): Complaint => ({
  type,
  message,
  details,
  extra_info: input === undefined ? {} : { input_name: input },
});

function checkNode({ class_type: name, inputs = {} }: GraphNode, graph: Graph, classes: Classes): Complaint[] {
  const { required = {}, optional = {} } = classes[name] ?? {};
  const missing = Object.keys(required)
    .filter((input) => inputs[input] === undefined)
    .map((input) => complaint('required_input_missing', 'Required input is missing', input, input));
  const wrong = Object.entries({ ...required, ...optional }).flatMap(([input, spec]) =>
    inputs[input] === undefined ? [] : checkInput(input, inputs[input], spec, { graph, classes }),
  );
  return [...missing, ...wrong];
}

function checkInput(
  name: string,
  value: unknown,
  spec: InputSpec,
  { graph, classes }: { graph: Graph; classes: Classes },
): Complaint[] {
  if (!isLink(value)) return checkValue(name, value, spec);
  const [from, output] = value;
  const type = classes[graph[from]?.class_type ?? '']?.outputs[output];
  if (type === spec[0]) return [];
  const details = `${name}, received_type(${type}) mismatch input_type(${String(spec[0])})`;
  return [complaint('return_type_mismatch', 'Return type mismatch between linked nodes', details, name)];
}

function checkValue(name: string, value: unknown, [type, options = {}]: InputSpec): Complaint[] {
  const choices = typeof type === 'string' ? options.options : type;
  if (choices) {
    if (choices.includes(String(value))) return [];
    const details = `${name}: '${String(value)}' not in [${choices.map((choice) => `'${choice}'`).join(', ')}]`;
    return [complaint('value_not_in_list', 'Value not in list', details, name)];
  }
  if (type === 'INT' || type === 'FLOAT') return checkNumber(name, value, type, options);
  if ((type === 'STRING' && typeof value === 'string') || (type === 'BOOLEAN' && typeof value === 'boolean')) return [];
  const details = `${name}, ${JSON.stringify(value)}`;
  return [
    complaint('invalid_input_type', `Failed to convert an input value to a ${String(type)} value`, details, name),
  ];
}

function checkNumber(name: string, value: unknown, type: string, { min = 0, max = 0 }: InputSpec[1] & {}): Complaint[] {
  const number = typeof value === 'number' && (type === 'FLOAT' || Number.isInteger(value)) ? value : Number.NaN;
  if (Number.isNaN(number)) {
    const message = `Failed to convert an input value to a ${type} value`;
    return [complaint('invalid_input_type', message, `${name}, ${JSON.stringify(value)}`, name)];
  }
  if (number < min)
    return [complaint('value_smaller_than_min', `Value ${number} smaller than min of ${min}`, name, name)];
  if (number > max)
    return [complaint('value_bigger_than_max', `Value ${number} bigger than max of ${max}`, name, name)];
  return [];
}
