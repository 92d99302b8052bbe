/** Repositories below the task's own: submodules that the base declares, and whatever else an agent has begun there. */

import { resolve } from "node:path";
import { headsOf } from "./commits.ts";
import { type Copy, copyRepository } from "./copy.ts";
import { type Exceptions, leaveThere } from "./exceptions.ts";
import { contentOf, entriesIn, isFolder, isReached } from "./files.ts";
import { GitRefused, LONG_CALL_MS, type StepGit } from "./git.ts";
import { commitLeftovers, type Leaving } from "./leftovers.ts";
import { bytesIn } from "./objects.ts";
import type { GatherRequest, Tip, TipKind } from "./report.ts";

/** A larger history is nobody's work of a day: mostly it was fetched from somewhere. */
const HISTORY_BYTES_MAX = 256 * 1_024 * 1_024;
const NESTED_MAX = 100;

export interface Below {
  readonly request: GatherRequest;
  /** A folder for copies. */
  readonly scratch: string;
  readonly env: Readonly<Record<string, string>>;
  readonly exceptions: Exceptions;
}

export interface Histories {
  readonly tips: readonly Tip[];
  /** Stores of the objects that they need. */
  readonly objects: readonly string[];
}

/** What was committed in nested repositories. Commits that their own remotes have are no work of the agent. */
export function nestedHistories(below: Below, paths: readonly string[]): Histories {
  const tips: Tip[] = [];
  const objects: string[] = [];
  for (const [at, path] of paths.entries()) {
    const copied = at < NESTED_MAX ? copyOf(below, `nested-${at}`, path, [], []) : null;
    if (copied === null || copied.own.length === 0) continue;
    const heads = headsOf(copied.commits, copied.own, remotesOf(copied));
    const found = wholeAmong(below, copied.git, path, heads);
    if (found.length > 0) objects.push(`${copied.path}/objects`);
    tips.push(...tipsOf("nested", path, found));
  }
  return { tips, objects };
}

/** What was changed in submodules, committed or not. */
export function submoduleWork(
  below: Below,
  paths: readonly string[],
  common: Pick<Leaving, "identity" | "message" | "fileBytesMax">,
): Histories {
  const { request, exceptions } = below;
  const tips: Tip[] = [];
  const objects: string[] = [];
  for (const [at, path] of paths.entries()) {
    const directory = `${request.directory}/${path}`;
    if (!isFolder(directory) || (entriesIn(directory) ?? []).length === 0) continue;
    const given = request.submodules.find((one) => one.path === path);
    const lent = given === undefined ? [] : [given.objects];
    const wanted = given === undefined ? [] : [given.commit];
    const copied = copyOf(below, `submodule-${at}`, path, lent, wanted);
    const head = copied?.commits.get(copied.refs?.head ?? given?.commit ?? "");
    if (copied === null || head === undefined) {
      leaveThere(exceptions, path, "is a submodule whose commit cannot be read");
      continue;
    }
    const left = commitLeftovers({
      ...{ ...common, git: copied.git, directory, below: `${path}/`, tip: head, exceptions },
      ...{ index: `${copied.path}/index`, declared: () => new Set(), filesOnly: false, apart: new Set() },
    });
    const known = [...wanted, ...remotesOf(copied)];
    const made = left.commit === head.id ? [] : [left.commit];
    const heads = headsOf(copied.commits, copied.own, [...known, ...(made.length > 0 ? [head.id] : [])]);
    const found = wholeAmong(below, copied.git, path, [...made, ...heads]);
    if (found.length > 0) objects.push(`${copied.path}/objects`, ...lent);
    tips.push(...tipsOf("submodule", path, found));
    const nested = nestedHistories(
      { ...below, scratch: copied.path },
      left.nested.map((name) => `${path}/${name}`),
    );
    tips.push(...nested.tips);
    objects.push(...nested.objects);
  }
  return { tips, objects };
}

/** `null` where there is nothing that can be copied. */
function copyOf(
  { request, scratch, env, exceptions }: Below,
  name: string,
  path: string,
  objects: readonly string[],
  wanted: readonly string[],
): Copy | null {
  const directory = `${request.directory}/${path}`;
  const gitDirectory = gitDirectoryOf(request.directory, directory);
  if (gitDirectory !== null && bytesIn(`${gitDirectory}/objects`) > HISTORY_BYTES_MAX) {
    leaveThere(exceptions, `${path}/.git`, "holds a history that is too large to be taken");
    return null;
  }
  const { format } = request;
  const told = exceptions.told;
  return copyRepository({ gitDirectory, path: `${scratch}/${name}`, format, objects, wanted, env, told });
}

const POINTER_BYTES_MAX = 4_096;

/** Where a repository below keeps itself: in its folder or, as git does for submodules, in the one above. */
function gitDirectoryOf(top: string, directory: string): string | null {
  const own = `${directory}/.git`;
  if (isFolder(own)) return own;
  const text = contentOf(own, POINTER_BYTES_MAX)?.toString("latin1") ?? "";
  const pointer = /^gitdir: (.+?)\n?$/.exec(text)?.[1];
  const led = pointer === undefined ? null : resolve(directory, pointer);
  if (led?.startsWith(`${top}/.git/modules/`) !== true) return null;
  return isReached(top, led.slice(top.length + 1)) ? led : null;
}

function remotesOf({ refs }: Copy): readonly string[] {
  const named = refs?.named ?? [];
  return named
    .filter(({ kind, name }) => kind === "other" && name.startsWith("remotes/"))
    .map(({ id }) => id);
}

function tipsOf(kind: TipKind, name: string, commits: readonly string[]): readonly Tip[] {
  return commits.map((commit) => ({ kind, name, commit }));
}

/** Those with everything behind them; that there are others is told. */
function wholeAmong(
  { exceptions }: Below,
  git: StepGit,
  path: string,
  commits: readonly string[],
): readonly string[] {
  const found = wholeOnes(git, commits, []);
  if (found.length < commits.length) leaveThere(exceptions, `${path}/.git`, "has commits that are not whole");
  return found;
}

/** Those of the commits with everything behind them that is not known. */
export function wholeOnes(
  git: StepGit,
  commits: readonly string[],
  known: readonly string[],
): readonly string[] {
  if (commits.length === 0) return [];
  try {
    const input = [...commits, ...known.map((id) => `^${id}`), ""].join("\n");
    git(["rev-list", "--objects", "--quiet", "--stdin"], { input, limitMs: LONG_CALL_MS });
    return commits;
  } catch (error) {
    if (!(error instanceof GitRefused)) throw error;
    if (commits.length === 1) return [];
    const half = commits.length >> 1;
    return [...wholeOnes(git, commits.slice(0, half), known), ...wholeOnes(git, commits.slice(half), known)];
  }
}
