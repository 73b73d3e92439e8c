import type { Modality } from '@anura/openapi';

const modalities: readonly (readonly [Modality, RegExp])[] = [
  ['embedding', /embed|(?:^|[/-])(?:bge|e5|gte|minilm|all-mpnet)(?:[-_:]|$)|arctic-embed|colbert/i],
  ['video', /(?:^|[/-])(?:wan\d|ltx|hunyuan-?video|cogvideo|mochi|sora)/i],
  ['image', /sdxl|sd-turbo|stable-?diffusion|(?:^|[/-])(?:flux|sd\d|dall-e|gpt-image|qwen-image|z-image)/i],
  ['speech', /kokoro|(?:^|[/-])(?:tts|piper|orpheus|bark|xtts)|-tts(?:[-_:]|$)/i],
];

/** What a model makes, judged by its name alone; chat unless the name says otherwise. */
export function guessModality(name: string): Modality {
  return modalities.find(([, pattern]) => pattern.test(name))?.[0] ?? 'chat';
}

const visionNames =
  /llava|vision|pixtral|minicpm-v|moondream|gemma-?3(?!n)(?!:(?:270m|1b))|internvl|[-_.\d]vl(?:[-_:.]|$)|smolvlm|gpt-4o|gpt-4\.1|gpt-5|llama-?4/i;

export const guessVision = (name: string): boolean => visionNames.test(name);

export const guessReasoning = (name: string): boolean =>
  /deepseek-r1|deepscaler|openthinker|qwq|gpt-oss|magistral|(?:^|\/)o[134](?:-|$)/i.test(name);
