/** Whether the program of a profile is there: looked for where the kernel will, and called missing only for certain. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { missingProgram, type ProgramParts } from "../../agents/program.ts";
import type { Tree } from "../../system/files/tree.ts";
import { PROFILE } from "./profile.ts";

const THERE = { "/opt/bin/claude": "file", "/opt/folder/claude": "folder", "/srv/agent": "file" } as const;

const tree: Tree = {
  look: (path) => {
    const kind = Object.entries(THERE).find(([name]) => name === path)?.[1];
    return kind === undefined ? null : { real: path, kind, changedMs: 0 };
  },
  link: () => null,
  names: () => [],
};

const claude = { ...PROFILE, backend: "claude", program: null, argv: [] };
const command = (program: string): ProgramParts["profile"] => ({
  ...PROFILE,
  backend: "command",
  program: null,
  argv: [program, "-x"],
});

function missing(PATH: string | undefined, more: Partial<ProgramParts> = {}): string | null {
  const parts = { tree, daemon: { PATH }, account: {}, profile: claude, made: [], ...more };
  return missingProgram(parts)?.reason ?? null;
}

test("D1: a program is found on the PATH that its agent will have, that of its account before the daemon's", () => {
  assert.equal(missing("/usr/bin:/opt/bin"), null);
  assert.match(
    missing("/usr/bin:/opt/folder") ?? "",
    /^the program claude of agent profile \w+ is missing: it is in no folder of PATH \(\/usr\/bin, \/opt\/folder\)$/,
  );
  assert.notEqual(missing("/opt/bin", { account: { PATH: "/usr/bin" } }), null);
  assert.equal(missing("/usr/bin", { account: { PATH: "/opt/bin" } }), null);
  assert.match(missing(undefined) ?? "", /\(\/usr\/local\/bin, \/usr\/bin, \/bin\)$/);
});

test("D1: one that is named by its place is looked for there alone, whatever its backend", () => {
  assert.equal(missing("/usr/bin", { profile: command("/srv/agent") }), null);
  assert.equal(missing("/usr/bin", { profile: { ...claude, program: "/srv/agent" } }), null);
  for (const profile of [command("/srv/gone"), { ...claude, program: "/srv/gone" }])
    assert.match(
      missing("/opt/bin", { profile }) ?? "",
      /^the program \/srv\/gone of .* is missing: it is not there$/,
    );
});

test("D1: what nobody can know before the start is not called missing", () => {
  for (const PATH of ["", "bin:/usr/bin", "/usr/bin:", ".:/usr/bin", ":/usr/bin"])
    assert.equal(missing(PATH), null, PATH);
  assert.equal(missing("/usr/bin", { profile: command("") }), null);
  assert.equal(missing("/usr/bin:/data/p/bin", { made: ["/data"] }), null);
  assert.equal(missing("/usr/bin", { made: ["/data"], profile: command("/data/agent") }), null);
  assert.notEqual(missing("/usr/bin:/database/bin", { made: ["/data"] }), null);
});

test("a PATH of many folders is told by its beginning, with what to do about it", () => {
  const PATH = Array.from({ length: 500 }, (_, index) => `/opt/${"x".repeat(20)}/${index}`).join(":");
  assert.match(missing(PATH) ?? "", /\/11 and 488 more\)$/);
  const why = missingProgram({ tree, daemon: { PATH }, account: {}, profile: claude, made: [] });
  assert.match(why?.remedy ?? "", /^install it, or name another by agents\.\w+\.program; /);
  const other = missingProgram({ tree, daemon: {}, account: {}, profile: command("no"), made: [] });
  assert.match(other?.remedy ?? "", / agents\.\w+\.argv; /);
});
