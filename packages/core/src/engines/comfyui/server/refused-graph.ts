/** ComfyUI's reasons against a graph: the first node's, which name input and value, or the general one. */
export function refusedGraph(answer: Readonly<Record<string, unknown>>): string {
  const { error, node_errors: nodes } = answer as { error?: Complaint; node_errors?: Record<string, NodeErrors> };
  const [first] = Object.entries(nodes ?? {});
  const complaint = first?.[1].errors?.[0] ?? error;
  const words = [complaint?.message, complaint?.details].filter((word) => typeof word === 'string' && word !== '');
  const place = first ? [`node ${first[0]}${first[1].class_type ? ` (${first[1].class_type})` : ''}`] : [];
  return [...place, ...words].join(', ') || 'no reason given';
}

interface Complaint {
  readonly message?: unknown;
  readonly details?: unknown;
}

interface NodeErrors {
  readonly class_type?: string;
  readonly errors?: readonly Complaint[];
}
