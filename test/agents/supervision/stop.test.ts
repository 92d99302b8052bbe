/** How a run is stopped: the sequence of signals, and the sweep. */

import assert from "node:assert/strict";
import test from "node:test";
import { command } from "../../../agents/command/command.ts";
import { CLEAN, ended, LINES, MINUTE, SWEEP } from "./recorded-lines.ts";
import { scripted } from "./scripted-process.ts";

test("The stop sequence goes on until the process is gone: SIGINT, 5 s, SIGTERM, 10 s, SIGKILL, and always the sweep", async () => {
  const { start, pass, ask, history } = scripted({ diesAt: "SIGKILL" });
  const result = start();
  ask("cancelled");
  await pass(20_000);
  const { stopped, exit } = ended(await result);
  assert.deepEqual([stopped, exit], ["cancelled", null]);
  assert.deepEqual(history, [
    "0 SIGINT to the group",
    "5 SIGTERM to the group",
    "15 SIGKILL to the group",
    `15 ${SWEEP}`,
  ]);
});

test("A ring of the bell does not shorten the grace between two signals", async () => {
  const { start, pass, ask, wake, history } = scripted({ diesAt: "SIGTERM" });
  const result = start();
  ask("cancelled");
  for (let n = 0; n < 12; n += 1) {
    wake.ring();
    await pass(500);
  }
  await result;
  assert.deepEqual(history, ["0 SIGINT to the group", "5 SIGTERM to the group", `5 ${SWEEP}`]);
});

test("A process that had already ended when its time was up was not stopped by us", async () => {
  const { start, pass, die, say, history } = scripted();
  const result = start({ timeoutMs: 10 * MINUTE });
  await pass(10 * MINUTE - 1);
  say(LINES);
  die(CLEAN);
  await pass(1_000);
  assert.equal(ended(await result).stopped, null);
  assert.deepEqual(
    history.filter((line) => line.includes("SIG")),
    [],
  );
});

test("A command is stopped with SIGTERM and SIGKILL", async () => {
  const { start, pass, ask, history } = scripted({ diesAt: "SIGKILL", backend: command });
  const result = start();
  ask("cancelled");
  await pass(20_000);
  await result;
  assert.deepEqual(history, ["0 SIGTERM to the group", "10 SIGKILL to the group", `10 ${SWEEP}`]);
});

test("I4: a process that outlives even SIGKILL is not given up: it is swept, signalled again, and never concluded", async () => {
  const { start, pass, ask, die, history } = scripted();
  let over = false;
  const result = start().finally(() => {
    over = true;
  });
  ask("cancelled");
  await pass(3 * MINUTE);
  assert.equal(over, false);
  assert.ok(history.filter((line) => line.includes("SIGKILL")).length > 3);
  assert.ok(history.filter((line) => line.includes("sweep")).length > 3);
  die(null);
  await pass(0);
  assert.equal(ended(await result).stopped, "cancelled");
});
