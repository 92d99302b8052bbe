/** All that an agent made, as tips: commits wherever they are named or not, with what it did not commit on top. */

import { copyFileSync, statSync, utimesSync } from "node:fs";
import { type Commits, headsOf } from "./commits.ts";
import { type Copy, copyRepository } from "./copy.ts";
import type { Exceptions } from "./exceptions.ts";
import type { StepGit } from "./git.ts";
import { commitLeftovers, type Leftovers } from "./leftovers.ts";
import { nestedHistories, submoduleWork, wholeOnes } from "./nested.ts";
import type { AgentRefs } from "./refs.ts";
import type { GatherRequest, Tip } from "./report.ts";
import { worktreesBelow } from "./worktrees.ts";

/** `careful`: of commits only those count that are whole. `files`: none count. */
export type Care = "quick" | "careful" | "files";

export interface Work {
  readonly copy: Copy;
  readonly tips: readonly Tip[];
  readonly headBranch: string | null;
  readonly exceptions: Exceptions;
  /** Stores of objects that the tips need beside the copy's own. */
  readonly lent: readonly string[];
}

/** So many tips stand for themselves; more of them stand behind one. */
const TIPS_MAX = 500;

/** @param request its `scratch` is for this try alone */
export function takeWork(request: GatherRequest, care: Care, env: Readonly<Record<string, string>>): Work {
  const { directory, scratch, format, start } = request;
  const exceptions: Exceptions = { told: [], left: [] };
  const copy = copyRepository({
    ...{
      gitDirectory: care === "files" ? null : `${directory}/.git`,
      path: `${scratch}/repository`,
      format,
      env,
    },
    ...{ objects: [request.objects], wanted: [start], told: exceptions.told },
  });
  const { git, refs } = copy;
  if (refs === null && care !== "files")
    exceptions.told.push("the agent left no repository behind, so that its files are taken as they are");
  const commits = care === "careful" ? wholeAmong(copy, request) : copy.commits;
  const named = namedTips(commits, refs, request, exceptions);
  const left = leave({ ...request, filesOnly: request.filesOnly || care === "files" }, git, {
    refs,
    commits,
    exceptions,
  });
  const below = { request, scratch, env, exceptions };
  const { identity, message, fileBytesMax } = request;
  const submodules = submoduleWork(below, left.linked, { identity, message, fileBytesMax });
  const nested = care === "files" ? { tips: [], objects: [] } : nestedHistories(below, left.nested);
  const known = [start, ...request.known, ...named.map(({ commit }) => commit), ...left.tops];
  const dropped = headsOf(
    commits,
    copy.own.flatMap((id) => commits.get(id)?.id ?? []),
    known,
  ).map((commit) => ({ kind: "dropped", name: "", commit }) as const);
  const tips = [...named, ...left.tips, ...submodules.tips, ...nested.tips];
  return {
    ...{ copy, headBranch: refs?.headBranch ?? null, exceptions },
    lent: [...submodules.objects, ...nested.objects],
    tips: [
      ...bundled(git, tips, { kind: "other", name: "many" }, request),
      ...bundled(git, dropped, { kind: "dropped", name: "" }, request),
    ],
  };
}

/** Those of the commits with everything behind them. */
function wholeAmong({ git, commits }: Copy, { start, known }: GatherRequest): Commits {
  const ids = [...new Set([...commits.values()].map(({ id }) => id))];
  const whole = new Set(wholeOnes(git, ids, [start, ...known]));
  return new Map([...commits].filter(([, { id }]) => whole.has(id)));
}

function namedTips(
  commits: Commits,
  refs: AgentRefs | null,
  { start, known }: GatherRequest,
  { told }: Exceptions,
): readonly Tip[] {
  if (refs === null) return [];
  if (refs.head !== null && !commits.has(refs.head))
    told.push("the commit of HEAD cannot be read, so that its files are taken as they are");
  const worktrees = [...refs.worktrees].map(([name, { id }]) => ({ kind: "worktree", name, id }) as const);
  return [...refs.named, ...worktrees].flatMap(({ kind, name, id }) => {
    const commit = commits.get(id)?.id;
    if (commit === undefined) told.push(`${kind} ${name} names a commit that cannot be read`);
    return commit === undefined || commit === start || known.includes(commit) ? [] : [{ kind, name, commit }];
  });
}

