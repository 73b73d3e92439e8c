/** One command and what it printed. */
export interface Scene {
  readonly command: string;
  readonly output: string;
}

const columns = 123; // what the longest line of the banner needs
const characterWidth = 7.8;
const lineHeight = 18;
const margin = 18;
const titleHeight = 34;
/** How long after the command its output appears, and how long a reader gets for each line of it. Seconds. */
const thinkSeconds = 0.5;
const readSeconds = 0.12;

/** A picture of a terminal in which the commands are run one after the other. It plays once and stays; where nothing plays, all of it is there. */
export function drawTerminal(scenes: readonly Scene[]): string {
  const lines: string[] = [];
  let seconds = 0.3;
  for (const { command, output } of scenes) {
    lines.push(drawLine(lines.length, seconds, `<tspan class="prompt">$ </tspan>${escapeXml(command)}`, 'typed'));
    seconds += thinkSeconds;
    for (const line of wrapped(output)) {
      lines.push(drawLine(lines.length, seconds, escapeXml(line)));
      seconds += readSeconds;
    }
    lines.push('');
    seconds += thinkSeconds;
  }
  const width = Math.ceil(columns * characterWidth + 2 * margin);
  const height = titleHeight + lines.length * lineHeight + margin;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(scenes.map(({ command }) => command).join(', '))}">
<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #d5dde5; white-space: pre; animation: appear .2s backwards; }
.typed { fill: #ffffff; font-weight: 600; }
.prompt { fill: #6fcf97; }
@keyframes appear { from { opacity: 0; } }
@media (prefers-reduced-motion: reduce) { text { animation: none; } }
</style>
<rect width="100%" height="100%" rx="10" fill="#16202a"/>
<circle cx="20" cy="18" r="5" fill="#ff5f57"/><circle cx="38" cy="18" r="5" fill="#febc2e"/><circle cx="56" cy="18" r="5" fill="#28c840"/>
${lines.filter(Boolean).join('\n')}
</svg>
`;
}

function drawLine(row: number, seconds: number, content: string, kind?: string): string {
  const y = titleHeight + (row + 1) * lineHeight;
  const attributes = `x="${margin}" y="${y}" style="animation-delay:${seconds.toFixed(2)}s"`;
  return `<text ${attributes}${kind ? ` class="${kind}"` : ''} xml:space="preserve">${content}</text>`;
}

/** The lines of an output as a terminal of our width shows them, without the empty ones around it. */
function wrapped(output: string): string[] {
  const lines = output.replace(/^\n+|\s+$/g, '').split('\n');
  return lines.flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? ['']);
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
