/**
 * What a project keeps on disk from task to task: a folder in which its agents may write (`CHARGEHAND_DATA`), and what
 * its set-ups hand on (`agents/setup/script.ts`). No project sees that of another.
 */

import { basename, dirname } from "node:path";
import { projectFolder } from "../../agents/setup/project-folder.ts";
import { placeIn } from "../../system/files/strange-place.ts";
import type { Files } from "../../system/files.ts";
import type { Log } from "../../system/log.ts";
import type { Project } from "../../workflow/project.ts";

export interface ProjectData {
  /** Absolute. */
  readonly path: string;
  /** It may be read, and not written. */
  readonly isFull: boolean;
}

export interface DataPorts {
  readonly files: Pick<Files, "makeDirectory" | "door">;
  readonly log: Log;
  readonly dataDir: string;
  /** What a folder takes up (bytes); a sentence where that cannot be told. */
  readonly measure: (folder: string) => Promise<number | string>;
}

/** Makes the folder if it is not there. One that is above its bound, or cannot be measured, is full; that is told. */
export async function projectData(
  { files, log, dataDir, measure }: DataPorts,
  { name, dataBytesMax }: Pick<Project, "name" | "dataBytesMax">,
): Promise<ProjectData> {
  const path = projectFolder(dataDir, name).data;
  await files.makeDirectory("project data", path);
  const names = await files.door.list("project data", placeIn(dirname(path), basename(path)), 1);
  const isEmpty = names.kind === "listed" && names.names.length === 0;
  const bytes = isEmpty ? 0 : await measure(path);
  if (typeof bytes === "number" && bytes <= dataBytesMax) return { path, isFull: false };
  const found = typeof bytes === "number" ? `takes up ${bytes} bytes` : bytes;
  log.warn({
    event: "project.data_full",
    project: name,
    reason: `${path} ${found}, and data_limit is ${dataBytesMax} bytes: agents may only read it, where there is a sandbox`,
    remedy: `remove what is not needed there, or raise data_limit of project ${name}`,
  });
  return { path, isFull: true };
}
