/**
 * What stands on a branch of a remote: looked up in the daemon's own repository, which agents cannot write, and never
 * in a working copy.
 *
 * B1. A file is a regular blob by its path. A link, a submodule or a folder is told and never followed: what it leads to
 *     may be another thing than what people have looked at.
 * B2. It is as large as is asked for; git says so before anything is read.
 */

import { baseRef, commitOf, fetchBase, GitFailed, type OwnRepository } from "./own.ts";
import type { WorkspaceResult } from "./workspace.ts";

/** A branch of a remote. */
export interface Base {
  readonly cloneUrl: string;
  readonly baseBranch: string;
}

export type BaseFile =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "none" }
  /** It is no file that is read: the rest of a sentence that begins with its path. */
  | { readonly kind: "unfit"; readonly reason: string };

export interface BaseRead {
  readonly commit: string;
  readonly file: BaseFile;
}

export interface Bases {
  /** Fetches the branch, and reads a file of it of at most so many bytes. */
  readBase(base: Base, path: string, bytesMax: number): Promise<WorkspaceResult<BaseRead>>;
  /** Whether the remote has the branch; asks nothing but that. */
  hasBranch(base: Base): Promise<WorkspaceResult<boolean>>;
}

/** @throws GitFailed */
export async function readBase(
  own: OwnRepository,
  { baseBranch }: Base,
  path: string,
  bytesMax: number,
): Promise<WorkspaceResult<BaseRead>> {
  const fetched = await fetchBase(own, { baseBranch });
  if (fetched.kind === "failed") return fetched;
  const commit = await commitOf(own, baseRef({ baseBranch }));
  if (commit === null) throw new GitFailed(`branch ${baseBranch} is not in the repository`);
  return { kind: "ok", value: { commit, file: await fileOf(own, commit, path, bytesMax) } };
}

async function fileOf(own: OwnRepository, commit: string, path: string, bytesMax: number): Promise<BaseFile> {
  const entry = await entryOf(own, commit, path);
  if (entry === null) return parentOf(own, commit, path);
  if (!entry.mode.startsWith("100"))
    return { kind: "unfit", reason: `is ${kindOf(entry.mode)}, and no regular file` };
  if (entry.size > bytesMax)
    return { kind: "unfit", reason: `has ${entry.size} bytes, and ${bytesMax} is the most` };
  const read = await own.git.run(own.path, ["cat-file", "blob", entry.id]);
  if (!read.ok) throw new GitFailed(`${path} of ${commit} cannot be read: ${read.said}`);
  return { kind: "text", text: read.stdout };
}

/** Nothing is there: because a folder on the way is none? */
async function parentOf(own: OwnRepository, commit: string, path: string): Promise<BaseFile> {
  const parts = path.split("/");
  for (let at = 1; at < parts.length; at++) {
    const parent = parts.slice(0, at).join("/");
    const entry = await entryOf(own, commit, parent);
    if (entry === null) break;
    if (entry.mode !== TREE)
      return { kind: "unfit", reason: `is not there: ${parent} is ${kindOf(entry.mode)}` };
  }
  return { kind: "none" };
}

const TREE = "040000";

function kindOf(mode: string): string {
  if (mode === TREE) return "a folder";
  if (mode === "120000") return "a symbolic link";
  return mode === "160000" ? "a submodule" : "a file";
}

interface TreeEntry {
  readonly mode: string;
  readonly id: string;
  readonly size: number;
}

/** git-ls-tree(1): `<mode> <type> <object> <size>\t<path>`; paths are taken as they are. */
async function entryOf(own: OwnRepository, commit: string, path: string): Promise<TreeEntry | null> {
  const listed = await own.git.run(own.path, ["ls-tree", "-z", "-l", commit, path]);
  if (!listed.ok) throw new GitFailed(`${commit} cannot be read: ${listed.said}`);
  const [, mode = "", id = "", size = ""] = /^(\d{6}) \w+ ([0-9a-f]+) +(\d+|-)\t/.exec(listed.stdout) ?? [];
  return mode === "" ? null : { mode, id, size: size === "-" ? 0 : Number(size) };
}

export async function hasBranch(own: OwnRepository, { baseBranch }: Base): Promise<WorkspaceResult<boolean>> {
  const ref = `refs/heads/${baseBranch}`;
  const limitMs = ASK_MS;
  const told = await own.git.ask(own.path, own.url, (address) => ["ls-remote", "--", address, ref], limitMs);
  if (!told.ok)
    return { kind: "failed", reason: `the remote cannot be asked for branch ${baseBranch}: ${told.said}` };
  return { kind: "ok", value: told.stdout.split("\n").some((line) => line.endsWith(`\t${ref}`)) };
}

/** Somebody waits for the answer. */
const ASK_MS = 20_000;
