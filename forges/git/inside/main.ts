/**
 * The step inside the walls: a program of its own, which reads what an agent left and answers with a report and a pack
 * of new objects. It has no credentials, and runs git only with a repository that it made itself.
 */

import { closeSync, copyFileSync, openSync, readFileSync, writeSync } from "node:fs";
import { contentOf, isFolder } from "./files.ts";
import { GitRefused, LONG_CALL_MS, neutral, type StepGit, stepGit } from "./git.ts";
import { commitLeftovers, worktreesBelow } from "./leftovers.ts";
import { commitsAmong, copyObjects, makeRepository, repositoryIn } from "./objects.ts";
import { type AgentRefs, type Named, readRefs } from "./refs.ts";
import { type GatherReport, type GatherRequest, PACK_FILE, type Tip } from "./report.ts";

/** Of commits that nothing names any more so many are kept. */
const DROPPED_MAX = 500;

type Commits = ReturnType<typeof commitsAmong>;

function gather(request: GatherRequest, git: StepGit): GatherReport {
  const told: string[] = [];
  makeRepository(request);
  const refs = request.filesOnly ? null : readRefs(request.directory);
  if (refs === null && !request.filesOnly)
    told.push("the agent left no repository behind, so that its files are taken as they are");
  const single =
    refs === null ? [] : copyObjects(git, `${request.directory}/.git/objects`, request.scratch, told);
  const named: readonly Named[] = [
    ...(refs?.named ?? []),
    ...[...(refs?.worktrees ?? [])].map(([name, id]) => ({ kind: "worktree", name, id }) as const),
  ];
  const start = { kind: "head", name: "", id: request.start } as const;
  const dropped = [...new Set([...(refs?.logged ?? []), ...single])].map(
    (id) => ({ kind: "dropped", name: "", id }) as const,
  );
  const head = refs?.head ?? null;
  const commits = whole(git, request, [
    start,
    ...(head === null ? [] : [{ ...start, id: head }]),
    ...named,
    ...dropped,
  ]);
  if (head !== null && !commits.has(head))
    told.push("the commit of HEAD cannot be read, so that its files are taken as they are");
  const tips: Tip[] = named.flatMap(({ kind, name, id }) => {
    const commit = commits.get(id)?.commit;
    if (commit !== undefined) return [{ kind, name, commit }];
    told.push(`${kind} ${name} names a commit that cannot be read`);
    return [];
  });
  tips.push(...leave(request, git, { refs, commits, told }));
  const seen = new Set(tips.map(({ commit }) => commit));
  for (const { id } of dropped.slice(-DROPPED_MAX)) {
    const commit = commits.get(id)?.commit;
    if (commit === undefined || seen.has(commit)) continue;
    seen.add(commit);
    tips.push({ kind: "dropped", name: "", commit });
  }
  const hasPack = pack(request, git, [...seen]);
  return { tips, headBranch: refs?.headBranch ?? null, hasPack, told };
}

/** Those of the named that are commits with everything behind them. */
function whole(git: StepGit, { known, start }: GatherRequest, named: readonly Named[]): Commits {
  const commits = commitsAmong(git, [...new Set(named.map(({ id }) => id))]);
  const isWhole = (ids: readonly string[]): boolean => {
    try {
      const input = [...ids, ...without({ start, known }), ""].join("\n");
      git(["rev-list", "--objects", "--quiet", "--stdin"], { input, limitMs: LONG_CALL_MS });
      return true;
    } catch (error) {
      if (error instanceof GitRefused) return false;
      throw error;
    }
  };
  if (isWhole([...commits.values()].map(({ commit }) => commit))) return commits;
  return new Map([...commits].filter(([, { commit }]) => isWhole([commit])));
}

/** What the daemon's repository has. */
function without({ start, known }: Pick<GatherRequest, "start" | "known">): readonly string[] {
  return [start, ...known].map((commit) => `^${commit}`);
}

interface Found {
  readonly refs: AgentRefs | null;
  readonly commits: Commits;
  readonly told: string[];
}

/** HEAD of the folder and of each worktree in it, with what was not committed there on top. */
function leave(request: GatherRequest, git: StepGit, { refs, commits, told }: Found): readonly Tip[] {
  const { directory, scratch } = request;
  const start = commits.get(request.start);
  if (start === undefined)
    throw new Error(`the commit that the agent began from is missing: ${request.start}`);
  const below = refs === null ? new Map<string, string>() : worktreesBelow(directory);
  const submodules = linksOf(git, request.start);
  const { identity, message, fileBytesMax, filesOnly } = request;
  const common = { git, submodules, identity, message, fileBytesMax, filesOnly, told };
  const tip = commits.get(refs?.head ?? "") ?? start;
  const index = `${scratch}/index`;
  if (request.index !== null) copyFileSync(request.index, index);
  const head = commitLeftovers({ ...common, directory, index, tip, apart: new Set(below.keys()) });
  const tips: Tip[] = [];
  const unfinished = refs?.unfinished ?? null;
  if (unfinished === null) tips.push({ kind: "head", name: refs?.headBranch ?? "", commit: head });
  else tips.push({ kind: "unfinished", name: unfinished, commit: head });
  for (const [path, name] of below) {
    const at = commits.get(refs?.worktrees.get(name) ?? "");
    if (at === undefined || !isFolder(`${directory}/${path}`)) continue;
    const index = `${scratch}/index-${tips.length}`;
    const commit = commitLeftovers({
      ...common,
      directory: `${directory}/${path}`,
      index,
      tip: at,
      apart: new Set(),
    });
    tips.push({ kind: "worktree", name, commit });
  }
  return tips;
}

/** Paths of the links to other repositories that a commit has. */
function linksOf(git: StepGit, commit: string): ReadonlySet<string> {
  const lines = git(["ls-tree", "-r", "-z", commit]).split("\0");
  return new Set(
    lines.filter((line) => line.startsWith("160000 ")).map((line) => line.slice(line.indexOf("\t") + 1)),
  );
}

/** Writes what the daemon's repository does not have. */
function pack({ scratch, ...there }: GatherRequest, git: StepGit, commits: readonly string[]): boolean {
  const path = `${scratch}/${PACK_FILE}`;
  const output = openSync(path, "wx", 0o600);
  try {
    const input = [...commits, ...without(there), ""].join("\n");
    git(["pack-objects", "--revs", "--stdout", "-q", "--delta-base-offset", "--threads=1"], {
      ...{ input, output, limitMs: LONG_CALL_MS },
    });
  } finally {
    closeSync(output);
  }
  // The number of objects stands in the header.
  return (contentOf(path, Number.POSITIVE_INFINITY, 12)?.readUInt32BE(8) ?? 0) > 0;
}

const request: GatherRequest = JSON.parse(readFileSync(0, "utf8"));
const report = gather(
  request,
  stepGit(repositoryIn(request.scratch), neutral(request.path, request.scratch)),
);
writeSync(1, `${JSON.stringify(report)}\n`);
