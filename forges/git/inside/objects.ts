/**
 * Repositories of the step's own, with copies of the objects that the agent made. Neither the agent's configuration
 * nor its alternates come along: what is behind its commits is borrowed from the daemon's repositories alone. They end
 * with the step, so that git need not wait until the disk has them.
 */

import { writeFileSync } from "node:fs";
import { contentOf, lookAt, makeFolder, namesIn } from "./files.ts";
import { GitRefused, LONG_CALL_MS, type StepGit } from "./git.ts";

const OBJECT_BYTES_MAX = 1_024 * 1_024 * 1_024;

export function makeRepository(repository: string, format: "sha1" | "sha256"): void {
  for (const folder of ["", "/objects", "/objects/info", "/objects/pack", "/refs", "/refs/heads"])
    makeFolder(`${repository}${folder}`);
  writeFileSync(`${repository}/HEAD`, "ref: refs/heads/nothing\n");
  const version = format === "sha256" ? 1 : 0;
  const extension = format === "sha256" ? "[extensions]\n\tobjectformat = sha256\n" : "";
  writeFileSync(
    `${repository}/config`,
    `[core]\n\trepositoryformatversion = ${version}\n\tbare = false\n\tcheckStat = default\n\tfsync = none\n${extension}`,
  );
}

/** Lets a repository of the step's own use objects of other places as well. */
export function borrow(repository: string, objects: readonly string[]): void {
  writeFileSync(`${repository}/objects/info/alternates`, objects.map((path) => `${path}\n`).join(""));
}

/** How much there is below a store of objects (bytes). */
export function bytesIn(store: string): number {
  let bytes = 0;
  for (const folder of namesIn(store))
    if (/^([0-9a-f]{2}|pack)$/.test(folder))
      for (const name of namesIn(`${store}/${folder}`))
        bytes += lookAt(`${store}/${folder}/${name}`)?.size ?? 0;
  return bytes;
}

/** Copies the objects below `store`. @returns whether there are any */
export function copyObjects(git: StepGit, store: string, repository: string, told: string[]): boolean {
  const mine = `${repository}/objects`;
  let isAny = false;
  for (const folder of namesIn(store)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for (const name of namesIn(`${store}/${folder}`)) {
      if (!/^[0-9a-f]{38,62}$/.test(name)) continue;
      const bytes = contentOf(`${store}/${folder}/${name}`, OBJECT_BYTES_MAX);
      if (bytes === null) continue;
      makeFolder(`${mine}/${folder}`);
      writeFileSync(`${mine}/${folder}/${name}`, bytes);
      isAny = true;
    }
  }
  for (const name of namesIn(`${store}/pack`)) {
    if (!/^pack-[0-9a-f]+\.pack$/.test(name)) continue;
    const bytes = contentOf(`${store}/pack/${name}`, OBJECT_BYTES_MAX);
    if (bytes === null) continue;
    writeFileSync(`${mine}/pack/${name}`, bytes);
    try {
      git(["index-pack", `${mine}/pack/${name}`], { limitMs: LONG_CALL_MS });
      isAny = true;
    } catch (error) {
      if (!(error instanceof GitRefused)) throw error;
      told.push(`a pack of the agent's repository is damaged: ${error.message}`);
    }
  }
  return isAny;
}
