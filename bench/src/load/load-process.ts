import type { LoadOrder } from './load-order.ts';
import { runLoad } from './run-load.ts';

/* A process of its own, so that making load never competes with the server's event loop: one order in, one result out. */
process.on('message', (order: LoadOrder) => {
  void runLoad(order).then((result) => process.send?.(result));
});
