/** Finds the route of a path: with `:name` for one part of it, and `*name` for all that is left. */

export interface Routed {
  readonly method: string;
  readonly path: string;
}

export interface Found<R extends Routed> {
  readonly route: R;
  readonly params: Readonly<Record<string, string>>;
}

export interface Table<R extends Routed> {
  find(method: string, path: string): Found<R> | null;
}

/** What has no `:name` where another has one is found first. */
export function tableOf<R extends Routed>(routes: readonly R[]): Table<R> {
  const compiled = routes
    .map((route) => ({ route, ...compile(route.path) }))
    .sort((a, b) => a.names.length - b.names.length);
  return {
    find(method, path) {
      for (const { route, pattern, names } of compiled) {
        if (route.method !== method) continue;
        const matched = pattern.exec(path);
        if (matched === null) continue;
        const values = matched.slice(1).map(decoded);
        if (values.includes(null)) return null;
        return { route, params: Object.fromEntries(names.map((name, at) => [name, values[at] ?? ""])) };
      }
      return null;
    },
  };
}

function compile(path: string): { readonly pattern: RegExp; readonly names: readonly string[] } {
  const names: string[] = [];
  const source = path.replace(/[:*](\w+)/g, (whole, name: string) => {
    names.push(name);
    return whole.startsWith("*") ? "(.+)" : "([^/]+)";
  });
  return { pattern: new RegExp(`^${source}$`), names };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
