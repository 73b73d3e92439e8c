import { residentBytes } from '../processes/process-usage.ts';
import { startAnura } from '../servers/start-anura.ts';
import type { Target } from '../servers/target.ts';
import type { Point } from '../statistics/line-fit.ts';
import { firstTokenMs } from './first-token.ts';

export interface PictureFigures {
  /** How long a chat waits for its first token while nothing is drawn, milliseconds. */
  readonly aloneMs: readonly number[];
  /** The same while a picture is drawn, in turns with the others. */
  readonly drawingMs: readonly number[];
  /** From asking for a picture to its last byte, milliseconds. */
  readonly pictureMs: readonly number[];
  /** Resident memory of Anura after so many pictures: x pictures, y bytes. */
  readonly points: readonly Point[];
  readonly failed: number;
}

export interface PicturePlan {
  /** Chats with a drawing beside them, and as many without. */
  readonly chats: number;
  readonly pictures: number;
  readonly say: (progress: string) => void;
}

/** So many that a drawing outlasts the first token by far. */
const longSteps = 60;
/** From asking for a picture until it is being drawn. Milliseconds. */
const headStartMs = 100;

/** Draws beside chats, then picture after picture, with the bundled models. */
export async function measurePictures(plan: PicturePlan): Promise<PictureFigures> {
  const anura = await startAnura();
  try {
    await firstTokenMs(anura, 'Hello!');
    await draw(anura, 0);
    const chats = await measureChats(anura, plan);
    const memory = await measureMemory(anura, plan);
    const all = [...chats.aloneMs, ...chats.drawingMs, ...memory.pictureMs];
    return { ...chats, ...memory, failed: all.filter(Number.isNaN).length };
  } finally {
    await anura.stop();
  }
}

async function measureChats(anura: Target, { chats, say }: PicturePlan) {
  const aloneMs: number[] = [];
  const drawingMs: number[] = [];
  for (let chat = 0; chat < chats; chat++) {
    say(`pictures: chat ${chat + 1} of ${chats}`);
    aloneMs.push(await firstTokenMs(anura, `Tell me story ${2 * chat}.`));
    const drawing = draw(anura, chat, longSteps);
    await new Promise((resolve) => setTimeout(resolve, headStartMs));
    drawingMs.push(await firstTokenMs(anura, `Tell me story ${2 * chat + 1}.`));
    await drawing;
  }
  return { aloneMs, drawingMs };
}

async function measureMemory(anura: Target, { pictures, say }: PicturePlan) {
  const pictureMs: number[] = [];
  const points: Point[] = [];
  for (let picture = 1; picture <= pictures; picture++) {
    say(`pictures: ${picture} of ${pictures}`);
    pictureMs.push(await draw(anura, picture));
    points.push({ x: picture, y: residentBytes(anura.pid) });
  }
  return { pictureMs, points };
}

/** How long it took, milliseconds; NaN when it failed. */
async function draw({ origin, headers }: Target, seed: number, steps?: number): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(`${origin}/api/v1/image/generate`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ model: 'tadpole-image', prompt: 'A spaceship parked on a lilypad', seed, steps }),
  });
  const { byteLength } = await answer.arrayBuffer();
  return answer.ok && byteLength > 0 ? performance.now() - startedAt : Number.NaN;
}
