/** Where the engine reports loads, unloads and files it cannot use. A pino logger fits. */
export interface EngineLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export const silentLog: EngineLog = { info() {}, warn() {}, error() {} };
