import type { Contract, Operation, Parameter, Response, Schema } from './contract.ts';
import { cell, row, typeOf } from './schema-words.ts';

/** The contract as pages of Markdown: every operation with what it takes and answers, then every type. */
export function apiReference(contract: Contract): string {
  const sections = contract.tags.map(({ name, description }) => {
    const operations = operationsOf(contract).filter(({ operation }) => operation.tags.includes(name));
    const texts = operations.map((one) => operationText(contract, one));
    return [`## ${name[0]?.toUpperCase()}${name.slice(1)}`, description, ...texts].join('\n\n');
  });
  const types = Object.entries(contract.components.schemas)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, schema]) => typeText(name, schema));
  return [...sections, '## Types', ...types].join('\n\n');
}

interface PlacedOperation {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function operationsOf({ paths }: Contract): PlacedOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

function operationText(contract: Contract, { method, path, operation }: PlacedOperation): string {
  const parameters = (operation.parameters ?? []).map((parameter) => resolve(contract, parameter));
  const body = Object.values(operation.requestBody?.content ?? {})[0];
  const parts = [
    `### ${method} ${path}`,
    `**${operation.summary}**, \`${operation.operationId}\`.\n\n${operation.description ?? ''}`.trim(),
    parameters.length > 0 ? parameterTable(parameters) : '',
    body ? `Takes ${typeOf(body.schema)}${exampleOf(body.examples)}` : '',
    answers(contract, operation),
  ];
  return parts.filter(Boolean).join('\n\n');
}

function parameterTable(parameters: readonly Parameter[]): string {
  const rows = parameters.map(({ name, in: place, required, schema, description }) =>
    row(`\`${name}\`${required ? ' *' : ''}`, place, typeOf(schema), description ?? ''),
  );
  return [row('Parameter', 'In', 'Type', 'What it is'), row('---', '---', '---', '---'), ...rows].join('\n');
}

/** The first example, which the contract's own checks hold against the schema. */
function exampleOf(examples: Readonly<Record<string, { value: unknown }>> = {}): string {
  const [example] = Object.values(examples);
  return example ? `:\n\n\`\`\`json\n${JSON.stringify(example.value, null, 2)}\n\`\`\`` : '.';
}

function answers(contract: Contract, { responses }: Operation): string {
  const { 200: success, ...errors } = responses;
  const content = Object.entries(success ? (resolve<Response>(contract, success).content ?? {}) : {});
  const made = content.map(([type, { schema }]) => (schema.$ref ? typeOf(schema) : `\`${type}\``));
  const codes = Object.keys(errors).map((code) => `\`${code}\``);
  return `Answers with ${made.join(' or ')}; errors ${codes.join(' ')} with [\`ErrorBody\`](#errorbody).`;
}

function typeText(name: string, schema: Schema): string {
  const parts = [`### ${name}`, schema.description ?? '', fields(schema)];
  return parts.filter(Boolean).join('\n\n');
}

function fields(schema: Schema): string {
  if (!schema.properties) return `${typeOf(schema)}.`;
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties).map(([name, property]) =>
    row(`\`${name}\`${required.has(name) ? ' *' : ''}`, typeOf(property), cell(property.description ?? '')),
  );
  return [row('Field', 'Type', 'What it is'), row('---', '---', '---'), ...rows].join('\n');
}

function resolve<Part>(contract: Contract, part: Part | { readonly $ref: string }): Part {
  if (typeof part !== 'object' || part === null || !('$ref' in part)) return part as Part;
  const [, , room = '', name = ''] = part.$ref.split('/');
  const parts = contract.components as unknown as Readonly<Record<string, Readonly<Record<string, Part>>>>;
  const found = parts[room]?.[name];
  if (!found) throw new Error(`The contract has no ${part.$ref}.`);
  return found;
}
