export { type ConfigInputs, type EffectiveConfig, loadConfig } from './config.ts';
export { ConfigError } from './config-error.ts';
export { describeConfig, describeConfigAsJson } from './describe-config.ts';
export { searchIndexPath } from './search-index-path.ts';
export { listSettings, type NamedSetting } from './setting.ts';
export type { FlagValue } from './setting-reader.ts';
export { type Config, type ProviderConfig, settings } from './settings.ts';
export { settingsReference } from './settings-reference.ts';
