/**
 * What of this host an agent is shown, read-only: the system, and the programs that the daemon's user has on `PATH`.
 *
 * V1. A positive list. A folder is shown because it holds programs, never because it is there.
 * V2. A program is more than its file: what belongs to it lies beside it, in the folder that holds its `bin`, or in the
 *     one to which it is a link.
 * V3. Never shown whole: the home of a person, folders that many programs share for their data (`~/.local`), and
 *     whatever the daemon keeps hidden (its data directory, its configuration).
 */

import { basename, dirname } from "node:path";
import type { Tree } from "../../system/files/tree.ts";
import type { Shown } from "./sandbox.ts";

/** Top-level folders that are links into `/usr` on most systems, and folders of their own on others. */
const SYSTEM = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
/** What programs ask of `/etc` to know names, addresses, certificates and libraries. */
const ETC = [
  ...["ssl", "ca-certificates", "pki", "crypto-policies", "alternatives", "fonts"],
  ...[
    "passwd",
    "group",
    "nsswitch.conf",
    "hosts",
    "host.conf",
    "resolv.conf",
    "gai.conf",
    "services",
    "protocols",
  ],
  ...["ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "timezone", "os-release", "mime.types"],
].map((name) => `/etc/${name}`);

/** Folders whose neighbours belong to the programs in them. */
const PROGRAM_FOLDER = /^(s?bin|\.bin|shims)$/;
/** Folders of folders, and homes. */
const COMMON = /^\/[^/]*$|^\/home\/[^/]+$/;
/** Drawers of many programs, with data of theirs that are nobody else's. */
const DRAWERS = [".local", ".cargo", ".config", ".cache"];

export interface ShownParts {
  readonly tree: Tree;
  /** Folders of programs, as `PATH` has them. */
  readonly path: string;
  /** Programs and files that the operator names: in a profile, or the run-time of the daemon itself. */
  readonly programs: readonly string[];
  /** Never shown, nor what holds them: the data directory, the configuration, the user's home. */
  readonly hidden: readonly string[];
}

/** What every agent sees of the system. */
export function shownSystem(tree: Tree): Shown {
  const links: Record<string, string> = {};
  const readable = ["/usr"];
  for (const path of SYSTEM) {
    const target = tree.link(path);
    if (target !== null) links[path] = target;
    else if (tree.look(path) !== null) readable.push(path);
  }
  return { readable: [...readable, ...ETC.filter((path) => tree.look(path) !== null)], links };
}

/** Folders and files of programs outside the system, with what belongs to them. */
export function shownPrograms(given: ShownParts): readonly string[] {
  const { tree } = given;
  // By their real names at once: each of hundreds of links is held against them.
  const parts = { ...given, hidden: given.hidden.map((path) => tree.look(path)?.real ?? path) };
  const found = new Set<string>();
  for (const folder of parts.path.split(":").filter((path) => path.startsWith("/"))) {
    if (isSystem(folder)) continue;
    for (const path of around(parts, folder)) found.add(path);
    for (const name of parts.tree.names(folder)) {
      if (parts.tree.link(`${folder}/${name}`) === null) continue;
      for (const path of ofProgram(parts, `${folder}/${name}`)) found.add(path);
    }
  }
  for (const program of parts.programs) {
    // By the name that is called, too, where that is a link to somewhere else.
    const named = parts.tree.link(program) === null ? [] : around(parts, dirname(program));
    for (const path of [...named, ...ofProgram(parts, program)]) found.add(path);
  }
  return [...found].filter((path) => !isSystem(path));
}

/** The folder where a program really lies, with what belongs to it; its file alone where the folder is not shown. */
function ofProgram(parts: ShownParts, program: string): readonly string[] {
  const seen = parts.tree.look(program);
  if (seen === null || seen.kind !== "file") return [];
  const { real } = seen;
  if (isSystem(real)) return [];
  // Packages of npm ask for their neighbours.
  const modules = real.indexOf("/node_modules/");
  const folder = modules === -1 ? dirname(real) : real.slice(0, modules + "/node_modules".length);
  const beside = around(parts, folder);
  return beside.length === 0 ? [real] : beside;
}

/** The folder itself, or the one that holds it where that is a program's own; none where it must not be shown. */
function around(parts: ShownParts, folder: string): readonly string[] {
  const outer = dirname(folder);
  const isWhole = PROGRAM_FOLDER.test(basename(folder)) && !DRAWERS.includes(basename(outer));
  if (isWhole && isShowable(parts, outer)) return both(parts.tree, outer);
  return isShowable(parts, folder) ? both(parts.tree, folder) : [];
}

/** By its name and, where that leads through links, as it really is. */
function both(tree: Tree, path: string): readonly string[] {
  const real = tree.look(path)?.real;
  return real === undefined ? [] : [...new Set([path, real])];
}

/** Whether nothing hidden would be shown with it (V3). */
function isShowable({ tree, hidden }: ShownParts, folder: string): boolean {
  const seen = tree.look(folder);
  if (seen === null || seen.kind !== "folder" || COMMON.test(seen.real)) return false;
  return hidden.every((path) => !`${path}/`.startsWith(`${seen.real}/`));
}

function isSystem(path: string): boolean {
  return ["/usr", ...SYSTEM].some((folder) => path === folder || path.startsWith(`${folder}/`));
}
