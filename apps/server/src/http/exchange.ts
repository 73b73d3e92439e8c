import type { RequestHandler, Response } from 'express';
import { Timings } from './server-timing.ts';

/** One for all: an error of its own for every exchange would cost more than the exchange's other bookkeeping. */
const exchangeOver = new Error('The exchange with the caller is over.');

/**
 * Opens the exchange: its clock, and the signal that is aborted when it is over, whichever way it ends. A caller who hangs
 * up closes the response early, which stops the engine.
 */
export const openExchange: RequestHandler = (_request, response, next) => {
  const over = new AbortController();
  response.locals['timings'] = new Timings();
  response.locals['signal'] = over.signal;
  response.once('close', () => over.abort(exchangeOver));
  next();
};

/** Aborted when the response is complete or the caller is gone. */
export const signalOf = (response: Response): AbortSignal => response.locals['signal'] as AbortSignal;
