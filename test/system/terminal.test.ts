/** A program on the terminal: its exit code, its environment, and what cannot be started. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { onTerminal } from "../../system/terminal.ts";

test("the exit code comes back; nothing of the environment is inherited", async () => {
  const script = '[ -z "$HOME" ] && [ "$ONLY" = this ] && exit 6';
  const spec = { argv: ["/bin/sh", "-c", script], cwd: "/", env: { ONLY: "this" } };
  assert.equal(await onTerminal(spec), 6);
});

test("an end by a signal counts as a failure, and a program that is not there is a sentence", async () => {
  const killed = await onTerminal({ argv: ["/bin/sh", "-c", "kill -9 $$"], cwd: "/", env: {} });
  assert.ok(Number(killed) > 128);
  assert.equal(await onTerminal({ argv: ["/no/such/program"], cwd: "/", env: {} }), "ENOENT");
});

test("a key struck at the terminal leaves this process to see the program's end", async () => {
  const running = onTerminal({ argv: ["/bin/sh", "-c", "sleep 0.3; exit 3"], cwd: "/", env: {} });
  process.kill(process.pid, "SIGINT");
  assert.equal(await running, 3);
  assert.equal(process.listenerCount("SIGQUIT"), 0);
});
