import type { Change } from './change.ts';
import { lastStep, steps } from './pointer.ts';

/**
 * What breaks clients and `redocly diff` 2.77 passes. Each looks at one change and says what is wrong with it, or nothing.
 * They ask where a change is first used: when that is a request, the change is in a request, whatever else uses it.
 */
const rules: Readonly<Record<string, (change: Change) => string | undefined>> = {
  'request-property-removed': (change) => {
    if (!inRequest(change) || !isProperty(change)) return undefined;
    if (change.kind === 'removed') return `Property \`${lastStep(change.path)}\` was removed.`;
    if (change.property === 'key') return `Property ${renamed(change)}.`;
    return undefined;
  },
  'path-variable-renamed': (change) =>
    change.property === 'key' && change.typeName === 'PathItem' ? `Path ${renamed(change)}.` : undefined,
  'request-body-became-required': ({ kind, typeName, revision }) =>
    kind === 'added' && typeName === 'RequestBody' && isRequired(revision?.value)
      ? 'A required request body was added.'
      : undefined,
  'discriminator-changed': (change) =>
    change.typeName === 'Discriminator' && change.property === 'propertyName'
      ? `Discriminator ${renamed(change)}.`
      : undefined,
  'default-changed': ({ kind, property, base, revision, ...change }) =>
    kind === 'modified' && property === 'default' && inRequest(change)
      ? `Default changed from ${JSON.stringify(base?.value)} to ${JSON.stringify(revision?.value)}.`
      : undefined,
};

export function ownVerdicts(change: Change): Change['verdicts'] {
  return Object.entries(rules).flatMap(([ruleId, rule]) => {
    const message = rule(change);
    return message === undefined ? [] : [{ ruleId, message }];
  });
}

const renamed = ({ base, revision }: Change) => `\`${base?.value}\` became \`${revision?.value}\``;

const isRequired = (body: unknown) => (body as { required?: boolean } | undefined)?.required === true;

function inRequest({ path }: Pick<Change, 'path'>): boolean {
  const [room, , , part] = steps(path);
  return room === 'paths' && (part === 'requestBody' || part === 'parameters');
}

function isProperty({ path, typeName }: Change): boolean {
  return typeName === 'Schema' && steps(path).at(-2) === 'properties';
}
