/** Bugs that are planted in the doors and loops of a world of phases; those in its store stand with all others. */

import type { Checks } from "../../../daemon/run/ports.ts";
import type { Workspaces } from "../../../forges/git/workspace.ts";
import type { Files } from "../../../system/files.ts";
import type { Project } from "../../../workflow/project.ts";
import type { Plant } from "../plants.ts";
import type { SimDisk } from "../ports.ts";
import type { SimRemote } from "../workspaces.ts";

export function plantedChecks(checks: Checks, { blindChecks }: Plant): Checks {
  if (blindChecks !== true) return checks;
  return {
    ...checks,
    run: async (...asked) => {
      const end = await checks.run(...asked);
      return end.kind === "exit" ? { ...end, code: 0 } : end;
    },
  };
}

/** Git that merges what stands on the branch now, in place of what it is asked for. */
export function plantedGit(git: Workspaces, remote: SimRemote, { mergesHead }: Plant): Workspaces {
  if (mergesHead !== true) return git;
  return {
    ...git,
    merge: (spec, wish) =>
      git.merge(spec, { ...wish, commit: `commit-${remote.worksOf(spec.task)}-of-${spec.task}` }),
  };
}

type Projects = ReadonlyMap<string, Project>;

/** Projects that are at another repository at each look, so that none is ever taken. */
export function plantedLock(projects: Projects, { noMergeLock }: Plant): Projects {
  if (noMergeLock !== true) return projects;
  const moving = new Map(projects);
  let looks = 0;
  moving.get = (name) => {
    const project = projects.get(name);
    return project === undefined ? project : { ...project, cloneUrl: `file:///${++looks}` };
  };
  return moving;
}

/** A door that finds an artifact wherever the newest run that left one has left it. */
export function staleFiles(files: Files, disk: SimDisk): Files {
  const older = (operation: string, below: string): Buffer | null => {
    const [, name] = operation === "artifact" ? (/\/(out\/.*)$/.exec(`/${below}`) ?? []) : [];
    const path = [...disk.files.keys()].findLast((one) => name !== undefined && one.endsWith(`/${name}`));
    return path === undefined ? null : Buffer.from(disk.files.get(path) ?? "");
  };
  const { door } = files;
  const read: Files["door"]["read"] = async (operation, place, offset, most) => {
    const received = await door.read(operation, place, offset, most);
    const bytes = received.kind === "missing" ? older(operation, place.below) : null;
    return bytes === null ? received : { kind: "read", bytes, size: bytes.length, modifiedAt: 0 };
  };
  const look: Files["door"]["look"] = async (operation, place) => {
    const looked = await door.look(operation, place);
    const bytes = looked.kind === "missing" ? older(operation, place.below) : null;
    return bytes === null ? looked : { kind: "seen", size: bytes.length, modifiedAt: 0 };
  };
  return { ...files, door: { ...door, read, look } };
}
