import type { WorkSummary } from '@anura/core/gateway';
import type { UsageLedger } from '@anura/core/usage';
import type { Metrics } from './metrics.ts';

/**
 * Counts a finished request, once, for its key and for the metrics. A request that no provider had is nobody's usage; its
 * model may be any text, which must not become a row or a series.
 */
export function noteWork(work: WorkSummary, usage: UsageLedger, metrics: Metrics): void {
  if (work.provider === undefined) return;
  const { keyId, model, promptTokens, completionTokens, error, totalMs, firstTokenMs } = work;
  usage.record({ keyId, model, failed: error !== undefined, promptTokens, completionTokens });

  const labels = {
    gen_ai_operation_name: work.kind === 'chat' ? 'chat' : 'embeddings',
    gen_ai_request_model: model,
  };
  metrics.requestDuration.observe({ ...labels, error_type: error?.code ?? '' }, totalMs / 1000);
  metrics.tokenUsage.observe({ ...labels, gen_ai_token_type: 'input' }, promptTokens);
  if (work.kind !== 'chat') return;
  metrics.tokenUsage.observe({ ...labels, gen_ai_token_type: 'output' }, completionTokens);
  if (firstTokenMs === undefined) return;
  metrics.timeToFirstToken.observe(labels, firstTokenMs / 1000);
  if (completionTokens > 1) {
    metrics.timePerOutputToken.observe(labels, (totalMs - firstTokenMs) / 1000 / (completionTokens - 1));
  }
}
