type Mistake = readonly [path: PropertyKey[], mistake: string];

/** What the providers in this process are called. */
const ownNames = {
  local: 'the provider of the models in this process',
  diffusion: 'the one that draws in this process',
  speech: 'the one that speaks in this process',
};

/** Names that an earlier provider has, or one in this process: their offers would share ids. */
export function* takenNames(items: readonly { name?: unknown }[]): Generator<Mistake> {
  const holders = new Map<unknown, string>(Object.entries(ownNames));
  for (const [index, { name }] of items.entries()) {
    const holder = holders.get(name);
    if (holder) yield [[index, 'name'], `expected a name of its own, got ${JSON.stringify(name)}, which ${holder} has`];
    else holders.set(name, `providers[${index}]`);
  }
}
