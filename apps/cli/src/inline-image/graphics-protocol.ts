import type { Context } from '../context.ts';

/** The ways a terminal takes pictures. */
export type GraphicsProtocol = 'kitty' | 'iterm' | 'sixel';

type Environment = Context['env'];

/**
 * How this terminal shows pictures, by what it says of itself in the environment; undefined when it says nothing of the kind.
 * It is not asked: an answer would come among what is typed, and one that never comes would have to be waited for.
 */
export function graphicsProtocol(env: Environment): GraphicsProtocol | undefined {
  const term = env['TERM'] ?? '';
  // Both keep the outer terminal's variables, and pass no pictures on.
  if (env['TMUX'] || env['STY'] || /^(dumb|tmux|screen)/.test(term)) return undefined;
  const program = (env['TERM_PROGRAM'] ?? '').toLowerCase();
  if (speaksKitty(env, term, program)) return 'kitty';
  if (['iterm.app', 'wezterm', 'mintty'].includes(program) || env['WEZTERM_PANE'] || env['LC_TERMINAL'] === 'iTerm2')
    return 'iterm';
  return /^(foot|mlterm|contour|yaft)/.test(term) ? 'sixel' : undefined;
}

const konsoleWithPictures = 220_400;

function speaksKitty(env: Environment, term: string, program: string): boolean {
  if (env['KITTY_WINDOW_ID'] || env['GHOSTTY_RESOURCES_DIR'] || /kitty|ghostty/.test(term)) return true;
  return ['kitty', 'ghostty'].includes(program) || Number(env['KONSOLE_VERSION']) >= konsoleWithPictures;
}
