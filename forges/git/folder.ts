/**
 * The repository of its own that a task's agent works in: made by the daemon, and never again touched by a git outside
 * the walls once an agent was there. It borrows the objects of the daemon's repository, and has no remote.
 */

import { dirname } from "node:path";
import type { Commands } from "../../system/commands.ts";
import type { Files } from "../../system/files.ts";
import type { Turns } from "../../system/turns.ts";
import { GIT_COMMAND_MS } from "../../workflow/limits.ts";
import { neutralEnvironment, withoutCredentials } from "./git.ts";
import { baseRef, commitOf, formatOf, GitFailed, type OwnRepository } from "./own.ts";
import type { StepProgram } from "./program.ts";
import type { Inside } from "./step.ts";
import type { WorkspaceSpec } from "./workspace.ts";

/** All that is known of one task's place. */
export interface Site {
  readonly spec: WorkspaceSpec;
  readonly own: OwnRepository;
  readonly files: Files;
  readonly commands: Commands;
  readonly inside: Inside;
  readonly program: () => Promise<StepProgram>;
  readonly path: string | undefined;
  readonly identity: { readonly name: string; readonly email: string };
  readonly directory: string;
  /** What the daemon alone knows of the folder. */
  readonly desk: string;
  /** Says that the folder was made completely, and from where. */
  readonly ready: string;
  readonly branch: string;
  /** Where folders go that hold what could not be taken. */
  readonly leftDirectory: string;
  /** Of repositories, by their paths. */
  readonly turns: Turns;
  /** The daemon's own repository of another address; with what the daemon would say there, or without. */
  repositoryAt(url: string, isTrusted: boolean): OwnRepository;
}

/** Where an agent began. */
export interface Origin {
  readonly start: string;
  readonly base: string;
}

const READY_BYTES_MAX = 4_096;

/** `null` where the folder was not made completely; of an older version nothing is known but that it was. */
export async function originOf(site: Site): Promise<Origin | "unknown" | null> {
  const { files, ready, directory } = site;
  const text = await files.read("worktree", ready, READY_BYTES_MAX);
  if (text === null || !(await files.exists("worktree", directory))) return null;
  const [, start, base] = /^start ([0-9a-f]+)\nbase ([0-9a-f]+)\n$/.exec(text) ?? [];
  return start === undefined || base === undefined ? "unknown" : { start, base };
}

/**
 * Makes the folder anew, but for the mark that it is complete. Whatever is there has been gathered before, or was never
 * made completely.
 */
export async function makeFolder(site: Site, start: string): Promise<void> {
  const { files, own, spec, directory, desk, branch } = site;
  await clearFolder(site);
  const base = await commitOf(own, baseRef(spec));
  if (base === null)
    throw new GitFailed(`branch ${spec.baseBranch} is not in the repository of ${spec.task}`);
  await layRepository(site, `${directory}/.git`, `ref: refs/heads/${branch}`, [
    [`refs/heads/${branch}`, start],
    [`refs/remotes/origin/${spec.baseBranch}`, base],
  ]);
  await files.makeDirectory("worktree", desk);
  await confined(site, {
    read: [own.path],
    write: [directory, desk],
    script: `git read-tree -m -u "$1" && cp -p .git/index "$2"`,
    words: [start, `${desk}/index`],
  });
}

export async function markReady({ files, own, spec, ready }: Site, start: string): Promise<void> {
  const base = await commitOf(own, baseRef(spec));
  await files.write("worktree", ready, `start ${start}\nbase ${base ?? start}\n`);
}

/** A repository with these refs and nothing else, at `place`. */
export async function layRepository(
  site: Site,
  place: string,
  head: string,
  refs: readonly (readonly [ref: string, commit: string])[],
): Promise<void> {
  const { files, own, identity, spec } = site;
  for (const folder of ["objects/info", "objects/pack", "refs/heads", "refs/tags", "info"])
    await files.makeDirectory("worktree", `${place}/${folder}`);
  const isSha256 = (await formatOf(own)) === "sha256";
  const config = [
    `[core]\n\trepositoryformatversion = ${isSha256 ? 1 : 0}\n\tfilemode = true\n\tbare = false\n`,
    "\tlogallrefupdates = true\n",
    isSha256 ? "[extensions]\n\tobjectformat = sha256\n" : "",
    `[user]\n\tname = ${quoted(identity.name)}\n\temail = ${quoted(identity.email)}\n`,
    // A key of the operator is none of the agent's.
    "[commit]\n\tgpgsign = false\n[tag]\n\tgpgsign = false\n[advice]\n\tdetachedHead = false\n",
  ].join("");
  await files.write("worktree", `${place}/config`, config);
  const excluded = (spec.leaveOut ?? []).map((path) => `/${path}\n`).join("");
  await files.write("worktree", `${place}/info/exclude`, excluded);
  await files.write("worktree", `${place}/HEAD`, `${head}\n`);
  await files.write("worktree", `${place}/objects/info/alternates`, `${own.path}/objects\n`);
  for (const [ref, commit] of refs) {
    await files.makeDirectory("worktree", dirname(`${place}/${ref}`));
    await files.write("worktree", `${place}/${ref}`, `${commit}\n`);
  }
}

function quoted(text: string): string {
  const plain = [...text].filter((char) => char >= " ").join("");
  return `"${plain.replace(/["\\]/g, (char) => `\\${char}`)}"`;
}

interface Confined {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly script: string;
  readonly words: readonly string[];
}

