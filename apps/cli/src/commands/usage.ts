import type { UsageRow } from '@anura/client';
import { type ConnectionOptions, connect } from '../connection.ts';
import { type Context, printJson, printLine } from '../context.ts';
import { usageFailure } from '../failure.ts';
import { table } from '../terminal/table.ts';

export interface UsageOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly keyId?: string;
}

export async function usage(options: UsageOptions, context: Context): Promise<void> {
  const query = {
    ...(options.from && { from: day('--from', options.from) }),
    ...(options.to && { to: day('--to', options.to) }),
    ...(options.keyId && { key_id: options.keyId }),
  };
  const report = await connect(options, context).usage(query, { signal: context.signal });
  if (options.json) return printJson(context.stdout, report);
  if (report.rows.length === 0)
    return printLine(context.stderr, `Nothing was asked from ${report.from} to ${report.to}.`);
  const headings = ['DAY', 'KEY', 'MODEL', 'REQUESTS', 'FAILED', 'TOKENS IN', 'TOKENS OUT'];
  printLine(context.stdout, table(headings, [...report.rows.map(row), totalRow(report.rows)]));
}

function row({
  day,
  key_name,
  key_id,
  model,
  requests,
  failed_requests,
  prompt_tokens,
  completion_tokens,
}: UsageRow): string[] {
  const counts = [requests, failed_requests, prompt_tokens, completion_tokens].map(String);
  return [day, key_name ?? key_id, model, ...counts];
}

function totalRow(rows: readonly UsageRow[]): string[] {
  const sum = (field: 'requests' | 'failed_requests' | 'prompt_tokens' | 'completion_tokens') =>
    String(rows.reduce((total, row) => total + row[field], 0));
  return ['all', '', '', sum('requests'), sum('failed_requests'), sum('prompt_tokens'), sum('completion_tokens')];
}

/** `Date` takes the 31st of February for the 3rd of March. */
function isInCalendar(text: string): boolean {
  const date = new Date(`${text}T00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function day(flag: string, text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && isInCalendar(text)) return text;
  throw usageFailure(`${flag}: expected a day like 2026-01-31, got "${text}"`);
}
