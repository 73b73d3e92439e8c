import type { Goal } from '../report/goal.ts';
import { amount, megabytes, table } from '../report/table.ts';
import type { GatewayFigures } from './measure-gateways.ts';
import type { Measurement } from './measurement.ts';
import { compare, difference, failuresOf, figureOf, ratio } from './summarize.ts';

/** What the gateways cost, as text. */
export function reportGateways({ measurements, memory }: GatewayFigures): string {
  const failures = Object.entries(failuresOf(measurements)).map(([name, count]) => `  ${count} × ${name}`);
  return [
    'Added by the gateway, one request at a time (median of the rounds, against the upstream alone)',
    addedTable(measurements),
    '',
    'Under load',
    loadTable(measurements),
    '',
    table(
      ['memory, MB', 'ready', 'after load'],
      memory.map(({ target, beforeBytes, afterBytes }) => [target, megabytes(beforeBytes), megabytes(afterBytes)]),
    ),
    '',
    failures.length === 0 ? 'Failures: none' : `Failures:\n${failures.join('\n')}`,
  ].join('\n');
}

export function gatewayGoals({ measurements, memory }: GatewayFigures): Goal[] {
  const anura = { target: 'anura', connections: 1 };
  const atOnce = { target: 'anura', connections: 64 };
  return [
    {
      name: 'added p50 of a plain chat',
      measured: compare(measurements, { ...anura, stream: false }, 'direct', 'p50Ms', difference),
      unit: 'ms',
      atMost: 0.5,
    },
    {
      name: 'added time to first token',
      measured: compare(measurements, { ...anura, stream: true }, 'direct', 'firstTokenP50Ms', difference),
      unit: 'ms',
      atMost: 1,
    },
    {
      name: 'requests/s against Portkey, 64 connections',
      measured: compare(measurements, { ...atOnce, stream: false }, 'portkey', 'perSecond', ratio),
      unit: '×',
      atLeast: 5,
    },
    {
      name: 'memory without a model, when ready',
      measured: (memory.find(({ target }) => target === 'anura')?.beforeBytes ?? Number.NaN) / 1_000_000,
      unit: 'MB',
      atMost: 150,
    },
  ];
}

const gatewaysIn = (measurements: readonly Measurement[]) =>
  [...new Set(measurements.map(({ target }) => target))].filter((target) => target !== 'direct');

function addedTable(measurements: readonly Measurement[]): string {
  const rows = gatewaysIn(measurements).map((target) => {
    const added = (stream: boolean, figure: 'p50Ms' | 'p99Ms' | 'firstTokenP50Ms' | 'firstTokenP99Ms') =>
      amount(compare(measurements, { target, stream, connections: 1 }, 'direct', figure, difference));
    return [
      target,
      ...[added(false, 'p50Ms'), added(false, 'p99Ms')],
      ...[added(true, 'firstTokenP50Ms'), added(true, 'firstTokenP99Ms')],
    ];
  });
  return table(['ms', 'plain p50', 'plain p99', 'first token p50', 'first token p99'], rows);
}

function loadTable(measurements: readonly Measurement[]): string {
  const loads = new Map(
    measurements.map(({ target, stream, connections }) => [
      `${stream}${String(connections).padStart(5)}${target}`,
      { target, stream, connections },
    ]),
  );
  const rows = [...loads]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, load]) => {
      const figure = (name: 'perSecond' | 'p50Ms' | 'p99Ms' | 'processorMicros', digits: number) =>
        amount(figureOf(measurements, load, name), digits);
      return [
        `${load.stream ? 'stream' : 'plain'} × ${load.connections}`,
        load.target,
        ...[figure('perSecond', 0), figure('p50Ms', 2), figure('p99Ms', 2), figure('processorMicros', 0)],
        amount(compare(measurements, load, 'portkey', 'perSecond', ratio)),
        amount(compare(measurements, load, 'portkey', 'processorMicros', ratio)),
      ];
    });
  const headings = ['load', 'target', 'answers/s', 'p50 ms', 'p99 ms', 'CPU µs each'];
  return table([...headings, 'answers/s ÷ Portkey', 'CPU ÷ Portkey'], rows);
}