export async function confined(site: Site, { read, write, script, words }: Confined): Promise<void> {
  const { commands, inside, path, directory, spec } = site;
  const argv = [...inside({ read, write }), "/bin/sh", "-c", script, "chargehand", ...words];
  const env = {
    ...neutralEnvironment(path),
    HOME: directory,
    GIT_DIR: `${directory}/.git`,
    GIT_WORK_TREE: directory,
  };
  const result = await commands.run("git", { argv, cwd: directory, env, timeoutMs: GIT_COMMAND_MS });
  if (result.kind === "exited" && result.code === 0) return;
  const said =
    result.kind === "failed" ? result.reason : withoutCredentials(result.stderr.trim().slice(-500));
  throw new GitFailed(`the folder of ${spec.task} cannot be made: ${said}`);
}

/** Takes away the folder and what is known of it. */
export async function clearFolder(site: Site): Promise<void> {
  const { files, ready, directory, desk } = site;
  await files.remove("worktree", ready);
  await removeTree(site, directory);
  await files.remove("worktree", desk);
}

/** Removes a folder that an agent wrote, also where it has made folders read-only. */
export async function removeTree({ files, commands, path }: Site, folder: string): Promise<void> {
  try {
    await files.remove("worktree", folder);
  } catch {
    // No link is followed: `find` changes folders only, and what it does not own says so below.
    const argv = [
      "find",
      folder,
      ...["-type", "d", "!", "-perm", "-700"],
      ...["-exec", "chmod", "u+rwx", "{}", ";"],
    ];
    const env = neutralEnvironment(path);
    await commands.run("git", { argv, cwd: dirname(folder), env, timeoutMs: GIT_COMMAND_MS });
    await files.remove("worktree", folder);
  }
}

/** Takes away locks of a git that was killed with its agent: git never breaks them itself. Nobody works there now. */
export async function breakLocks(site: Site): Promise<void> {
  const { directory } = site;
  await confined(site, {
    ...{ read: [], write: [directory] },
    script: `[ -d .git ] && [ ! -L .git ] && rm -f .git/index.lock .git/HEAD.lock .git/config.lock
[ -d .git/refs ] && [ ! -L .git/refs ] && find .git/refs -type f -name '*.lock' -exec rm -f {} +
exit 0`,
    words: [],
  });
}

const POINTER_BYTES_MAX = 4_096;
/** What a worktree of an older version has in its git directory, of what the agent is in the middle of. */
const STATE =
  "index MERGE_HEAD MERGE_MSG MERGE_MODE CHERRY_PICK_HEAD REVERT_HEAD ORIG_HEAD rebase-merge rebase-apply";

/**
 * Gives a worktree of the shared repository, as older versions made them, a repository of its own. Its files and its
 * state stay as they are; its branch, HEAD and index come along. Nobody works there while this is done.
 */
export async function migrate(site: Site): Promise<void> {
  const { files, own, spec, directory, branch, ready } = site;
  if (!(await isPointer(site))) return;
  const pointer = (await files.read("worktree", `${directory}/.git`, POINTER_BYTES_MAX)) ?? "";
  // An agent may have written there what it likes, so only the last name is taken from it (I13).
  const name = /^gitdir: .*\/worktrees\/([A-Za-z][A-Za-z0-9-]*)\s*$/.exec(pointer)?.[1] ?? spec.task;
  const old = `${own.path}/worktrees/${name}`;
  const base = await commitOf(own, baseRef(spec));
  const tip = (await commitOf(own, `refs/heads/${branch}`)) ?? base;
  if (base === null || tip === null)
    throw new GitFailed(`the branch of ${spec.task} is not in its repository`);
  const head = (await files.read("worktree", `${old}/HEAD`, POINTER_BYTES_MAX))?.trim() ?? "";
  const current = /^ref: refs\/heads\/([A-Za-z0-9][\w./-]*)$/.exec(head)?.[1] ?? null;
  const there =
    current === null || current.includes("..") ? null : await commitOf(own, `refs/heads/${current}`);
  const isDetached = /^[0-9a-f]{40,64}$/.test(head) && (await commitOf(own, head)) !== null;
  const place = `${site.desk}/repository`;
  await files.remove("worktree", place);
  await layRepository(
    site,
    place,
    isDetached ? head : `ref: refs/heads/${there === null ? branch : current}`,
    [
      [`refs/heads/${branch}`, tip],
      [`refs/remotes/origin/${spec.baseBranch}`, base],
      ...(there === null ? [] : ([[`refs/heads/${current}`, there]] as const)),
    ],
  );
  await confined(
    { ...site, inside: () => [] },
    {
      ...{ read: [], write: [] },
      script: `cd "$1" 2>/dev/null && for f in ${STATE}; do [ -e "$f" ] && cp -R -P "$f" "$2/"; done
rm -f "$3" && mv "$2" "$3"`,
      words: [old, place, `${directory}/.git`],
    },
  );
  await files.write("worktree", ready, `start ${base}\nbase ${base}\n`);
  await files.remove("worktree", old);
}

/** Whether `.git` is a file of an older version; an agent may write one, too, and gets its own repository. */
async function isPointer({ files, directory, own }: Site): Promise<boolean> {
  const text = await files.read("worktree", `${directory}/.git`, POINTER_BYTES_MAX).catch(() => null);
  return (
    text?.startsWith(`gitdir: `) === true &&
    text.includes(`/mirrors/`) &&
    text.includes("/worktrees/") &&
    own.path !== ""
  );
}
