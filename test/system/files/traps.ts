/** What an agent can lay in the place of a file that the daemon reads. */

import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, symlinkSync } from "node:fs";

/** What an agent may not read and would have us read for it: the name, in the root that is ours, and what it holds. */
export const OWN = "admin-token";
export const SECRET = "the daemon's own token";

type Trap = (path: string, root: string) => void;

/** What can lie in the place of a file, and what is said of it. */
export const TRAPS: Readonly<Record<string, { readonly lay: Trap; readonly says: RegExp }>> = {
  "a link to a secret": {
    lay: (path, root) => symlinkSync(`${root}/${OWN}`, path),
    says: /is a link and not a file/,
  },
  "a link to nothing": { lay: (path) => symlinkSync("/no/such", path), says: /is a link/ },
  "a link to itself": { lay: (path) => symlinkSync(path, path), says: /is a link/ },
  "a link to /dev/zero": { lay: (path) => symlinkSync("/dev/zero", path), says: /is a link/ },
  "a link to the daemon's environment": {
    lay: (path) => symlinkSync(`/proc/${process.pid}/environ`, path),
    says: /is a link/,
  },
  "another name of a secret": {
    lay: (path, root) => linkSync(`${root}/${OWN}`, path),
    says: /has another name, too/,
  },
  "a named pipe": { lay: (path) => execFileSync("mkfifo", [path]), says: /is a named pipe and not a file/ },
  "a folder": { lay: (path) => mkdirSync(path), says: /is a folder and not a file/ },
};
