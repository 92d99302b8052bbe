/** What can be found out without asking: the checkout somebody stands in, agent programs, keys of the environment. */

import { homedir } from "node:os";
import { backendFor, backendNames } from "../../agents/registry.ts";
import { signedInBy } from "../../agents/signed-in.ts";
import type { Commands } from "../../system/commands.ts";
import { systemTree } from "../../system/files/tree.ts";

export interface Surroundings {
  readonly commands: Commands;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the command was given (absolute). */
  readonly cwd: string;
}

export interface Checkout {
  /** Its top folder. */
  readonly folder: string;
  /** Address of its remote, as git has it; `null` where it has none. */
  readonly remote: string | null;
  /** The default branch as its remote had it when it was cloned, else the one that is checked out. */
  readonly branch: string | null;
}

const GIT_MS = 5_000;

/** `null` where nobody stands in a checkout. */
export async function findCheckout(place: Surroundings): Promise<Checkout | null> {
  const folder = await git(place, ["rev-parse", "--show-toplevel"]);
  if (folder === null) return null;
  const remotes = (await git(place, ["remote"]))?.split("\n") ?? [];
  const name = remotes.includes("origin") ? "origin" : remotes[0];
  const remote = name === undefined ? null : await git(place, ["remote", "get-url", name]);
  const head = await git(place, ["symbolic-ref", "--short", `refs/remotes/${name ?? "origin"}/HEAD`]);
  const branch =
    head?.replace(`${name ?? "origin"}/`, "") ?? (await git(place, ["branch", "--show-current"]));
  return { folder, remote, branch };
}

/** Where git keeps the list of what nobody but this checkout leaves out; `null` outside of checkouts. */
export async function excludeFile(place: Surroundings): Promise<{ top: string; file: string } | null> {
  const top = await git(place, ["rev-parse", "--show-toplevel"]);
  const file = await git(place, ["rev-parse", "--path-format=absolute", "--git-path", "info/exclude"]);
  return top === null || file === null ? null : { top, file };
}

/** What it says, trimmed; `null` where it says nothing or no. */
async function git({ commands, env, cwd }: Surroundings, args: readonly string[]): Promise<string | null> {
  const own = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || name.startsWith("GIT_") ? [] : [[name, value]],
  );
  const told = await commands.run("init", {
    argv: ["git", ...args],
    ...{ cwd, env: { ...Object.fromEntries(own), LC_ALL: "C" }, timeoutMs: GIT_MS },
  });
  const said = told.kind === "exited" && told.code === 0 ? told.stdout.trim() : "";
  return said === "" ? null : said;
}

export interface FoundAgent {
  readonly backend: string;
  /** The program (absolute). */
  readonly program: string;
  /** The variable or file that shows it; `null` where nothing does. */
  readonly signedInBy: string | null;
  /** Variables with keys that are set here, which it has to be shown. */
  readonly keys: readonly string[];
}

/** Agent programs on PATH, those that are signed in first. */
export function findAgents({ env }: Pick<Surroundings, "env">): readonly FoundAgent[] {
  const tree = systemTree();
  const folders = (env["PATH"] ?? "").split(":").filter((folder) => folder.startsWith("/"));
  const all = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
  const found = backendNames.flatMap((backend): FoundAgent[] => {
    const signs = backendFor(backend).signedInBy;
    const program = folders
      .map((folder) => `${folder}/${backend}`)
      .find((path) => tree.look(path)?.kind === "file");
    if (signs === null || program === undefined) return [];
    const by = signedInBy({ tree, backend, env: all, home: env["HOME"] ?? homedir() });
    return [{ backend, program, signedInBy: by, keys: signs.variables.filter((name) => env[name]) }];
  });
  return found.toSorted((one, other) => Number(other.signedInBy !== null) - Number(one.signedInBy !== null));
}

/** Whether a program of this name can be run from anywhere: on PATH, or by its whole path. */
export function isProgram(name: string, { env }: Pick<Surroundings, "env">): boolean {
  const tree = systemTree();
  const places = name.startsWith("/")
    ? [name]
    : (env["PATH"] ?? "").split(":").map((folder) => `${folder}/${name}`);
  return places.some((path) => path.startsWith("/") && tree.look(path)?.kind === "file");
}
