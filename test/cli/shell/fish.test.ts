/** Completion for fish: a line per word, where it may stand. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { chargehand } from "../scripted-daemon.ts";

test("commands are offered where they may stand, options with their choices", async () => {
  const { out } = await chargehand(["completion", "fish"]);
  const lines = out.split("\n");
  assert.ok(
    lines.some((line) =>
      /^complete -c chargehand -n 'not __fish_seen_subcommand_from init .*' -a status -d '/.test(line),
    ),
  );
  assert.ok(
    lines.some((line) =>
      line.includes(
        "'__fish_seen_subcommand_from deliveries; and not __fish_seen_subcommand_from list show replay' -a replay",
      ),
    ),
  );
  assert.ok(
    lines.some((line) =>
      line.includes("seen_subcommand_from runs' -l status -x -a 'starting running exited"),
    ),
  );
});

const fish = spawnSync("fish", ["--version"]);
test("fish takes the script as it is", { skip: fish.error ? "fish is not installed" : false }, async () => {
  const { out } = await chargehand(["completion", "fish"]);
  assert.equal(spawnSync("fish", ["-n"], { input: out, encoding: "utf8" }).stderr, "");
});
