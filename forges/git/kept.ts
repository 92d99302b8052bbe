/** Work that was not published: it waits under a ref of its own in the daemon's repository, for a person's word. */

import type { Site } from "./folder.ts";
import type { GitResult } from "./git.ts";
import { baseRef, changedPaths, type OwnRepository } from "./own.ts";
import {
  type KeptWork,
  type PublishedBranch,
  SHOWN_MAX,
  type ShownWork,
  type WorkspaceResult,
  type WorkspaceSpec,
} from "./workspace.ts";

/** Where a task's kept work stands. */
export function keptRefs(task: string): string {
  return `refs/chargehand/kept/${task}`;
}

/** The refs of the task's kept work that is part of this commit. Where git cannot say, none: it only stays listed. */
export async function keptWithin(
  own: OwnRepository,
  task: string,
  commit: string,
): Promise<readonly string[]> {
  const asked = ["for-each-ref", `--merged=${commit}`, "--format=%(refname)", `${keptRefs(task)}/`];
  const found = await own.git.run(own.path, asked);
  return found.ok ? found.stdout.split("\n").filter((ref) => ref !== "") : [];
}

export async function publishKept(
  { own, spec }: Site,
  { ref, branch }: Pick<KeptWork, "ref" | "branch">,
): Promise<WorkspaceResult<PublishedBranch>> {
  const found = await commitOf(own, spec, ref);
  if (found.kind === "failed") return found;
  const commit = found.value;
  const where = `${commit}:refs/heads/${branch}`;
  const pushed = await own.git.ask(own.path, own.url, (address) => [
    ...["push", "--quiet", "--no-verify", "--", address, where],
  ]);
  if (!pushed.ok) return failed(`git push of ${branch} for ${spec.task} failed: ${pushed.said}`);
  const files = (await changedPaths(own, baseRef(spec), commit)).length;
  return { kind: "ok", value: { branch, commit, files } };
}

export async function dropKept({ own, spec }: Site, ref: string): Promise<WorkspaceResult<null>> {
  const found = await commitOf(own, spec, ref);
  if (found.kind === "failed") return isOf(spec, ref) ? { kind: "ok", value: null } : found;
  const dropped = await own.git.run(own.path, ["update-ref", "-d", ref]);
  return dropped.ok ? { kind: "ok", value: null } : failed(`${ref} cannot be dropped: ${dropped.said}`);
}

export async function showKept({ own, spec }: Site, ref: string): Promise<WorkspaceResult<ShownWork>> {
  const found = await commitOf(own, spec, ref);
  if (found.kind === "failed") return found;
  const commit = found.value;
  const base = baseRef(spec);
  const log = await own.git.run(own.path, [
    ...["log", "--format=%h %s", `--max-count=${SHOWN_MAX + 1}`, "--no-show-signature"],
    ...[commit, "--not", base],
  ]);
  if (!log.ok) return failed(`the commits of ${ref} cannot be read: ${log.said}`);
  const diff = await own.git.run(own.path, [
    ...["diff", "--name-status", "--no-renames", "--no-ext-diff", "-z", `${base}...${commit}`],
  ]);
  // Of what has nothing in common with the base all is new.
  const all = diff.ok ? diff : await own.git.run(own.path, ["ls-tree", "-r", "-z", "--name-only", commit]);
  if (!all.ok) return failed(`the files of ${ref} cannot be read: ${all.said}`);
  const words = parts(all, "\0");
  const paths = diff.ok
    ? words.flatMap((word, at) => (at % 2 === 0 ? [`${word} ${words[at + 1] ?? ""}`] : []))
    : words.map((path) => `A ${path}`);
  const commits = parts(log, "\n");
  return {
    kind: "ok",
    value: {
      commits: commits.slice(0, SHOWN_MAX),
      paths: paths.slice(0, SHOWN_MAX),
      isCut: commits.length > SHOWN_MAX || paths.length > SHOWN_MAX,
    },
  };
}

function isOf(spec: WorkspaceSpec, ref: string): boolean {
  const name = ref.startsWith(`${keptRefs(spec.task)}/`) ? ref.slice(keptRefs(spec.task).length + 1) : "";
  return /^[a-z0-9][a-z0-9-]*$/.test(name);
}

/** A ref is told from outside: only kept work of this very task is touched. */
async function commitOf(
  own: OwnRepository,
  spec: WorkspaceSpec,
  ref: string,
): Promise<WorkspaceResult<string>> {
  if (!isOf(spec, ref)) return failed(`${JSON.stringify(ref)} is no kept work of ${spec.task}`);
  const found = await own.git.run(own.path, ["rev-parse", "--quiet", "--verify", `${ref}^{commit}`]);
  return found.ok
    ? { kind: "ok", value: found.stdout.trim() }
    : failed(`there is no kept work ${ref} in the repository of ${spec.task}`);
}

function parts(result: Extract<GitResult, { ok: true }>, by: string): readonly string[] {
  return result.stdout.split(by).filter((part) => part !== "");
}

function failed(reason: string): { readonly kind: "failed"; readonly reason: string } {
  return { kind: "failed", reason };
}
