/**
 * A repository of the step's own, with copies of the objects that the agent made. Neither the agent's configuration
 * nor its alternates come along: what is behind its commits is borrowed from the daemon's repository alone.
 */

import { writeFileSync } from "node:fs";
import { contentOf, makeFolder, namesIn } from "./files.ts";
import { LONG_CALL_MS, type StepGit } from "./git.ts";
import type { GatherRequest } from "./report.ts";

const OBJECT_BYTES_MAX = 1_024 * 1_024 * 1_024;

/** Where it is made. */
export function repositoryIn(scratch: string): string {
  return `${scratch}/repository`;
}

export function makeRepository({ scratch, objects, format }: GatherRequest): void {
  const repository = repositoryIn(scratch);
  for (const folder of ["", "/objects", "/objects/info", "/objects/pack", "/refs", "/refs/heads"])
    makeFolder(`${repository}${folder}`);
  writeFileSync(`${repository}/HEAD`, "ref: refs/heads/nothing\n");
  const version = format === "sha256" ? 1 : 0;
  const extension = format === "sha256" ? "[extensions]\n\tobjectformat = sha256\n" : "";
  writeFileSync(
    `${repository}/config`,
    `[core]\n\trepositoryformatversion = ${version}\n\tbare = false\n\tcheckStat = default\n${extension}`,
  );
  writeFileSync(`${repository}/objects/info/alternates`, `${objects}\n`);
}

/**
 * Copies the objects below `store`.
 *
 * @returns the ids of the single ones, among which are commits that nothing names any more
 */
export function copyObjects(git: StepGit, store: string, scratch: string, told: string[]): readonly string[] {
  const mine = `${repositoryIn(scratch)}/objects`;
  const ids: string[] = [];
  for (const folder of namesIn(store)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for (const name of namesIn(`${store}/${folder}`)) {
      if (!/^[0-9a-f]{38,62}$/.test(name)) continue;
      const bytes = contentOf(`${store}/${folder}/${name}`, OBJECT_BYTES_MAX);
      if (bytes === null) continue;
      makeFolder(`${mine}/${folder}`);
      writeFileSync(`${mine}/${folder}/${name}`, bytes);
      ids.push(`${folder}${name}`);
    }
  }
  for (const name of namesIn(`${store}/pack`)) {
    if (!/^pack-[0-9a-f]+\.pack$/.test(name)) continue;
    const bytes = contentOf(`${store}/pack/${name}`, OBJECT_BYTES_MAX);
    if (bytes === null) continue;
    writeFileSync(`${mine}/pack/${name}`, bytes);
    try {
      git(["index-pack", `${mine}/pack/${name}`], { limitMs: LONG_CALL_MS });
    } catch (error) {
      told.push(`a pack of the agent's repository is damaged: ${String(error)}`);
    }
  }
  return ids;
}

/** Of these ids those that are commits, or tags of commits, with their trees. Ids that are missing are left out. */
export function commitsAmong(
  git: StepGit,
  ids: readonly string[],
): ReadonlyMap<string, { readonly commit: string; readonly tree: string }> {
  if (ids.length === 0) return new Map();
  const asked = ids.flatMap((id) => [`${id}^{commit}`, `${id}^{tree}`]);
  const lines = git(["cat-file", "--batch-check=%(objectname) %(objecttype)"], {
    input: `${asked.join("\n")}\n`,
  }).split("\n");
  const found = new Map<string, { commit: string; tree: string }>();
  for (const [at, id] of ids.entries()) {
    const [commit = "", kind] = (lines[2 * at] ?? "").split(" ");
    const [tree = "", treeKind] = (lines[2 * at + 1] ?? "").split(" ");
    if (kind === "commit" && treeKind === "tree") found.set(id, { commit, tree });
  }
  return found;
}
