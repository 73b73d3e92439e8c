import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What `/metrics` is asked for at the moment it is asked. */
export interface LiveFigures {
  running: number;
  waiting: number;
  models: number;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const tokenBuckets = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576];

/**
 * Prometheus figures by OpenTelemetry's names for generative AI
 * (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/), dots as underscores and units as suffixes, plus our
 * own under `anura_`. Model names are labels only once a provider offers them, so callers cannot grow the series.
 */
export function createMetrics(figures: () => LiveFigures) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const operation = ['gen_ai_operation_name', 'gen_ai_request_model'] as const;

  const live = (name: string, help: string, read: (now: LiveFigures) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(figures()));
      },
    });
  live('anura_requests_running', 'Requests an engine works on.', (now) => now.running);
  live('anura_requests_waiting', 'Requests waiting for a slot.', (now) => now.waiting);
  live('anura_models_offered', 'Models that can be asked for.', (now) => now.models);

  return {
    registry,
    httpRequests: new Counter({
      name: 'anura_http_requests_total',
      help: 'Answered requests by operation and status.',
      labelNames: ['operation', 'status'],
      registers,
    }),
    requestDuration: new Histogram({
      name: 'gen_ai_server_request_duration_seconds',
      help: 'Time from the arrival of a request to its last byte.',
      labelNames: [...operation, 'error_type'],
      buckets: secondsBuckets,
      registers,
    }),
    timeToFirstToken: new Histogram({
      name: 'gen_ai_server_time_to_first_token_seconds',
      help: 'Time from the arrival of a request to its first token.',
      labelNames: operation,
      buckets: secondsBuckets,
      registers,
    }),
    timePerOutputToken: new Histogram({
      name: 'gen_ai_server_time_per_output_token_seconds',
      help: 'Time per token after the first.',
      labelNames: operation,
      buckets: secondsBuckets,
      registers,
    }),
    tokenUsage: new Histogram({
      name: 'gen_ai_client_token_usage',
      help: 'Tokens of one request.',
      labelNames: [...operation, 'gen_ai_token_type'],
      buckets: tokenBuckets,
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
