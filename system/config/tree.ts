/** The tree of a file that people write: where something stands in it, and what stands at a place. Pure. */

import type { ConfigPath, ConfigTree, Entry, Fields } from "./part.ts";

/** `projects[0].prefix`; keys that are no words stand in quotes. */
export function formatPath(path: ConfigPath): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[\w-]+$/.test(step) ? `.${step}` : `.${JSON.stringify(step)}`;
  });
  return steps.join("").replace(/^\./, "");
}

/** `projects[].trust` as `projects`, `[]`, `trust`. */
export function stepsOf(pattern: string): readonly string[] {
  return pattern.replaceAll("[]", ".[]").split(".").filter(Boolean);
}

/** Whether a path is of the pattern: `[]` is any item, `*` any name, and `generic:*` one that begins so. */
export function matches(pattern: string, path: ConfigPath): boolean {
  const steps = stepsOf(pattern);
  return steps.length === path.length && leadsTo(steps, path);
}

/** Whether a path is of the pattern with these steps, or goes on below one that is. */
export function leadsTo(steps: readonly string[], path: ConfigPath): boolean {
  return steps.length <= path.length && steps.every((step, depth) => isStep(step, path[depth] ?? ""));
}

function isStep(wanted: string, step: string | number): boolean {
  if (typeof step === "number") return wanted === "[]";
  return wanted.endsWith("*") ? step.startsWith(wanted.slice(0, -1)) : step === wanted;
}

/** The tree as rules read it: loosely, because the schema refuses what has the wrong kind. */
export function readTree(root: unknown): ConfigTree {
  const whole: readonly Seen[] = [{ path: [], name: "", value: root, fields: fieldsOf(root) }];
  // Rules ask for the same places once for each of very many entries.
  const known = new Map<string, readonly Entry[]>();
  const at = (place: string): readonly Entry[] => {
    const before = known.get(place);
    if (before !== undefined) return before;
    const found = stepsOf(place).reduce((all, step) => all.flatMap((entry) => descend(entry, step)), whole);
    known.set(place, found);
    return found;
  };
  return { at, fields: (place) => at(place)[0]?.fields ?? {} };
}

interface Seen extends Entry {
  readonly value: unknown;
}

function descend({ path, value, fields }: Seen, step: string): readonly Seen[] {
  const child = (key: string | number, inner: unknown): Seen => {
    return { path: [...path, key], name: String(key), value: inner, fields: fieldsOf(inner) };
  };
  if (step === "[]")
    return Array.isArray(value) ? value.map((item: unknown, index) => child(index, item)) : [];
  if (step === "*") return Object.entries(fields).map(([key, inner]) => child(key, inner));
  return [child(step, fields[step])];
}

/** The fields of a mapping; none when it is something else, which the schema refuses. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
