/**
 * The daemon's own repository of a project's remote: bare, and written by the daemon alone. Agents borrow its objects.
 *
 * Branches of the remote stand under `refs/remotes/origin/`, so that fetching never collides with the task branches
 * under `refs/heads/`; what agents made under `refs/chargehand/`.
 */

import type { Files } from "../../system/files.ts";
import { type Git, withoutCredentials } from "./git.ts";
import type { WorkspaceResult, WorkspaceSpec } from "./workspace.ts";

export interface OwnRepository {
  readonly git: Git;
  readonly files: Files;
  /** Where it is. */
  readonly path: string;
  readonly url: string;
}

const CONFIG_BYTES_MAX = 65_536;

export async function formatOf({ files, path }: OwnRepository): Promise<"sha1" | "sha256"> {
  const config = await files.read("mirror", `${path}/config`, CONFIG_BYTES_MAX);
  return /^\s*objectformat\s*=\s*sha256\s*$/im.test(config ?? "") ? "sha256" : "sha1";
}

/** Makes it where it is missing. Its configuration is written anew each time: older versions let agents reach it. */
export async function ensure(own: OwnRepository, format?: "sha256"): Promise<void> {
  const { files, path } = own;
  const isSha256 = (format ?? (await formatOf(own))) === "sha256";
  for (const folder of ["objects/info", "objects/pack", "refs/heads"])
    await files.makeDirectory("mirror", `${path}/${folder}`);
  if (!(await files.exists("mirror", `${path}/HEAD`)))
    await files.write("mirror", `${path}/HEAD`, "ref: refs/heads/nothing\n");
  for (const stray of ["hooks", "info/attributes", "objects/info/alternates", "commondir", "config.worktree"])
    await files.remove("mirror", `${path}/${stray}`);
  const extension = isSha256 ? "[extensions]\n\tobjectformat = sha256\n" : "";
  const text = `[core]\n\trepositoryformatversion = ${isSha256 ? 1 : 0}\n\tbare = true\n[gc]\n\tauto = 0\n${extension}`;
  if ((await files.read("mirror", `${path}/config`, CONFIG_BYTES_MAX)) !== text)
    await files.write("mirror", `${path}/config`, text);
}

export function baseRef({ baseBranch }: Pick<WorkspaceSpec, "baseBranch">): string {
  return `refs/remotes/origin/${baseBranch}`;
}

/** What is fetched: a branch, and those of a task. */
type Wanted = Pick<WorkspaceSpec, "baseBranch"> & Partial<Pick<WorkspaceSpec, "task" | "branch">>;

/** Fetches today's base branch and the branches of the task. */
export async function fetchBase(own: OwnRepository, spec: Wanted): Promise<WorkspaceResult<null>> {
  const { git, path, url } = own;
  await ensure(own);
  // Of a fetch that was killed: fetches are serialized, so that nobody holds it now.
  await own.files.remove("mirror", `${path}/${baseRef(spec)}.lock`);
  const bring = () => git.ask(path, url, (address) => fetchCommand(spec, address));
  let fetched = await bring();
  if (!fetched.ok && /mismatched algorithms/.test(fetched.said)) {
    await ensure(own, "sha256");
    fetched = await bring();
  }
  if (
    !fetched.ok &&
    /cannot lock ref|could not be updated|unable to update local ref|File exists|bad object refs/.test(
      fetched.said,
    )
  ) {
    await clearWay(own, spec);
    fetched = await bring();
  }
  if (fetched.ok) return { kind: "ok", value: null };
  const where = withoutCredentials(url);
  return {
    kind: "failed",
    reason: `git fetch of branch ${spec.baseBranch} from ${where} failed: ${fetched.said}`,
  };
}

function fetchCommand(spec: Wanted, address: string): readonly string[] {
  const { task, branch = null } = spec;
  const own = task === undefined ? [] : [`chargehand/${task}*`];
  // One that goes on with the branch of another task.
  const others = branch === null || branch.startsWith(`chargehand/${task}`) ? [] : [`${branch}*`];
  return [
    ...["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--prune", "--", address],
    `+refs/heads/${spec.baseBranch}:${baseRef(spec)}`,
    ...[...own, ...others].map((name) => `+refs/heads/${name}:refs/remotes/origin/${name}`),
  ];
}

/** A branch whose name has become a folder, or the other way round, and locks of a git that was killed. */
async function clearWay({ files, path }: OwnRepository, spec: Wanted): Promise<void> {
  await files.remove("mirror", `${path}/packed-refs.lock`);
  const parts = spec.baseBranch.split("/");
  for (let at = 1; at <= parts.length; at++)
    await files.remove("mirror", `${path}/refs/remotes/origin/${parts.slice(0, at).join("/")}`);
}

