/** What a request fills in. The names are the wire's. */
export const placeholders = ['prompt', 'negative_prompt', 'seed', 'steps', 'guidance', 'width', 'height'] as const;

export type Placeholder = (typeof placeholders)[number];

/** A request with every blank filled in: it says all there is to know about the result. Plain JSON, saved with a video's job. */
export interface Drawing {
  readonly prompt: string;
  readonly negative_prompt: string;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
  /** Pixels of the result. */
  readonly width: number;
  readonly height: number;
}

export interface GraphNode {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** ComfyUI's API format: nodes by id. An input is a value, or a link `[id, output]` to another node. */
export type Graph = Readonly<Record<string, GraphNode>>;

interface TemplateDefaults {
  readonly negative_prompt: string;
  readonly steps: number;
  readonly guidance: number;
  readonly width: number;
  readonly height: number;
}

interface TemplateLimits {
  readonly mostSteps: number;
  readonly largestGuidance: number;
  /** Pixels. */
  readonly smallestSide: number;
  readonly largestSide: number;
  readonly sideMultipleOf: number;
}

/** A checked workflow that is offered as one model. */
export interface Template {
  /** The model's name: the file's without `.json`. */
  readonly name: string;
  readonly modality: 'image' | 'video';
  readonly description: string | undefined;
  /** With the placeholders in it. */
  readonly graph: Graph;
  readonly uses: ReadonlySet<Placeholder>;
  /** The node that saves the result. */
  readonly outputNode: string;
  /** The nodes that take the seed: nearly all the time goes there. */
  readonly samplers: ReadonlySet<string>;
  readonly defaults: TemplateDefaults;
  readonly limits: TemplateLimits;
}
