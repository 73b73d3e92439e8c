import type { ErrorCode, ErrorData, Retry } from '../../../errors/gateway-error.ts';
import type { StoreCall } from '../calls/database-tables.ts';

export interface ThreadData {
  /** The database file, which exists and is up to date. */
  readonly path: string;
}

export type ThreadRequest =
  | { readonly type: 'calls'; readonly calls: readonly NumberedCall[] }
  | { readonly type: 'close' };

export interface NumberedCall extends StoreCall {
  readonly id: number;
}

export type ThreadAnswer = readonly NumberedOutcome[];

export type NumberedOutcome =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: ThreadFailure };

/** A `GatewayError` as data: an error instance loses its own fields between threads. */
export interface ThreadFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retry: Retry;
  readonly data: ErrorData;
  /** For the log. */
  readonly cause: string | undefined;
}
