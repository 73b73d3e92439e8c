/** Why a finding hurts, for the colleague who thought the change was harmless. By rule: Redocly's and our own. */
const reasons: Readonly<Record<string, string>> = {
  'path-removed': 'Clients that call it get 404.',
  'operation-removed': 'Clients that call it get 404 or 405.',
  'operation-id-changed': 'It names the generated function: programs that call it no longer compile.',
  'server-removed': 'Clients have that address.',
  'parameter-removed': 'Clients that send it are not heeded, or refused.',
  'parameter-became-required': 'Clients that do not send it are refused.',
  'parameter-serialization-changed': 'What clients send is read as something else.',
  'path-variable-renamed': 'It names an argument of the generated function: programs no longer compile.',
  'request-body-removed': 'What clients send is not heeded.',
  'request-body-became-required': 'Clients that send none are refused.',
  'request-property-removed': 'What clients send there is silently not heeded, and typed programs no longer compile.',
  'required-properties-added': 'Clients that do not send them are refused.',
  'default-changed': 'The same request means something else.',
  'enum-values-removed': 'Clients that send them are refused.',
  'enum-values-added': 'A client with a branch for every value has none for this one.',
  'property-removed': 'Clients that read it find nothing.',
  'required-properties-removed': 'Clients read them without asking whether they are there.',
  'discriminator-changed': 'Clients tell the branches apart by it.',
  'schema-constraint-changed': 'Values that clients send are refused, or answers have values they never had.',
  'schema-combinator-changed': 'What clients send is refused, or what they get has a form they do not know.',
  'response-removed': 'Clients wait for that answer.',
  'response-header-removed': 'Clients that read it find nothing.',
  'media-type-removed': 'Clients that send it or ask for it are refused.',
  'security-requirement-changed': 'Clients with the credentials of before are refused.',
  'security-scheme-changed': 'Clients with the credentials of before are refused.',
};

const narrowed = 'Clients that send what was allowed are refused.';
const widened = 'Clients get what their types rule out.';

/** `message` tells which way a type changed: Redocly has one rule for both. */
export function reasonOf(rule: string, message: string): string {
  if (rule === 'schema-type-changed') return message.includes('narrowed') ? narrowed : widened;
  return reasons[rule] ?? 'Clients rely on it.';
}
