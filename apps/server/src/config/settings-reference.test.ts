import { expect, test } from 'vitest';
import { listSettings } from './setting.ts';
import { settings } from './settings.ts';
import { settingsReference } from './settings-reference.ts';

test('the reference has every setting with its flag, variable and default', () => {
  const reference = settingsReference();
  for (const { path, flag, env } of listSettings(settings)) {
    const [line] = reference.split('\n').filter((text) => text.startsWith(`| \`${path}\` |`));
    for (const name of [flag, env]) if (name) expect(line).toContain(`\`${name}\``);
  }
  expect(reference).toContain('| `port` | `--port` | `ANURA_PORT` | `8484` |');
});

test('it has the keys of a provider, which are for the file alone', () => {
  expect(settingsReference()).toMatch(/\| `providers\[\]\.url` \| {2}\| {2}\| required \|/);
  expect(settingsReference()).toContain('| `providers[].timeouts.first_token` |  |  | `2m` |');
});
