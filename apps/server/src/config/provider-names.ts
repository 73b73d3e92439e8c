type Mistake = readonly [path: PropertyKey[], mistake: string];

/** What the provider that runs models in this process is called. */
const ownName = 'local';

/** Names that an earlier provider has, or the one in this process: their offers would share ids. */
export function* takenNames(items: readonly { name?: unknown }[]): Generator<Mistake> {
  const holders = new Map<unknown, string>([[ownName, 'the provider of the models in this process']]);
  for (const [index, { name }] of items.entries()) {
    const holder = holders.get(name);
    if (holder) yield [[index, 'name'], `expected a name of its own, got ${JSON.stringify(name)}, which ${holder} has`];
    else holders.set(name, `providers[${index}]`);
  }
}
