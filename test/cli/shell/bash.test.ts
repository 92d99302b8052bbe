/** Completion in a real bash: what a TAB offers. */

import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
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

const terminal = spawnSync("script", ["--version"]);
test("a TAB in a bash at a terminal completes the line that is run", {
  skip: terminal.error ? "script(1) is not installed" : false,
}, () => {
  // Readline itself, as a person meets it.
  const typed = `source ${script}; chargehand() { echo "called with: $*."; }\nchargehand deliveries rep\t7\nexit\n`;
  const env = { ...process.env, TERM: "xterm" };
  const { stdout } = spawnSync("script", ["-qec", "bash --norc --noprofile -i", "/dev/null"], {
    cwd: folder,
    env,
    input: typed,
    encoding: "utf8",
  });
  assert.match(stdout, /^called with: deliveries replay 7\.\r?$/m);
});
