/** What a run has inside the walls: its task's folder, its account's home, programs, and what the operator names. */

import { OWN_PROGRAM } from "../../agents/asking/own-program.ts";
import type { Walls } from "../../agents/sandbox/walls.ts";
import { runFolder } from "../../agents/supervision/run-folder.ts";
import type { Inside } from "../../forges/git/step.ts";
import type { Tree } from "../../system/files/tree.ts";
import type { AgentProfile, Mount, Project } from "../../workflow/project.ts";

export interface Wishes {
  readonly profile: AgentProfile;
  readonly project: Pick<Project, "mounts">;
  /** Where it works (absolute), and what of elsewhere its repository borrows. */
  readonly worktree: string;
  readonly borrowed: readonly string[];
  /** Of the run: where its prompt and its settings lie, and what it leaves. */
  readonly directory: string;
  /** What its project keeps from task to task, and whether there is room for more. */
  readonly data: { readonly path: string; readonly isFull: boolean };
  /** Of the account; `null` where it has none of its own. */
  readonly home: string | null;
  /** Environment of the account. */
  readonly account: Readonly<Record<string, string>>;
  /** Whole environment of the agent. */
  readonly env: Readonly<Record<string, string>>;
}

/** What the set-up has inside besides. */
export interface More {
  readonly writable: readonly string[];
  readonly readable: readonly string[];
}

interface Around {
  readonly walls: Walls;
  readonly tree: Tree;
  /** What nobody may show an agent as a whole: the data directory. */
  readonly dataDir: string;
}

/**
 * Words in front of the agent's command line; none where there are no walls. Where the profile says `read_only`, the
 * walls keep it, too: what its program is told by flags is that program's word, and inside walls not all are told.
 *
 * @param more for the set-up, which writes whatever its agent may do, and leaves nothing behind that still works there
 */
export function wallsAround({ walls, tree }: Around, inside: Wishes, more?: More): readonly string[] {
  const { profile, project, worktree, directory, home, env, data } = inside;
  const mounts = [...project.mounts, ...profile.mounts];
  const named = Object.values(inside.account).filter((value) => value.startsWith("/"));
  const kept = named.filter((path) => tree.look(path)?.kind === "folder");
  const isReadOnly = profile.permissions === "read_only" && more === undefined;
  const isDataShut = data.isFull || isReadOnly;
  return walls.inside({
    cwd: worktree,
    writable: [
      ...(isReadOnly ? [] : [worktree]),
      runFolder(directory).out,
      ...(home === null ? [] : [home]),
      ...kept,
      ...(isDataShut ? [] : [data.path]),
      ...(more?.writable ?? []),
      ...pathsOf(mounts, "rw"),
    ],
    // The run's own folder holds what the agent is given; what it hands over goes to one folder there.
    readable: [
      ...(isReadOnly ? [worktree] : []),
      directory,
      ...OWN_PROGRAM.read,
      ...inside.borrowed,
      ...(isDataShut ? [data.path] : []),
      ...(more?.readable ?? []),
      ...pathsOf(mounts, "ro"),
      ...named.filter((path) => !kept.includes(path)),
    ],
    network: profile.network,
    path: env["PATH"] ?? "",
    programs: [OWN_PROGRAM.argv[0], ...programsOf(profile).filter((word) => word.startsWith("/"))],
    ...(more !== undefined && { endsTogether: true }),
  });
}

/**
 * Words in front of a step with git in an agent's folder. No network, no home, no program but its own: what reads an
 * agent's repository gets nothing else.
 */
export function wallsAroundSteps(walls: Walls): Inside {
  return ({ read, write }) =>
    walls.inside({
      ...{ cwd: write[0] ?? "/", readable: read, writable: write },
      ...{ network: "none", path: "", programs: [process.execPath] },
    });
}

/** Why this run cannot have what the operator wants around it: what, and what to do. `null` when it can. */
export function wallsTrouble({ walls, tree, dataDir }: Around, inside: Wishes): string | null {
  const { profile, project } = inside;
  if (walls.level === "none")
    return profile.network === "none"
      ? `agents.${profile.name}.network is none, which takes a sandbox, and this machine has none; see \`chargehand status\``
      : null;
  for (const { path } of [...project.mounts, ...profile.mounts]) {
    const seen = tree.look(path);
    if (seen === null) return `mounts: ${path} is not there; make it, or take it out`;
    if (`${tree.look(dataDir)?.real ?? dataDir}/`.startsWith(seen.real === "/" ? "/" : `${seen.real}/`))
      return `mounts: ${path} holds the data directory, which no agent may see; name a folder beside it`;
  }
  return null;
}

function pathsOf(mounts: readonly Mount[], mode: Mount["mode"]): readonly string[] {
  return mounts.filter((mount) => mount.mode === mode).map(({ path }) => path);
}

/** Words that the operator wrote down. Never those of a command line, among which a prompt may be. */
function programsOf({ program, argv, args, mcp }: AgentProfile): readonly string[] {
  const servers = Object.values(mcp).flatMap((server) => [server.command, ...server.args]);
  return [...(program === null ? [] : [program]), ...argv, ...args, ...servers];
}
