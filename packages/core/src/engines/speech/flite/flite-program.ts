import { readWav, type Sound } from '../audio/wav.ts';
import type { FliteVoice } from './flite-voices.ts';
import { type ProgramRun, runProgram } from './run-program.ts';
import type { WasmModule } from './webassembly.ts';

const soundFile = 'speech.wav';
/** What Flite says of a vowel, e.g. `ow1`: the phone and its stress. */
const phonesSpeaker = 'slt';
/** Phones do not depend on the pace: the least sound is made for nobody. */
const quickest = 0.2;

/**
 * Says a text with a voice. The sound's rate is such that playing it at that rate gives the voice's formants: 16 kHz as Flite
 * makes it, times the voice's own factor.
 *
 * @throws Error in Flite's words.
 */
export async function sayWithFlite(module: WasmModule, text: string, voice: FliteVoice, speed: number): Promise<Sound> {
  const run = await runProgram(module, speakArguments(text, voice, speed));
  const { samples, sampleRate } = readWav(output(run));
  return { samples, sampleRate: Math.round(sampleRate * voice.formants) };
}

/** The phones of a text as Flite prints them, e.g. `pau hh ax0 l ow1 pau`; `pau` is a pause. */
export async function askFlitePhones(module: WasmModule, text: string): Promise<readonly string[]> {
  const stretch = `duration_stretch=${quickest}`;
  const run = await runProgram(module, [
    'flite',
    '-psstress',
    '-voice',
    phonesSpeaker,
    '--setf',
    stretch,
    '-t',
    text,
    'none',
  ]);
  if (run.exitCode !== 0) throw new Error(firstLine(run));
  return run.stdout.split(/\s+/).filter((phone) => phone !== '');
}

/** The text follows `-t`, so it is never read as an option, a file's name or SSML. */
export function speakArguments(text: string, voice: FliteVoice, speed: number): readonly string[] {
  const stretch = voice.formants / (voice.pace * speed);
  const pitch = voice.pitch / voice.formants;
  const settings = [`duration_stretch=${stretch.toFixed(4)}`, `f0_shift=${pitch.toFixed(4)}`];
  const features = settings.flatMap((setting) => ['--setf', setting]);
  return ['flite', '-voice', voice.speaker, ...features, '-t', text, '-o', `/${soundFile}`];
}

function output(run: ProgramRun): Uint8Array {
  const bytes = run.file(soundFile);
  if (run.exitCode !== 0 || !bytes) throw new Error(firstLine(run));
  return bytes;
}

function firstLine({ exitCode, stderr }: ProgramRun): string {
  return stderr.trim().split('\n')[0] || `Flite ended with code ${exitCode}`;
}
