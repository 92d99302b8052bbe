/**
 * What of the gathered is published, and where: pure.
 *
 * The task's branch is what the agent was told to work on, so that it goes first; then what HEAD is on; then the only
 * thing there is. Whatever else is new goes beside it, under a name of its own.
 */

import type { Tip, TipKind } from "./inside/report.ts";

export interface Candidate {
  readonly commit: string;
  /** How people will know it: the name of the agent's branch, or where it was. */
  readonly name: string;
}

export interface Choice {
  readonly main: Candidate | null;
  readonly beside: readonly Candidate[];
  /** What is kept, with what it is. */
  readonly kept: readonly (Candidate & { readonly tip: Tip })[];
}

const PUBLISHED: readonly TipKind[] = ["head", "branch", "worktree", "tag"];
/** Never published of its own accord, and kept whatever else there is. */
export const ONLY_KEPT: readonly TipKind[] = ["stash", "unfinished", "nested", "submodule", "unsound"];
const BESIDE_MAX = 20;

/** @param fresh commits with something new, none of which is behind another of them */
export function choose(tips: readonly Tip[], fresh: ReadonlySet<string>, taskBranch: string): Choice {
  const candidates = tips.filter(({ kind, commit }) => PUBLISHED.includes(kind) && fresh.has(commit));
  const found = [...new Set(candidates.map(({ commit }) => commit))];
  const isOf = (commit: string, wanted: (tip: Tip) => boolean): boolean =>
    candidates.some((tip) => tip.commit === commit && wanted(tip));
  const main =
    found.find((commit) =>
      isOf(commit, ({ kind, name }) => kind !== "tag" && kind !== "worktree" && name === taskBranch),
    ) ??
    found.find((commit) => isOf(commit, ({ kind }) => kind === "head")) ??
    (found.length === 1 ? found[0] : undefined);
  const names = new Set<string>();
  const named = (tip: Tip): Candidate => ({ commit: tip.commit, name: unique(slugOf(tip), names) });
  const beside = found
    .filter((commit) => commit !== main)
    .flatMap((commit) => candidates.find((tip) => tip.commit === commit) ?? [])
    .map(named);
  const isKept = ({ kind }: Tip): boolean => ONLY_KEPT.includes(kind) || kind === "other";
  const kept = tips
    .filter((tip) => isKept(tip) && fresh.has(tip.commit) && !found.includes(tip.commit))
    .filter((tip, at, all) => all.findIndex(({ commit }) => commit === tip.commit) === at)
    .map((tip) => ({ ...named(tip), tip }));
  return {
    main: main === undefined ? null : { commit: main, name: "" },
    beside: beside.slice(0, BESIDE_MAX),
    kept: [
      ...kept,
      ...beside.slice(BESIDE_MAX).flatMap((one) => {
        const tip = candidates.find(({ commit }) => commit === one.commit);
        return tip === undefined ? [] : [{ ...one, tip }];
      }),
    ],
  };
}

const SLUG_CHARS_MAX = 40;

function slugOf({ kind, name }: Tip): string {
  const slug = name
    .replace(/^chargehand\//, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, SLUG_CHARS_MAX)
    .replace(/-+$/, "");
  if (slug === "") return kind === "head" ? "detached" : kind;
  return ["unfinished", "nested", "submodule"].includes(kind) ? `${kind}-${slug}` : slug;
}

function unique(slug: string, taken: Set<string>): string {
  let name = slug;
  for (let at = 2; taken.has(name); at++) name = `${slug}-${at}`;
  taken.add(name);
  return name;
}
