import { fileKey, type Group, outsideNames, type Settings } from './setting.ts';
import { settings } from './settings.ts';

/** Every key of the file as a Markdown table, with its flag, variable, default and meaning: the reference in the docs. */
export function settingsReference(): string {
  const head = ['| Key | Flag | Variable | Default | Meaning |', '| --- | --- | --- | --- | --- |'];
  return [...head, ...rowsOf(settings, '', false), ''].join('\n');
}

function rowsOf({ members }: Group, prefix: string, isInList: boolean): string[] {
  return Object.entries(members).flatMap(([name, entry]) => {
    const path = prefix + fileKey(name, entry);
    if (entry.type === 'group') return rowsOf(entry, `${path}.`, isInList);
    if (entry.type === 'list')
      return [row([code(path), '', '', '', entry.doc]), ...rowsOf(entry.item, `${path}[].`, true)];
    return [settingRow(path, entry, isInList)];
  });
}

function settingRow(path: string, setting: Extract<Settings[string], { type: 'setting' }>, isInList: boolean): string {
  const { flag, env } = isInList ? {} : outsideNames(path, setting);
  const written = setting.required ? undefined : setting.kind.print(setting.default(homePlaces));
  const fallback = setting.required ? 'required' : code(isBare(written) ? undefined : String(written));
  return row([code(path), code(flag), code(env), fallback, `${setting.doc} Expects ${setting.kind.expected}.`]);
}

const homePlaces = { anuraHome: '~/.anura', dataDir: '~/.anura' };

/** Nothing worth showing: not set, or an empty list or mapping. */
const isBare = (written: unknown) =>
  written === undefined || JSON.stringify(written) === '{}' || String(written) === '';
const code = (text: string | undefined) => (text ? `\`${text}\`` : '');
const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
