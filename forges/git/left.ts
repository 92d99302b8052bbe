/**
 * What of a task's folder could not be taken (too large for git, not to be read) and is nowhere else: the folder is set
 * aside instead of removed, for as long as the kept work that tells of it (I15).
 */

import { dirname } from "node:path";
import { GIT_READ_MS } from "../../workflow/limits.ts";
import { removeTree, type Site } from "./folder.ts";
import type { Gathered } from "./gather.ts";
import { neutralEnvironment } from "./git.ts";
import { keptRefs } from "./kept.ts";
import { GitFailed } from "./own.ts";

const AGAIN_MAX = 100;
const NAMED_MAX = 3;

/** What the kept work is called that tells of it. */
const NAME = "left-out";

interface LeftWork {
  readonly commit: string;
  readonly name: string;
  readonly reason: string;
  readonly remedy: string;
}

/** A commit with a list of it; the same for the same list. `null` where there is nothing of the kind. */
export async function leftWork(site: Site, { left }: Pick<Gathered, "left">): Promise<LeftWork | null> {
  if (left.length === 0) return null;
  const { own, directory } = site;
  const paths = left.map((path) => Buffer.from(path, "latin1").toString("utf8") || ".").sort();
  const run = async (args: readonly string[], input: string): Promise<string> => {
    const env = { GIT_AUTHOR_DATE: "@0 +0000", GIT_COMMITTER_DATE: "@0 +0000" };
    const done = await own.git.run(own.path, args, { input, env });
    if (!done.ok) throw new GitFailed(`the list of what was left out cannot be kept: ${done.said}`);
    return done.stdout.trim();
  };
  const blob = await run(["hash-object", "-w", "--stdin"], paths.map((path) => `${path}\n`).join(""));
  const tree = await run(["mktree"], `100644 blob ${blob}\tleft-out.txt\n`);
  const some = paths.slice(0, NAMED_MAX).map((path) => JSON.stringify(path).slice(0, 200));
  const more = paths.length > some.length ? ` and ${paths.length - some.length} more` : "";
  return {
    commit: await run(["commit-tree", tree], "What could not be taken\n"),
    name: NAME,
    reason: `it is too large for git, or cannot be read: ${some.join(", ")}${more}`,
    remedy: `take what is wanted from ${directory}, which is ${leftFolder(site)} when the task is over, then drop it`,
  };
}

function leftFolder({ leftDirectory, spec }: Site): string {
  return `${leftDirectory}/${spec.task}`;
}

/** Moves the folder aside. By its own name, so that nothing in it can lead elsewhere. */
export async function setAside(site: Site): Promise<void> {
  const { files, commands, directory, path } = site;
  const place = await freePlace(site);
  await files.makeDirectory("left", dirname(place));
  const moved = await commands.run("left", {
    argv: ["mv", "-T", "--", directory, place],
    ...{ cwd: dirname(place), env: neutralEnvironment(path), timeoutMs: GIT_READ_MS },
  });
  if (moved.kind === "exited" && moved.code === 0) return;
  const said = moved.kind === "failed" ? moved.reason : moved.stderr.trim().slice(-500);
  throw new GitFailed(`what of ${directory} could not be taken cannot be set aside: ${said}`);
}

/** What an earlier attempt left stays. */
async function freePlace(site: Site): Promise<string> {
  for (let at = 1; at <= AGAIN_MAX; at++) {
    const place = `${leftFolder(site)}/${at}`;
    if (!(await site.files.exists("left", place))) return place;
  }
  throw new GitFailed(`${leftFolder(site)} holds ${AGAIN_MAX} folders: remove those that nobody needs`);
}

/** Removes what was set aside, when no kept work tells of it any more. */
export async function forgetLeft(site: Site): Promise<void> {
  const { own, spec } = site;
  const pattern = `${keptRefs(spec.task)}/${NAME}*`;
  const found = await own.git.run(own.path, ["for-each-ref", "--format=%(refname)", pattern]);
  if (found.ok && found.stdout === "") await removeTree(site, leftFolder(site));
}
