/** Programs that are run to their end: what comes back of them, and what stops them. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { type CommandResult, type CommandSpec, systemCommands } from "../../system/commands.ts";

const MINUTE_MS = 60_000;

function run(argv: readonly string[], more?: Partial<CommandSpec>): Promise<CommandResult> {
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin" };
  return systemCommands().run("test", { argv, cwd: "/", env, timeoutMs: MINUTE_MS, ...more });
}

function reasonOf(result: CommandResult): string {
  assert.ok(result.kind === "failed", "it ended by itself");
  return result.reason;
}

test("A program's code and both its outputs come back", async () => {
  const script = 'pwd; cat; echo "$NAME" >&2; exit 3';
  const more = { cwd: "/usr", env: { NAME: "a b" }, input: "by stdin" };
  const result = await run(["/bin/sh", "-c", script], more);
  assert.deepEqual(result, { kind: "exited", code: 3, stdout: "/usr\nby stdin", stderr: "a b\n" });
});

test("I13: no shell looks at the arguments", async () => {
  const words = ["$(exit 1)", "`a`", "; b", "c\nd", "'\"*"];
  const result = await run(["printf", "%s|", ...words]);
  assert.deepEqual(result, { kind: "exited", code: 0, stdout: `${words.join("|")}|`, stderr: "" });
});

test("A program that does not read its input is no error", async () => {
  const result = await run(["true"], { input: "x".repeat(1_000_000) });
  assert.equal(result.kind === "exited" && result.code, 0);
});

test("I12: why a program failed is said without its arguments", async () => {
  const secret = "https://user:s3cret@host";
  const reasons = await Promise.all([
    run(["no-such-program", secret]),
    run(["/bin/sh", "-c", "exec sleep 300", "sh", secret], { timeoutMs: 100 }),
    run(["/bin/sh", "-c", "kill -KILL $$", "sh", secret]),
    run(["yes", secret]),
    run(["true", `${secret}\0`]),
    run(["true", secret.repeat(10_000)]),
    run(["true", secret], { cwd: "/nowhere" }),
  ]);
  const expected = [
    "it could not be started: ENOENT",
    "it took longer than 100 ms",
    "it was ended by SIGKILL",
    "it said too much",
    "it could not be started: ERR_INVALID_ARG_VALUE",
    "it could not be started: E2BIG",
    "it could not be started: ENOENT",
  ];
  assert.deepEqual(reasons.map(reasonOf), expected);
});

test("M1: what a program has started ends with it when its time is over", async () => {
  const script = "sleep 300 & echo $!; wait";
  const began = performance.now();
  const reason = reasonOf(await run(["/bin/sh", "-c", script], { timeoutMs: 200 }));
  assert.equal(reason, "it took longer than 200 ms");
  assert.ok(performance.now() - began < 100_000, "nobody held its output open for the 300 s");
});

test("I14: a file for stdin is a regular one of bounded size, and never a link or a FIFO that nobody writes to", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-commands-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "input");
  writeFileSync(path, "by file");
  symlinkSync(path, join(folder, "link"));
  await run(["mkfifo", join(folder, "fifo")]);
  const given = (name: string, maxBytes: number): Promise<CommandResult> =>
    run(["cat"], { inputFile: { path: join(folder, name), maxBytes } });
  assert.deepEqual(await given("input", 7), { kind: "exited", code: 0, stdout: "by file", stderr: "" });
  assert.equal(reasonOf(await given("input", 6)), "its input has more than 6 bytes");
  assert.equal(reasonOf(await given("fifo", 6)), "its input is no file");
  assert.equal(reasonOf(await given("link", 7)), "it could not be started: ELOOP");
});
