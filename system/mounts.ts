/** On which kind of file system a path lies: from the mount table, the longest mount point wins. */

import { readFileSync, realpathSync } from "node:fs";

/** @param mountinfo the text of `/proc/self/mountinfo` (proc(5)); answers `unknown` when no line fits */
export function fileSystemOf(path: string, mountinfo: string): string {
  let best = { length: -1, type: "unknown" };
  for (const line of mountinfo.split("\n")) {
    const [before, after] = line.split(" - ");
    const point = decodeOctal(before?.split(" ")[4] ?? "");
    const type = after?.split(" ")[0];
    if (type === undefined || !isBelow(path, point)) continue;
    // Of two mounts on one point the later lies on top.
    if (point.length >= best.length) best = { length: point.length, type };
  }
  return best.type;
}

/** The file system under a path that exists, symbolic links resolved, by the mount table of this process. */
export function fileSystemAt(path: string): string {
  return fileSystemOf(realpathSync(path), readFileSync("/proc/self/mountinfo", "utf8"));
}

function isBelow(path: string, point: string): boolean {
  return path === point || path.startsWith(point.endsWith("/") ? point : `${point}/`);
}

/** Blanks and backslashes stand as octal escapes there. */
function decodeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
