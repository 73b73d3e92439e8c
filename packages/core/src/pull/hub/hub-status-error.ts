import { GatewayError } from '../../errors/gateway-error.ts';
import type { RegistryResponse } from '../registry-http.ts';
import { statusError } from '../status-error.ts';

/** Turns an answer of the hub that is not the wanted one into an error that says what to try next. Consumes the answer. */
export async function hubStatusError(
  response: RegistryResponse,
  name: string,
  signal: AbortSignal,
): Promise<GatewayError> {
  const status = response.statusCode;
  if (status !== 401 && status !== 403 && status !== 404) return statusError(response, name, signal);
  await response.body.dump({ limit: 65_536, signal });
  const data = { upstreamStatus: status };
  if (status === 404) return new GatewayError('not-found', `The hub has no ${name}. Check the spelling.`, data);
  if (response.headers['x-error-code'] === 'GatedRepo') {
    const advice = 'Accept them there, download the folder yourself and put it into the models folder';
    return new GatewayError(
      'forbidden',
      `${name} is gated: the hub hands it out only to people who accepted its terms. ${advice}.`,
      data,
    );
  }
  const reason = 'it is private, gated, or not there. Check the spelling';
  return new GatewayError('forbidden', `The hub does not hand out ${name} without a login: ${reason}.`, data);
}
