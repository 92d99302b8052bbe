/** What a run has inside its walls, and why it may not have what the operator asks for. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { backendNames } from "../../../agents/registry.ts";
import { NO_WALLS, type Walls, type Wanted } from "../../../agents/sandbox/walls.ts";
import { type Wishes, wallsAround, wallsAroundSteps, wallsTrouble } from "../../../daemon/run/walls.ts";
import { systemTree } from "../../../system/files/tree.ts";
import { PROFILE } from "../../agents/profile.ts";

interface Scene {
  readonly folder: string;
  readonly asked: Wanted[];
  readonly walls: Walls;
  readonly around: {
    readonly walls: Walls;
    readonly tree: ReturnType<typeof systemTree>;
    readonly dataDir: string;
  };
  readonly inside: Wishes;
}

function scene(t: TestContext, change: Partial<Wishes> = {}): Scene {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "chargehand-run-walls-")));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["data", "shared", "login"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "key.json"), "{}");
  const asked: Wanted[] = [];
  const walls: Walls = { level: "sandbox", inside: (wanted) => [`walls-${asked.push(wanted)}`] };
  const inside: Wishes = {
    ...{ profile: PROFILE, project: { mounts: [] }, worktree: "/w/SHOP-1", borrowed: ["/g/objects"] },
    ...{ directory: "/runs/r1", home: "/homes/a", account: {}, env: { PATH: "/opt/bin:/bin" } },
    data: { path: "/data/shop", isFull: false },
    ...change,
  };
  return {
    folder,
    asked,
    walls,
    inside,
    around: { walls, tree: systemTree(), dataDir: join(folder, "data") },
  };
}

test("inside are the task's folder, the home, what is borrowed and mounted, and the account's own folders and files", (t) => {
  const { folder, asked, around, inside } = scene(t);
  const account = { CLAUDE_CONFIG_DIR: `${folder}/login`, KEY_FILE: `${folder}/key.json`, TOKEN: "x/y" };
  const mounts = [
    { path: "/ro", mode: "ro" },
    { path: "/rw", mode: "rw" },
  ] as const;
  const profile = {
    ...PROFILE,
    network: "none",
    mounts: [mounts[1]],
    argv: ["/opt/fix", "-v", "/opt/conf"],
  } as const;
  assert.deepEqual(wallsAround(around, { ...inside, account, profile, project: { mounts: [mounts[0]] } }), [
    "walls-1",
  ]);
  const [wanted] = asked;
  assert.deepEqual([wanted?.cwd, wanted?.network, wanted?.path], ["/w/SHOP-1", "none", "/opt/bin:/bin"]);
  for (const path of ["/w/SHOP-1", "/homes/a", "/rw", `${folder}/login`])
    assert.ok(wanted?.writable.includes(path), path);
  for (const path of ["/g/objects", "/ro", `${folder}/key.json`])
    assert.ok(wanted?.readable.includes(path), path);
  assert.deepEqual(wanted?.programs, [process.execPath, "/opt/fix", "/opt/conf"]);
});

for (const backend of backendNames)
  test(`I14: an agent of ${backend} that is to read only finds its task's folder read-only, and hands over all the same`, (t) => {
    const { asked, around, inside } = scene(t);
    const profile = { ...PROFILE, backend, permissions: "read_only" } as const;
    wallsAround(around, { ...inside, profile });
    const [wanted] = asked;
    assert.deepEqual(wanted?.writable, ["/runs/r1/out", "/homes/a"]);
    assert.ok(wanted?.readable.includes("/w/SHOP-1"));
    assert.equal(wanted?.cwd, "/w/SHOP-1");
  });

test("I14: a step with git has what it names, and neither network, nor home, nor programs of PATH", () => {
  const asked: Wanted[] = [];
  const walls: Walls = { level: "sandbox", inside: (wanted) => [`walls-${asked.push(wanted)}`] };
  assert.deepEqual(wallsAroundSteps(walls)({ read: ["/g"], write: ["/w", "/desk"] }), ["walls-1"]);
  assert.deepEqual(asked, [
    {
      ...{ cwd: "/w", readable: ["/g"], writable: ["/w", "/desk"] },
      ...{ network: "none", path: "", programs: [process.execPath] },
    },
  ]);
});

test("inside is what the project keeps, to be read only when it is full; a set-up has more, and leaves nothing behind", (t) => {
  const { asked, around, inside } = scene(t);
  wallsAround(around, inside);
  wallsAround(around, { ...inside, data: { path: "/data/shop", isFull: true } });
  const reviewer = { ...inside, profile: { ...PROFILE, permissions: "read_only" } as const };
  wallsAround(around, reviewer, { writable: ["/beside"], readable: ["/cache"] });
  const [free, full, more] = asked;
  assert.ok(free?.writable.includes("/data/shop") && !free.readable.includes("/data/shop"));
  assert.ok(full?.readable.includes("/data/shop") && !full.writable.includes("/data/shop"));
  assert.ok(more?.writable.includes("/beside") && more.readable.includes("/cache"));
  assert.ok(
    more?.writable.includes("/w/SHOP-1") && more.writable.includes("/data/shop"),
    "also for who only reads",
  );
  assert.deepEqual([free?.endsTogether, more?.endsTogether], [undefined, true]);
});

test("a mount that is not there, or that would show the data directory, is refused with what to do", (t) => {
  const { folder, around, inside } = scene(t);
  const says = (path: string): string | null =>
    wallsTrouble(around, { ...inside, project: { mounts: [{ path, mode: "ro" }] } });
  assert.equal(says(`${folder}/shared`), null);
  assert.match(says(`${folder}/gone`) ?? "", /is not there; make it/);
  for (const path of [folder, "/", `${folder}/data`])
    assert.match(says(path) ?? "", /holds the data directory/);
});

test("network: none where there is no sandbox is refused, and an open one is not", (t) => {
  const { around, inside } = scene(t);
  const bare = { ...around, walls: NO_WALLS };
  assert.equal(wallsTrouble(bare, inside), null);
  assert.match(
    wallsTrouble(bare, { ...inside, profile: { ...PROFILE, network: "none" } }) ?? "",
    /takes a sandbox/,
  );
});
