/** What an agent's repository names: read as files, never by a git that would read its configuration, too. */

import { contentOf, isFolder, lookAt, namesIn } from "./files.ts";
import type { TipKind } from "./report.ts";

const REFS_MAX = 5_000;
const DEPTH_MAX = 12;
const SMALL_BYTES_MAX = 4_096;
const LOG_BYTES_MAX = 16 * 1_024 * 1_024;

export interface Named {
  readonly kind: TipKind;
  readonly name: string;
  readonly id: string;
}

export interface AgentRefs {
  /** The branch of HEAD, or `null`. */
  readonly headBranch: string | null;
  /** The commit of HEAD, or `null` where it has none. */
  readonly head: string | null;
  readonly named: readonly Named[];
  /** By the name of the worktree: where its HEAD is, and what was begun there. */
  readonly worktrees: ReadonlyMap<string, { readonly id: string; readonly unfinished: string | null }>;
  /** What was begun and not ended, such as `rebase`. */
  readonly unfinished: string | null;
}

const UNFINISHED: readonly (readonly [file: string, what: string])[] = [
  ["rebase-merge", "rebase"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
];

const ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** @param own the `.git` of a repository. @returns `null` when there is none */
export function readRefs(own: string): AgentRefs | null {
  if (!isFolder(own)) return null;
  const refs = new Map([...packed(own), ...loose(own)]);
  const headText = small(`${own}/HEAD`);
  if (headText === null) return null;
  const resolve = (text: string | null): string | null => {
    if (text === null) return null;
    const target = /^ref: (refs\/\S+)$/.exec(text)?.[1];
    const id = target === undefined ? text : refs.get(target);
    return id !== undefined && ID.test(id) ? id : null;
  };
  const worktrees = new Map<string, { readonly id: string; readonly unfinished: string | null }>();
  for (const name of namesIn(`${own}/worktrees`, 1_000)) {
    const id = resolve(small(`${own}/worktrees/${name}/HEAD`));
    if (id !== null) worktrees.set(name, { id, unfinished: unfinishedIn(`${own}/worktrees/${name}`) });
  }
  return {
    headBranch: /^ref: refs\/heads\/(\S+)$/.exec(headText)?.[1] ?? null,
    head: resolve(headText),
    named: [...[...refs].map(([ref, id]) => ({ ...kindOf(ref), id })), ...stashes(own)],
    worktrees,
    unfinished: unfinishedIn(own),
  };
}

function unfinishedIn(place: string): string | null {
  return UNFINISHED.find(([file]) => lookAt(`${place}/${file}`) !== null)?.[1] ?? null;
}

function kindOf(ref: string): { readonly kind: TipKind; readonly name: string } {
  if (ref.startsWith("refs/heads/")) return { kind: "branch", name: ref.slice("refs/heads/".length) };
  if (ref.startsWith("refs/tags/")) return { kind: "tag", name: ref.slice("refs/tags/".length) };
  if (ref === "refs/stash") return { kind: "stash", name: "stash" };
  return { kind: "other", name: ref.slice("refs/".length) };
}

/** Each stash is one line of the log of `refs/stash`. */
function stashes(own: string): readonly Named[] {
  const lines = contentOf(`${own}/logs/refs/stash`, LOG_BYTES_MAX)?.toString("latin1").split("\n") ?? [];
  return lines.flatMap((line) => {
    const id = line.split(" ")[1] ?? "";
    return ID.test(id) ? [{ kind: "stash", name: "stash", id } as const] : [];
  });
}

function small(path: string): string | null {
  return contentOf(path, SMALL_BYTES_MAX)?.toString("latin1").trim() ?? null;
}

function packed(own: string): readonly (readonly [string, string])[] {
  const text = contentOf(`${own}/packed-refs`, LOG_BYTES_MAX)?.toString("latin1") ?? "";
  return text
    .split("\n")
    .flatMap((line): [string, string][] => {
      const [, id = "", ref = ""] = /^([0-9a-f]+) (refs\/\S+)$/.exec(line) ?? [];
      return ID.test(id) ? [[ref, id]] : [];
    })
    .slice(0, REFS_MAX);
}

function loose(own: string, below = "refs", depth = 0): readonly (readonly [string, string])[] {
  return namesIn(`${own}/${below}`, REFS_MAX).flatMap((name): readonly (readonly [string, string])[] => {
    const ref = `${below}/${name}`;
    if (isFolder(`${own}/${ref}`)) return depth < DEPTH_MAX ? loose(own, ref, depth + 1) : [];
    const id = small(`${own}/${ref}`);
    return id !== null && ID.test(id) && !/\s/.test(ref) ? [[ref, id]] : [];
  });
}
