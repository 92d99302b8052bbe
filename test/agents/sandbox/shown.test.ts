/** Which folders an agent is shown of a host: those of programs, and never a home, a drawer or what is hidden. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { shownPrograms, shownSystem } from "../../../agents/sandbox/shown.ts";
import type { Tree } from "../../../system/files/tree.ts";

/** A host of files, folders around them, and links by their path. */
function host(files: readonly string[], links: Readonly<Record<string, string>> = {}): Tree {
  const follow = (path: string): string => {
    const at = Object.keys(links).find((link) => path === link || path.startsWith(`${link}/`));
    return at === undefined ? path : follow(`${links[at]}${path.slice(at.length)}`);
  };
  const isFolder = (real: string): boolean => files.some((file) => file.startsWith(`${real}/`));
  return {
    look(path) {
      const real = follow(path);
      if (files.includes(real)) return { real, kind: "file", changedMs: 0 };
      return isFolder(real) ? { real, kind: "folder", changedMs: 0 } : null;
    },
    link: (path) => links[path] ?? null,
    names: (folder) =>
      [...files, ...Object.keys(links)]
        .filter((file) => file.startsWith(`${folder}/`))
        .map((file) => file.slice(folder.length + 1))
        .filter((name) => !name.includes("/")),
  };
}

const HIDDEN = ["/var/lib/chargehand", "/etc/chargehand", "/home/op"];

function shown(tree: Tree, path: string, programs: readonly string[] = []): readonly string[] {
  return [...shownPrograms({ tree, path, programs, hidden: HIDDEN })].sort();
}

test("a folder of programs brings what belongs to them, as a version of Node does its modules", () => {
  const tree = host(["/home/op/.nvm/v24/bin/node", "/home/op/.nvm/v24/lib/node_modules/x/cli.js"]);
  assert.deepEqual(shown(tree, "/home/op/.nvm/v24/bin:/usr/bin:relative"), ["/home/op/.nvm/v24"]);
});

test("I14: a drawer of many programs is not shown whole, but for those to which its links lead", () => {
  const files = ["/home/op/.local/bin/own", "/home/op/.local/share/keyrings/secret"];
  const claude = "/home/op/.local/share/claude/versions/2.1";
  const tree = host([...files, claude], { "/home/op/.local/bin/claude": claude });
  assert.deepEqual(shown(tree, "/home/op/.local/bin"), [
    "/home/op/.local/bin",
    "/home/op/.local/share/claude/versions",
  ]);
});

test("I14: what holds the home, the data directory or the configuration is shown file by file", () => {
  const files = ["/home/op/fix.sh", "/etc/chargehand/fix.sh", "/etc/chargehand/secrets", "/srv/x.sh"];
  assert.deepEqual(
    shown(host(files), "/home/op", ["/home/op/fix.sh", "/etc/chargehand/fix.sh", "/srv/x.sh", "/gone"]),
    ["/etc/chargehand/fix.sh", "/home/op/fix.sh", "/srv/x.sh"],
  );
});

test("a program that is named brings the folder where it lies, by name and as it really is", () => {
  const tree = host(["/opt/agent-2/main.js", "/opt/agent-2/lib/a.js", "/opt/tools/bin/y"], {
    "/opt/agent/main": "/opt/agent-2/main.js",
  });
  assert.deepEqual(shown(tree, "", ["/opt/agent/main", "/opt/tools/bin/y"]), ["/opt/agent-2", "/opt/tools"]);
});

test("a package of npm is shown with its neighbours", () => {
  const tree = host(["/opt/n/node_modules/a/cli.js", "/opt/n/node_modules/b/x.js"]);
  assert.deepEqual(shown(tree, "", ["/opt/n/node_modules/a/cli.js"]), ["/opt/n/node_modules"]);
});

test("system folders are links where the host has links, and folders where it has folders", () => {
  const merged = shownSystem(host(["/usr/bin/sh", "/etc/hosts"], { "/bin": "usr/bin" }));
  assert.deepEqual(merged, { readable: ["/usr", "/etc/hosts"], links: { "/bin": "usr/bin" } });
  const split = shownSystem(host(["/usr/bin/x", "/bin/sh", "/lib/ld.so"]));
  assert.deepEqual(split, { readable: ["/usr", "/bin", "/lib"], links: {} });
});
