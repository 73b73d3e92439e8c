import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientErrorCode } from '@anura/client';
import type { WireErrorCode } from '@anura/core';
import { expect, test } from 'vitest';
import { repository } from './repository.ts';

// The compiler says when one is missing here, the tests when one is missing in the pages.
const serverCodes = {
  cancelled: true,
  conflict: true,
  context_length_exceeded: true,
  expired_api_key: true,
  insufficient_permissions: true,
  insufficient_quota: true,
  internal_error: true,
  invalid_api_key: true,
  invalid_json: true,
  invalid_request: true,
  job_cancelled: true,
  job_not_found: true,
  job_timed_out: true,
  model_not_found: true,
  no_capacity: true,
  no_provider: true,
  no_result: true,
  no_such_operation: true,
  no_such_path: true,
  not_cancellable: true,
  not_found: true,
  provider_failed: true,
  provider_timeout: true,
  range_not_satisfiable: true,
  rate_limit_exceeded: true,
  request_too_large: true,
  result_expired: true,
  result_not_ready: true,
  revoked_api_key: true,
  unsupported_media_type: true,
  video_not_ready: true,
} satisfies Record<WireErrorCode, true>;

const clientCodes = {
  invalid_options: true,
  no_server: true,
  not_the_api: true,
  server_too_old: true,
  stream_cut_off: true,
  timeout: true,
} satisfies Record<ClientErrorCode, true>;

test.each([
  ['docs/troubleshooting.md', serverCodes],
  ['docs/client.md', clientCodes],
])('%s explains every code', (page, codes) => {
  const text = readFileSync(join(repository, page), 'utf8');
  expect(Object.keys(codes).filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
});
