import type { RequestCaller } from '@anura/core/gateway';
import type { operations } from '@anura/openapi';
import type { Request, Response } from 'express';
import type { Caller } from '../http/caller.ts';

export type OperationId = keyof operations;

/** `unknown` for an answer that is bytes or a stream. */
type JsonOf<T> = T extends { content: { 'application/json': infer Json } } ? Json : unknown;
type BodyOf<O extends OperationId> = operations[O] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : unknown;
type QueryOf<O extends OperationId> = operations[O]['parameters'] extends { query?: infer Query }
  ? NonNullable<Query>
  : Record<string, never>;
type PathOf<O extends OperationId> = operations[O]['parameters'] extends { path: infer Path }
  ? Path
  : Record<string, never>;

/** The body of an operation's 200 answer. */
type SuccessOf<O extends OperationId> = JsonOf<operations[O]['responses'][200]>;
type OperationRequest<O extends OperationId> = Request<PathOf<O>, SuccessOf<O>, BodyOf<O>, QueryOf<O>>;
type OperationResponse<O extends OperationId> = Response<SuccessOf<O>>;

/** What an operation is called with beside the HTTP pair. */
export interface OperationContext {
  /** Who asks. */
  readonly caller: Caller;
  /** The same, as the gateway wants it: with the limits that apply. */
  readonly requester: RequestCaller;
  /** Aborted when the caller hangs up before the answer is complete. */
  readonly signal: AbortSignal;
}

/** Answers one operation. What it throws becomes the error answer. */
type Handler<O extends OperationId> = (
  request: OperationRequest<O>,
  response: OperationResponse<O>,
  context: OperationContext,
) => Promise<unknown> | unknown;

/** Every operation of the contract has a handler, or this does not compile. */
export type Handlers = { [O in OperationId]: Handler<O> };
