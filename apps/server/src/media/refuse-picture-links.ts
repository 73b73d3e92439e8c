import { GatewayError } from '@anura/core';
import type { OpenAIImageRequest } from '@anura/openapi';

/** Nothing is published, so there is no address to answer with. */
export function refusePictureLinks({ response_format }: OpenAIImageRequest): void {
  if (response_format !== 'url') return;
  throw new GatewayError('invalid-request', 'response_format must be b64_json: pictures are not published at a URL.', {
    param: 'response_format',
  });
}
