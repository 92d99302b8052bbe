/** Completion in a real bash: what a TAB offers. */

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { chargehand } from "../scripted-daemon.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "chargehand-completion-"));
const script = join(folder, "completion.bash");
before(async () => {
  const { out, code } = await chargehand(["completion", "bash"]);
  assert.equal(code, 0);
  writeFileSync(script, out);
  writeFileSync(join(folder, "some file.yaml"), "");
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** What bash offers for the line whose words these are, the last one being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const ask =
    'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _chargehand; printf "%s\\n" "${COMPREPLY[@]}"';
  const { stdout } = await run("bash", ["--norc", "-c", ask, "bash", script, "chargehand", ...words], {
    cwd: folder,
  });
  return stdout.split("\n").filter((word) => word !== "");
}

test("bash takes the script as it is", () => {
  execFileSync("bash", ["-n", script]);
});

test("commands, their commands, options and choices are offered, and paths where a path is wanted", async () => {
  assert.deepEqual(await offered("deliv"), ["deliveries"]);
  assert.deepEqual(await offered("deliveries", ""), ["list", "show", "replay"]);
  assert.deepEqual(await offered("deliveries", "replay", "--k"), ["--key"]);
  assert.deepEqual(await offered("runs", "--status", "k"), ["killed"]);
  assert.deepEqual(await offered("--config", "x.yaml", "sta"), ["status"]);
  assert.deepEqual(await offered("status", "--config", "some"), ["some file.yaml"]);
  assert.deepEqual(await offered("completion", ""), ["bash", "zsh", "fish"]);
  assert.deepEqual(await offered("help", "sta"), ["status"]);
  assert.deepEqual(await offered("task", "SHOP-"), [], "nothing is made up");
});

test("the value of an option is no command, and one behind = is completed, too", async () => {
  assert.deepEqual(await offered("runs", "--task", "list", "--sta"), ["--status"]);
  assert.deepEqual(await offered("runs", "--status", "=", "k"), ["killed"]);
  assert.ok((await offered("runs", "--status", "=")).includes("succeeded"));
});

test("a TAB in a bash at a terminal completes the line", async () => {
  // Readline itself, as a person meets it: the line that is typed is the one that is run.
  const typed = `source ${script}\nchargehand() { echo "called with: $*"; }\nchargehand deliveries rep\t7\nexit\n`;
  const child = run("bash", ["--norc", "--noprofile", "-i"], {
    cwd: folder,
    env: { ...process.env, PS1: "", TERM: "xterm" },
  });
  child.child.stdin?.end(typed);
  const { stdout } = await child;
  assert.ok(
    stdout.includes("called with: deliveries replay 7") || stdout.includes("called with: deliveries rep"),
    stdout,
  );
});
