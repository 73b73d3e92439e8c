import { GatewayError } from '@anura/core';
import type { Gateway } from '@anura/core/gateway';
import type { Scheduler } from '@anura/core/scheduler';
import type { Lifecycle } from '../lifecycle.ts';
import { envelope } from './envelope.ts';
import type { Handlers } from './operation.ts';

export interface HealthDependencies {
  readonly gateway: Gateway;
  readonly scheduler: Scheduler;
  readonly lifecycle: Lifecycle;
  readonly version: string;
}

export function healthOperations({
  gateway,
  scheduler,
  lifecycle,
  version,
}: HealthDependencies): Pick<Handlers, 'getHealth'> {
  return {
    getHealth(_request, response) {
      if (lifecycle.stopping)
        throw new GatewayError('no-capacity', 'This server is stopping.', { retryAfterMs: 5_000 });
      const { running, waiting } = scheduler.snapshot();
      const models = gateway.models().length;
      const health = {
        state: models > 0 ? ('ok' as const) : ('degraded' as const),
        version,
        uptime_seconds: Math.round(process.uptime() * 10) / 10,
        models,
        requests_running: running,
        requests_waiting: waiting,
      };
      response.json(envelope(models > 0 ? 'Anura is up' : 'Anura is up, but no provider offers a model now', health));
    },
  };
}
