import { type Drawing, type Graph, type Placeholder, placeholders } from './template.ts';

const pattern = /\{\{\s*([^{}]*?)\s*\}\}/g;

export const isPlaceholder = (name: string): name is Placeholder => (placeholders as readonly string[]).includes(name);

/** The names between double braces in a value and whatever is inside it, known or not. */
export function namesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [...value.matchAll(pattern)].map(([, name = '']) => name);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(namesIn);
  return [];
}

/** The graph to run: a placeholder that is all of a text becomes its value, a number where it is one; inside a text it becomes text. */
export function fillGraph(graph: Graph, drawing: Drawing): Graph {
  return fill(graph, drawing) as Graph;
}

function fill(value: unknown, drawing: Drawing): unknown {
  if (typeof value === 'string') return fillText(value, drawing);
  if (Array.isArray(value)) return value.map((item) => fill(item, drawing));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, drawing)]));
}

/** In one pass: braces in a prompt stay what they are. */
function fillText(text: string, drawing: Drawing): string | number {
  const replacement = (name: string) => (isPlaceholder(name) ? drawing[name] : `{{${name}}}`);
  const [whole, name] = new RegExp(`^${pattern.source}$`).exec(text) ?? [];
  if (whole !== undefined) return replacement(name ?? '');
  return text.replace(pattern, (_, inner: string) => String(replacement(inner)));
}
