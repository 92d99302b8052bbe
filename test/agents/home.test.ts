/** Which home an account's agents have, and what a new one begins with. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { homeOf, makeHome } from "../../agents/home.ts";
import { NO_WALLS } from "../../agents/sandbox/walls.ts";
import { PROFILE } from "./profile.ts";

const SANDBOX = { ...NO_WALLS, level: "sandbox" } as const;
const accounts = new Map([
  ["plain", { env: {} }],
  ["own", { env: { HOME: "/from/env" }, home: "/srv/own" }],
  ["env", { env: { HOME: "/from/env" }, home: null }],
]);

test("inside walls every account has a home of its own; without them only those that say so", () => {
  const homesDirectory = "/data/homes";
  const inside = { walls: SANDBOX, accounts, homesDirectory };
  const outside = { walls: NO_WALLS, accounts, homesDirectory };
  const all = ["plain", "own", "env", "claude", null];
  assert.deepEqual(
    all.map((account) => homeOf(inside, account, PROFILE)),
    ["/data/homes/plain", "/srv/own", "/from/env", "/data/homes/claude", "/data/homes/claude"],
  );
  assert.deepEqual(
    all.map((account) => homeOf(outside, account, PROFILE)),
    [null, "/srv/own", "/from/env", null, null],
  );
});

test("a new home is seeded with what the account's program needs of the daemon's, and with nobody's sessions but tasks'", async () => {
  const seeded: unknown[] = [];
  const homes = { seed: async (...asked: readonly unknown[]) => seeded.push(asked) > 0 };
  await makeHome({ homes, environment: { HOME: "/home/op" }, dataDir: "/data" }, "/data/homes/a", "claude");
  const [[from, to, paths]] = seeded as [[string, string, string[]]];
  assert.deepEqual([from, to], ["/home/op", "/data/homes/a"]);
  assert.ok(paths.includes(".claude/.credentials.json"));
  assert.ok(paths.includes(".claude/projects/-data-worktrees-*") && !paths.includes(".claude/projects"));
});
