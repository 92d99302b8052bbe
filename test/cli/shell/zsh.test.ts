/** Completion for zsh: a function for every command, and words that cannot end their quotes. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { zshCompletion } from "../../../cli/shell/zsh.ts";
import { chargehand } from "../scripted-daemon.ts";

test("every command has its function, which the one above it calls", async () => {
  const { out } = await chargehand(["completion", "zsh"]);
  assert.match(out, /^#compdef chargehand\n/);
  for (const name of [
    "_chargehand",
    "_chargehand_status",
    "_chargehand_deliveries_replay",
    "_chargehand_stop_all",
  ])
    assert.ok(out.includes(`\n${name}() {\n`), name);
  assert.ok(out.includes("replay) _chargehand_deliveries_replay ;;"));
  assert.ok(out.includes("'--config=[configuration that tells where the daemon is]:file:_files'"));
});

test("quotes, colons and brackets of what a command says are escaped", () => {
  const flag = { flags: "--it <x>", short: null, long: "--it", says: "it's [a]: b", value: null };
  const page = zshCompletion({ path: [], says: "", usage: "", values: [], flags: [flag], commands: [] });
  assert.ok(page.includes("'--it[it'\\''s \\[a\\]\\: b]'"), page);
});

const zsh = spawnSync("zsh", ["--version"]);
test("zsh takes the script as it is", { skip: zsh.error ? "zsh is not installed" : false }, async () => {
  const { out } = await chargehand(["completion", "zsh"]);
  assert.equal(spawnSync("zsh", ["-n"], { input: out, encoding: "utf8" }).stderr, "");
});