interface Found {
  readonly refs: AgentRefs | null;
  readonly commits: Commits;
  readonly exceptions: Exceptions;
}

interface Left extends Omit<Leftovers, "commit"> {
  readonly tips: readonly Tip[];
  /** Commits on which they stand. */
  readonly tops: readonly string[];
}

/** HEAD of the folder and of each worktree in it, with what was not committed there on top. */
function leave(request: GatherRequest, git: StepGit, { refs, commits, exceptions }: Found): Left {
  const { directory, scratch, identity, message, fileBytesMax, filesOnly } = request;
  const start = commits.get(request.start);
  if (start === undefined)
    throw new Error(`the commit that the agent began from is missing: ${request.start}`);
  const declared = (): ReadonlySet<string> => linksOf(git, request.start);
  const common = { git, identity, message, fileBytesMax, filesOnly, exceptions, declared };
  // One whose commit cannot be read is a folder like others.
  const worktrees = [...(refs === null ? [] : worktreesBelow(directory))].flatMap(([path, name]) => {
    const worktree = refs?.worktrees.get(name);
    const tip = commits.get(worktree?.id ?? "");
    return tip === undefined ? [] : [{ path, name, tip, unfinished: worktree?.unfinished ?? null }];
  });
  const apart = new Set([...worktrees.map(({ path }) => path), ...request.excluded]);
  const tip = commits.get(refs?.head ?? "") ?? start;
  const index = `${scratch}/index`;
  if (request.index !== null) copyIndex(request.index, index);
  const indexed = request.start;
  const left = commitLeftovers({ ...common, directory, below: "", index, indexed, tip, apart });
  const unfinished = refs?.unfinished ?? null;
  const kind = unfinished === null ? "head" : "unfinished";
  const tips: Tip[] = [{ kind, name: unfinished ?? refs?.headBranch ?? "", commit: left.commit }];
  const nested = [...left.nested];
  for (const { path, name, tip, unfinished } of worktrees) {
    const place = {
      directory: `${directory}/${path}`,
      below: `${path}/`,
      index: `${scratch}/index-${tips.length}`,
    };
    const there = commitLeftovers({ ...common, ...place, tip, apart: new Set(request.excluded) });
    const { commit } = there;
    if (unfinished === null) tips.push({ kind: "worktree", name, commit });
    else tips.push({ kind: "unfinished", name: `${unfinished} in ${name}`, commit });
    nested.push(...there.nested.map((folder) => `${path}/${folder}`));
  }
  return {
    tips,
    tops: [tip, ...worktrees.map(({ tip }) => tip)].map(({ id }) => id),
    nested,
    linked: left.linked,
  };
}

/**
 * With its time: git reads a file anew whose entry is no older than its index, because it may have changed in that same
 * second without getting longer. A copy that is younger would hide such a change.
 */
function copyIndex(from: string, to: string): void {
  copyFileSync(from, to);
  const { atime, mtime } = statSync(from);
  utimesSync(to, atime, mtime);
}

/** Paths of the links to other repositories that a commit has. */
function linksOf(git: StepGit, commit: string): ReadonlySet<string> {
  const lines = git(["ls-tree", "-r", "-z", commit]).split("\0");
  const links = lines.filter((line) => line.startsWith("160000 "));
  return new Set(links.map((line) => line.slice(line.indexOf("\t") + 1)));
}

/** Where there are too many, the rest stands behind one commit of no files. */
function bundled(
  git: StepGit,
  tips: readonly Tip[],
  more: Omit<Tip, "commit">,
  { identity }: GatherRequest,
): readonly Tip[] {
  if (tips.length <= TIPS_MAX) return tips;
  const rest = [...new Set(tips.slice(TIPS_MAX).map(({ commit }) => commit))];
  const tree = git(["mktree"]).trim();
  const who = `${identity.name.replace(/[<>\n]/g, " ")} <${identity.email.replace(/[<>\s]/g, "")}> 0 +0000`;
  const parents = rest.map((commit) => `parent ${commit}\n`).join("");
  const text = `tree ${tree}\n${parents}author ${who}\ncommitter ${who}\n\nFurther commits of the agent\n`;
  const commit = git(["hash-object", "-t", "commit", "-w", "--stdin"], {
    input: Buffer.from(text, "utf8").toString("latin1"),
  }).trim();
  return [...tips.slice(0, TIPS_MAX), { ...more, commit }];
}
