/** Where a registry sends those who need a token: the `WWW-Authenticate: Bearer` header. */
export interface BearerChallenge {
  readonly realm: URL;
  readonly service?: string;
  readonly scope?: string;
}

/** Reads `Bearer realm="https://…",service="…",scope="…"`; nothing when the realm is no address to ask for a token. */
export function parseBearerChallenge(header: string): BearerChallenge | undefined {
  if (!/^bearer /i.test(header) || header.length > 4096) return undefined;
  const fields = new Map(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key.toLowerCase(), value]),
  );
  const realm = fields.get('realm') ?? '';
  if (!URL.canParse(realm) || !/^https?:/i.test(realm)) return undefined;
  const service = fields.get('service');
  const scope = fields.get('scope');
  return { realm: new URL(realm), ...(service ? { service } : {}), ...(scope ? { scope } : {}) };
}

/** The address that answers a challenge with a token. A scope of several parts is sent as several parameters, as Ollama does. */
export function tokenUrl({ realm, service, scope }: BearerChallenge): URL {
  const url = new URL(realm);
  if (service) url.searchParams.set('service', service);
  for (const part of scope?.split(' ') ?? []) url.searchParams.append('scope', part);
  return url;
}
