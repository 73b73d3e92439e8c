export {
  type Config,
  ConfigError,
  type ConfigInputs,
  type EffectiveConfig,
  loadConfig,
} from './config/index.ts';
export { createLogger, type Logger } from './log/logger.ts';
export { type RunningServer, type StartOptions, startServer } from './start-server.ts';
