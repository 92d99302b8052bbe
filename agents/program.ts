/**
 * Whether the program of an agent profile is there, before anything is started: looked for as the kernel will, on the
 * `PATH` that the agent will have.
 *
 * P1. What an agent prints, and how it ends, has no part in it: a program that is missing is the operator's to mend,
 *     and closes its profile, which no agent may do.
 * P2. It is called missing only where that is certain. What lies where the daemon, an agent or a set-up may yet put it,
 *     or is found from a folder that nobody knows before the start, is left to the start.
 */

import type { Tree } from "../system/files/tree.ts";
import type { AgentProfile } from "../workflow/project.ts";
import type { Why } from "../workflow/why.ts";
import { agentEnvironment } from "./environment.ts";
import { backendFor } from "./registry.ts";

export interface ProgramParts {
  readonly tree: Tree;
  /** The daemon's environment, and that of the account which the run uses. */
  readonly daemon: Readonly<Record<string, string | undefined>>;
  readonly account: Readonly<Record<string, string>>;
  readonly profile: AgentProfile;
  /** Folders in which it may still be made (absolute). */
  readonly made: readonly string[];
}

/** Folders of `PATH` that are told; a person knows the rest from these. */
const TOLD_MAX = 12;

/** Why it cannot be started, and what to do; `null` where it is there, or nobody can say (P2). */
export function missingProgram({ tree, daemon, account, profile, made }: ProgramParts): Why | null {
  const program = programOf(profile);
  const { PATH = "" } = agentEnvironment({ daemon, profile, account, backend: {}, own: {} });
  const isNamed = program.includes("/");
  // An empty one is wherever the agent works.
  const folders = PATH.split(":").map((folder) => (folder === "" ? "." : folder));
  const places = isNamed ? [program] : folders.map((folder) => `${folder}/${program}`);
  if (program === "" || !places.every((place) => place.startsWith("/"))) return null;
  if (places.some((place) => made.some((folder) => place.startsWith(`${folder}/`)))) return null;
  if (places.some((place) => tree.look(place)?.kind === "file")) return null;
  const where = isNamed ? "it is not there" : `it is in no folder of PATH (${toldOf(folders)})`;
  const key = profile.backend === "command" ? "argv" : "program";
  return {
    reason: `the program ${program} of agent profile ${profile.name} is missing: ${where}`,
    remedy: `install it, or name another by agents.${profile.name}.${key}; its tasks go on by themselves as soon as it is there`,
  };
}

/** The first word of its command line, which is the same for every run. */
function programOf(profile: AgentProfile): string {
  const nowhere = { promptFile: "/dev/null", promptText: "", outsideFolder: "/", directory: "/" };
  const { argv } = backendFor(profile.backend).invoke({
    ...nowhere,
    ...{ run: "", profile, session: null, walled: false },
  });
  return argv[0] ?? "";
}

function toldOf(folders: readonly string[]): string {
  const more = folders.length - TOLD_MAX;
  return folders.slice(0, TOLD_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
