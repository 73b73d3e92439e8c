/** The operator's own names for models: alias → model, or another alias. */
export type Aliases = Readonly<Record<string, string>>;

/** The model behind a name, following aliases. `aliases` must have no cycle (see `findAliasCycle`). */
export function resolveAlias(name: string, aliases: Aliases): string {
  let model = name;
  while (Object.hasOwn(aliases, model)) model = aliases[model] ?? model;
  return model;
}

/** The first cycle among the aliases, e.g. `['fast', 'small', 'fast']`; undefined when every alias leads to a model. */
export function findAliasCycle(aliases: Aliases): string[] | undefined {
  for (const start of Object.keys(aliases)) {
    const path = [start];
    let next = aliases[start];
    while (next !== undefined) {
      if (path.includes(next)) return [...path.slice(path.indexOf(next)), next];
      path.push(next);
      next = Object.hasOwn(aliases, next) ? aliases[next] : undefined;
    }
  }
  return undefined;
}
