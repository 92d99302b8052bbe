/**
 * What was gathered of a folder, remembered for as long as nothing in it changes: a task's end looks at its folder
 * again before removing it, and so does each further try to publish.
 *
 * A change shows in the time of change of a file or folder, which the kernel keeps and nobody can set.
 */

import { createHash } from "node:crypto";
import { GIT_COMMAND_MS } from "../../workflow/limits.ts";
import type { Site } from "./folder.ts";
import { neutralEnvironment } from "./git.ts";
import type { GatherReport, GatherRequest } from "./inside/report.ts";
import { decodeReport } from "./report.ts";

const BYTES_MAX = 16 * 1_024 * 1_024;
/** Of each file and folder: its inode, times of change, size and mode. No link is followed. */
const LOOK = `{ find "$1" -xdev -printf '%i %C@ %s %m %P\\0' || echo incomplete >&2; } | sha256sum`;

/** One word for a request and the state of the folder it is about; `null` where that cannot be told. */
export async function stateOf({ commands, path }: Site, request: GatherRequest): Promise<string | null> {
  // In whose name leftovers were committed changes nothing of what they are.
  const { identity: _, ...asked } = request;
  const looked = await commands.run("gather", {
    argv: ["/bin/sh", "-c", LOOK, "gather", request.directory],
    ...{ cwd: "/", env: neutralEnvironment(path), timeoutMs: GIT_COMMAND_MS },
  });
  if (looked.kind === "failed" || looked.code !== 0 || looked.stderr !== "") return null;
  return createHash("sha256")
    .update(`${looked.stdout}${JSON.stringify(asked)}`)
    .digest("hex");
}

/** What was gathered in this very state; `null` where nothing was. */
export async function recall({ files, desk }: Site, state: string): Promise<GatherReport | null> {
  const text = await files.read("gather", fileOf(desk), BYTES_MAX).catch(() => null);
  return text?.startsWith(`${state}\n`) === true ? decodeReport(text.slice(state.length + 1)) : null;
}

/** To be told when all of it is in the daemon's repository. */
export async function remember({ files, desk }: Site, state: string, report: GatherReport): Promise<void> {
  await files.write("gather", fileOf(desk), `${state}\n${JSON.stringify(report)}\n`);
}

function fileOf(desk: string): string {
  return `${desk}/gathered`;
}
