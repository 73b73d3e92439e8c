import { GatewayError } from '../errors/gateway-error.ts';

const fullDisk = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What the file system said as a sentence that says what to do. It reaches callers, so it names no path. */
export function artifactError(error: unknown): GatewayError {
  if (GatewayError.is(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (fullDisk.has(code)) {
    return new GatewayError('no-capacity', 'The result could not be kept: the disk of this server is full.', {
      cause: error,
    });
  }
  return new GatewayError(
    'internal',
    `The folder for results cannot be used (${code || 'unknown error'}). The operator should check its permissions.`,
    { cause: error },
  );
}
