/** The part of a logger that stores use; pino's loggers fit. */
export interface StoreLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
