/** What the later version of the API leaves out of its answers; the earlier one is what is asked for by default. */

const LEFT_OUT = new Set(["assignee", "merge_commit_sha"]);

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !LEFT_OUT.has(name));
  return Object.fromEntries(kept.map(([name, one]) => [name, without(one)]));
}

function later(body: unknown): unknown {
  const shorter = without(body);
  if (typeof shorter !== "object" || shorter === null || !("resources" in shorter)) return shorter;
  return Object.fromEntries(Object.entries(shorter).filter(([name]) => name !== "rate"));
}

/** By version: what becomes of an answer. */
export const forVersion: ReadonlyMap<string, (body: unknown) => unknown> = new Map([
  ["2022-11-28", (body: unknown): unknown => body],
  ["2026-03-10", later],
]);
