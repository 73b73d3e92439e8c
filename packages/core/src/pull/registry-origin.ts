import { GatewayError } from '../errors/gateway-error.ts';
import type { RegistryModelName } from './model-name.ts';

/** Where names without a host come from when the operator names no other registry. */
const defaultRegistry = 'https://registry.ollama.ai';

/** Where `hf:` names come from when the operator names no mirror. */
const defaultHub = 'https://huggingface.co';

/** The hub's address. @throws GatewayError `invalid-request` when `hub` is not an http(s) address. */
export function hubOrigin(hub: string = defaultHub): URL {
  return readAddress('hub', hub);
}

/**
 * The registry's address for a name. A host in the name is spoken to over HTTPS, except this machine. `registry` stands in for the
 * default one and may be plain HTTP, since the operator wrote so.
 *
 * @throws GatewayError `invalid-request` when `registry` is not an http(s) address.
 */
export function registryOrigin(name: RegistryModelName, registry: string = defaultRegistry): URL {
  if (name.host === undefined) return readAddress('registry', registry);
  const hostname = name.host.replace(/:\d+$/, '');
  const isLoopback = hostname === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
  return new URL(`${isLoopback ? 'http' : 'https'}://${name.host}`);
}

function readAddress(param: 'registry' | 'hub', text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw new GatewayError(
      'invalid-request',
      `The ${param} must be an address like https://models.example.com, without login or query.`,
      { param },
    );
  }
  return url;
}
