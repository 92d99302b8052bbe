/** Completion for fish: a line per word, where it may stand. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
test("fish takes the script as it is", { skip: fish.error ? "fish is not installed" : false }, async (t) => {
  const { out } = await chargehand(["completion", "fish"]);
  const folder = mkdtempSync(join(tmpdir(), "chargehand-fish-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "chargehand.fish");
  writeFileSync(file, out);
  // It reads no script from a pipe to look at it alone.
  const looked = spawnSync("fish", ["--no-config", "-n", file], { encoding: "utf8" });
  assert.deepEqual([looked.stderr, looked.status], ["", 0]);
});
