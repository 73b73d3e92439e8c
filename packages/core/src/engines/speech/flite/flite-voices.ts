import type { SpeechVoice } from '../../speech-engine.ts';

/** How one of our voices is made from one of Flite's. */
export interface FliteVoice {
  /** Flite's name for the speaker: `slt` a woman from the US, `rms` a man from the US, `awb` a man from Scotland. */
  readonly speaker: string;
  /** Pitch in the end, 1 being the speaker's own. */
  readonly pitch: number;
  /** Pace in the end, 1 being the speaker's own; more is faster. */
  readonly pace: number;
  /**
   * Formants in the end, 1 being the speaker's own; more sounds like a smaller person. Done by saying it slower and deeper and
   * playing it faster.
   */
  readonly formants: number;
}

/** Flite comes with three people, so the fourth voice is one of them made younger and quicker. */
export const fliteVoices: Readonly<Record<SpeechVoice, FliteVoice>> = {
  heart: { speaker: 'slt', pitch: 1, pace: 1, formants: 1 },
  puck: { speaker: 'rms', pitch: 1.24, pace: 1.12, formants: 1.05 },
  fenrir: { speaker: 'awb', pitch: 0.76, pace: 0.96, formants: 0.94 },
  bella: { speaker: 'slt', pitch: 1.24, pace: 1.08, formants: 1.14 },
};
