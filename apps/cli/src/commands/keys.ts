import type { CreateKeyRequest, Key, KeyScope } from '@anura/client';
import { type ConnectionOptions, connect } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { formatTime } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';
import { table } from '../terminal/table.ts';

interface KeysOptions extends ConnectionOptions {
  readonly json?: boolean;
}

export interface CreateKeyOptions extends KeysOptions {
  readonly name?: string;
  readonly scope?: string;
  readonly expiresInDays?: number;
  readonly requestsPerSecond?: number;
  readonly tokensPerMinute?: number;
  readonly concurrentRequests?: number;
  readonly monthlyTokens?: number;
  readonly weight?: number;
}

/** The key alone goes to standard output, so that `KEY=$(anura keys create)` works. */
export async function createKey(options: CreateKeyOptions, context: Context): Promise<void> {
  const request = keyRequest(options);
  const created = await connect(options, context).keys.create(request, { signal: context.signal });
  if (options.json) return printJson(context.stdout, created);
  printLine(context.stdout, printable(created.key));
  printLine(context.stderr, `This is ${printable(created.id)}. The key is shown this once: keep it in a safe place.`);
}

function keyRequest(options: CreateKeyOptions): CreateKeyRequest {
  const request = {
    name: options.name,
    scopes: options.scope === undefined ? undefined : scopesFrom(options.scope),
    expires_in_days: options.expiresInDays,
    requests_per_second: options.requestsPerSecond,
    tokens_per_minute: options.tokensPerMinute,
    concurrent_requests: options.concurrentRequests,
    monthly_tokens: options.monthlyTokens,
    weight: options.weight,
  };
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}

function scopesFrom(text: string): KeyScope[] {
  return text.split(',').map((word) => {
    const scope = word.trim();
    if (scope === 'inference' || scope === 'admin') return scope;
    throw usageFailure(`--scope: expected inference, admin, or both with a comma, got "${text}"`);
  });
}

export async function listKeys(options: KeysOptions, context: Context): Promise<void> {
  const keys = await connect(options, context).keys.list({ signal: context.signal });
  if (options.json) return printJson(context.stdout, keys);
  if (keys.length === 0) return printLine(context.stderr, 'There are no keys. `anura keys create` makes one.');
  const headings = ['ID', 'NAME', 'BEGINS', 'SCOPES', 'MADE', 'LAST USED', 'STATE'];
  printLine(context.stdout, table(headings, keys.map(row)));
}

function row(key: Key): string[] {
  const { id, name, prefix, scopes, created_at, last_used_at } = key;
  return [id, name ?? '-', prefix, scopes.join(','), formatTime(created_at), formatTime(last_used_at), stateOf(key)];
}

function stateOf({ revoked_at, expires_at }: Key): string {
  if (revoked_at) return `revoked ${formatTime(revoked_at)}`;
  if (!expires_at) return 'valid';
  return `${Date.parse(expires_at) < Date.now() ? 'expired' : 'valid until'} ${formatTime(expires_at)}`;
}

/** One after the other; it stops at the first that fails, and those before stay revoked. */
export async function revokeKeys(ids: readonly string[], options: KeysOptions, context: Context): Promise<void> {
  const anura = connect(options, context);
  const revoked: Key[] = [];
  for (const id of ids) {
    revoked.push(await anura.keys.revoke(id, { signal: context.signal }));
    if (!options.json) printLine(context.stdout, `Revoked ${id}.`);
  }
  if (options.json) printJson(context.stdout, revoked);
}
