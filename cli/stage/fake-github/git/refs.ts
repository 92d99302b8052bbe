/** Branches of a bare repository, read without starting git: it is looked at before each call. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SHA = /^[0-9a-f]{40}$/;

export function readBranches(folder: string): ReadonlyMap<string, string> {
  const branches = new Map<string, string>();
  for (const line of read(join(folder, "packed-refs")).split("\n")) {
    const [sha = "", ref = ""] = line.split(" ");
    if (SHA.test(sha) && ref.startsWith("refs/heads/")) branches.set(ref.slice("refs/heads/".length), sha);
  }
  const root = join(folder, "refs/heads");
  for (const entry of list(root)) {
    const sha = read(join(root, entry)).trim();
    if (SHA.test(sha) && !entry.endsWith(".lock")) branches.set(entry, sha);
  }
  return branches;
}

/** What git is just replacing is not there for a moment. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function list(root: string): readonly string[] {
  try {
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  } catch {
    return [];
  }
}
