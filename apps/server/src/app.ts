import type { IdempotentAnswers } from '@anura/core/idempotency';
import type { KeyRing } from '@anura/core/keys';
import type { KeyLimiter, KeyLimits } from '@anura/core/limits';
import express, { type Express } from 'express';
import { middleware as validateAgainst } from '#express-openapi-validator';
import { accessLog } from './http/access-log.ts';
import { answerErrors, noSuchPath } from './http/answer-errors.ts';
import { authenticate } from './http/caller.ts';
import { cors } from './http/cors.ts';
import { openExchange } from './http/exchange.ts';
import { formBody } from './http/form-body.ts';
import { jsonBody } from './http/json-body.ts';
import { normaliseRequest } from './http/normalise-request.ts';
import { limitCalls } from './http/rate-limit.ts';
import { requestId } from './http/request-id.ts';
import { validationContract } from './http/validation-contract.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Logger } from './log/logger.ts';
import type { Metrics } from './metrics/metrics.ts';
import { type ContractDocument, mountOperations } from './operations/mount.ts';
import type { Handlers } from './operations/operation.ts';
import { referenceBundle, referencePage } from './reference/reference-page.ts';

export interface AppOptions {
  /** The bundled contract; every app needs its own copy, the validator changes it. */
  readonly contract: ContractDocument;
  readonly handlers: Handlers;
  readonly idempotentAnswers: IdempotentAnswers;
  readonly keys: KeyRing;
  readonly limiter: KeyLimiter;
  /** What applies to keys without limits of their own. */
  readonly defaultLimits: KeyLimits;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly bodyLimitBytes: number;
  readonly corsOrigins: readonly string[];
  readonly docs: boolean;
  readonly serveMetrics: boolean;
  /** Answers that break the contract become errors. For tests: it costs time on every answer. */
  readonly validateResponses: boolean;
}

const base = '/api/v1';

/** The way of a request, from top to bottom. */
export function createApp(options: AppOptions): Express {
  const { log, metrics, lifecycle } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  app.use(openExchange, requestId, normaliseRequest, accessLog(log, metrics), cors(options.corsOrigins));

  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', (_request, response) => {
    response
      .status(lifecycle.ready ? 200 : 503)
      .json({ status: lifecycle.ready ? 'ready' : lifecycle.stopping ? 'stopping' : 'starting' });
  });
  if (options.serveMetrics) {
    app.get('/metrics', async (_request, response) => {
      response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
    });
  }
  const published = JSON.stringify(options.contract);
  app.get('/openapi.json', (_request, response) => void response.type('json').send(published));
  if (options.docs) {
    app.get('/', (_request, response) => response.redirect('/docs'));
    app.get('/docs', referencePage);
    app.get('/docs/reference.js', referenceBundle());
  }

  app.use(
    base,
    authenticate(options.keys, (path) => path === '/health'),
    limitCalls(options.limiter, options.defaultLimits),
  );
  app.use(base, formBody(options.bodyLimitBytes, { '/videos': ['seed'] }), jsonBody(options.bodyLimitBytes));
  app.use(
    validateAgainst({
      apiSpec: validationContract(options.contract) as never,
      validateApiSpec: false, // the build did
      validateSecurity: false, // done above, before the body was read
      validateRequests: { allowUnknownQueryParameters: true },
      validateResponses: options.validateResponses,
      fileUploader: false,
      ignorePaths: (path: string) => !path.startsWith(`${base}/`),
    }),
  );
  const operations = express.Router();
  mountOperations(operations, options.contract, options.handlers, options.idempotentAnswers);
  app.use(base, operations);

  app.use(noSuchPath);
  app.use(answerErrors(log));
  return app;
}
