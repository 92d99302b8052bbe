/** A folder of its own with a bare repository that plays the forge's: made for a demo or a dry run, and deleted. */

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Commands, systemCommands } from "../../system/commands.ts";

export interface Place {
  readonly folder: string;
  readonly remote: string;
}

/**
 * @param name of what it is for, in the folder's name
 * @param files of the first commit, by path
 * @throws Error with git's words when git cannot be used
 */
export async function makePlace(name: string, files: Readonly<Record<string, string>>): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), `chargehand-${name}-`));
  const remote = join(folder, "shop.git");
  const seed = join(folder, "seed");
  await mkdir(seed);
  const commands = systemCommands();
  await git(commands, folder, ["init", "--quiet", "--bare", "--initial-branch=main", remote]);
  await git(commands, folder, ["init", "--quiet", "--initial-branch=main", seed]);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(seed, path)), { recursive: true });
    await writeFile(join(seed, path), text);
  }
  await git(commands, seed, ["add", "-A"]);
  const author = ["-c", "user.name=Demo", "-c", "user.email=demo@localhost"];
  await git(commands, seed, [...author, "commit", "--quiet", "-m", "Begin"]);
  await git(commands, seed, ["push", "--quiet", remote, "main"]);
  return { folder, remote };
}

/** A step that puts a task's folder away may have outlived the daemon by a moment, and still write. */
export async function leavePlace({ folder }: Pick<Place, "folder">): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** The subject of the newest commit of a branch on the remote, or `null`. */
export async function commitSubject(remote: string, branch: string): Promise<string | null> {
  const result = await systemCommands().run("demo", gitCommand(remote, ["log", "-1", "--format=%s", branch]));
  return result.kind === "exited" && result.code === 0 ? result.stdout.trim() : null;
}

async function git(commands: Commands, cwd: string, args: readonly string[]): Promise<void> {
  const result = await commands.run("demo", gitCommand(cwd, args));
  if (result.kind === "failed") throw new Error(`git cannot be run: ${result.reason}`);
  if (result.code !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr.trim()}`);
}

function gitCommand(cwd: string, args: readonly string[]): Parameters<Commands["run"]>[1] {
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", HOME: cwd, LC_ALL: "C" };
  return { argv: ["git", ...args], cwd, env, timeoutMs: 20_000 };
}