/** The commit of a name, or `null`. */
export async function commitOf(own: OwnRepository, name: string): Promise<string | null> {
  const read = await readRef(own, name);
  if (read !== undefined) return read;
  const words = ["rev-parse", "--quiet", "--verify", "--end-of-options", `${name}^{commit}`];
  const found = await own.git.run(own.path, words);
  return found.ok ? found.stdout.trim() : null;
}

const REF_BYTES_MAX = 1_024;

/**
 * A ref as git keeps it (gitrepository-layout(5)): a file of its own, unless it was packed. Reading it saves a process,
 * of which one publish would start a dozen for nothing else.
 *
 * @returns `null` when there is none; `undefined` when only git can tell
 */
async function readRef({ files, path }: OwnRepository, name: string): Promise<string | null | undefined> {
  if (!/^refs\/[\w./-]+$/.test(name) || /\.\.|\.lock$/.test(name)) return undefined;
  try {
    const text = await files.read("mirror", `${path}/${name}`, REF_BYTES_MAX);
    if (text === null) return (await files.exists("mirror", `${path}/packed-refs`)) ? undefined : null;
    return /^([0-9a-f]{40}|[0-9a-f]{64})\n$/.exec(text)?.[1];
  } catch {
    // A folder stands there, say.
    return undefined;
  }
}

export async function isAncestor(
  { git, path }: OwnRepository,
  ancestor: string,
  commit: string,
): Promise<boolean> {
  if (ancestor === commit) return true;
  return (await git.run(path, ["merge-base", "--is-ancestor", ancestor, commit])).ok;
}

/** Paths that `commit` changes against where it left `base`. */
export async function changedPaths(
  { git, path }: OwnRepository,
  base: string,
  commit: string,
): Promise<readonly string[]> {
  const words = ["-r", "-z", "--name-only"];
  const changed = await git.run(path, ["diff-tree", ...words, "--no-renames", "--merge-base", base, commit]);
  // An orphan has left from nowhere: all that it holds is new.
  const listed = changed.ok ? changed : await git.run(path, ["ls-tree", ...words, commit]);
  if (!listed.ok) throw new GitFailed(`what ${commit} changes cannot be read: ${listed.said}`);
  return listed.stdout.split("\0").filter((name) => name !== "");
}

/** A path at which two trees differ. */
export interface Difference {
  readonly path: string;
  /** What stands there in the second one: mode and object, all zeros for nothing. */
  readonly becomes: string;
}

/** Everything by which a tree differs from another, name by name: what was renamed is gone here and new there. */
export async function differences(
  { git, path }: OwnRepository,
  from: string,
  to: string,
): Promise<readonly Difference[]> {
  const found = await git.run(path, [...RAW, from, to]);
  if (!found.ok) throw new GitFailed(`what ${to} changes cannot be read: ${found.said}`);
  return readRaw(found.stdout);
}

/** The same against where `commit` left `base`; where that is no single commit, against the base itself. */
export async function differencesSince(
  own: OwnRepository,
  base: string,
  commit: string,
): Promise<readonly Difference[]> {
  const found = await own.git.run(own.path, [...RAW, "--merge-base", base, commit]);
  return found.ok ? readRaw(found.stdout) : differences(own, base, commit);
}

const RAW: readonly string[] = ["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev"];

/** git-diff(1), *Raw output*: `:<mode> <mode> <object> <object> <letter>`, then the path. */
function readRaw(text: string): readonly Difference[] {
  const parts = text.split("\0");
  return parts.flatMap((part, at): readonly Difference[] => {
    if (at % 2 === 1 || part === "") return [];
    const [, mode, , object] = part.split(" ");
    return [{ path: parts[at + 1] ?? "", becomes: `${mode} ${object}` }];
  });
}

/** Moves refs of the daemon's own; all or none. */
export async function setRefs(
  { git, path }: OwnRepository,
  refs: readonly { readonly ref: string; readonly commit: string }[],
): Promise<void> {
  if (refs.length === 0) return;
  const input = refs.map(({ ref, commit }) => `update ${ref} ${commit}\n`).join("");
  const done = await git.run(path, ["update-ref", "--stdin"], { input });
  if (!done.ok) throw new GitFailed(`refs could not be written: ${done.said}`);
}

/** What git could not do; its message is told. */
export class GitFailed extends Error {}
