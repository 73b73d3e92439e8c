import { GatewayError } from '../errors/gateway-error.ts';
import type { RegistryModelName } from './model-name.ts';

/** Where names without a host come from when the operator names no other registry. */
const defaultRegistry = 'https://registry.ollama.ai';

/**
 * The registry's address for a name. A host in the name is spoken to over HTTPS, except this machine. `registry` stands in for the
 * default one and may be plain HTTP, since the operator wrote so.
 *
 * @throws GatewayError `invalid-request` when `registry` is not an http(s) address.
 */
export function registryOrigin(name: RegistryModelName, registry: string = defaultRegistry): URL {
  if (name.host === undefined) return readRegistry(registry);
  const hostname = name.host.replace(/:\d+$/, '');
  const isLoopback = hostname === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
  return new URL(`${isLoopback ? 'http' : 'https'}://${name.host}`);
}

function readRegistry(registry: string): URL {
  const url = URL.canParse(registry) ? new URL(registry) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw new GatewayError(
      'invalid-request',
      'The registry must be an address like https://models.example.com, without login or query.',
      {
        param: 'registry',
      },
    );
  }
  return url;
}
