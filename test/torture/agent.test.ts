/**
 * The agent of the torture: the lines of its log are whole beside a talker, so that the oracle may count them, and come
 * in halves otherwise, so that the daemon's tail meets some.
 *
 * Who writes between two writes of one line tears it. Here somebody writes all the time.
 */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readBooks } from "./books.ts";
import { clearOut } from "./processes.ts";

const AGENT = new URL("./agent.sh", import.meta.url).pathname;
const STEPS = 40;
const ROUNDS_MAX = 20;
const TOKENS_PER_STEP = 107;

interface Written {
  /** What the agent knows to have written. */
  readonly used: number;
  /** What stands in whole lines of it. */
  readonly counted: number;
}

async function bombarded(stray: "none" | "talker"): Promise<Written> {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-agent-"));
  const books = join(folder, "books");
  for (const name of ["", "locks", "plans", "starts"]) mkdirSync(join(books, name));
  writeFileSync(join(books, "plans", "SHOP-1"), `${STEPS} 0 0 ${stray} plain\n`);
  const path = join(folder, "stdout.log");
  const log = openSync(path, "a");
  const start = (argv: readonly string[]): ChildProcess =>
    spawn("/bin/sh", argv, {
      cwd: folder,
      env: { ...process.env, CHARGEHAND_TASK: "SHOP-1", CHARGEHAND_RUN: "r1" },
      stdio: ["ignore", log, "inherit"],
    });
  const intruder = start(["-c", "while :; do echo {}; done"]);
  try {
    await once(start([AGENT, books]), "exit");
  } finally {
    intruder.kill("SIGKILL");
    closeSync(log);
    clearOut(folder);
  }
  const journal = readFileSync(join(books, "journal"), "utf8").trimEnd().split("\n");
  const whole =
    readFileSync(path, "utf8").match(/^\{"type":"assistant","message":\{"id":"r1-\d+",.*\}\}$/gm) ?? [];
  for (const line of whole) JSON.parse(line);
  rmSync(folder, { recursive: true, force: true });
  return { used: readBooks(journal).runs.get("r1")?.used ?? 0, counted: whole.length * TOKENS_PER_STEP };
}

test("beside a talker every line of the agent is whole, whoever writes in between", async () => {
  assert.deepEqual(await bombarded("talker"), {
    used: STEPS * TOKENS_PER_STEP,
    counted: STEPS * TOKENS_PER_STEP,
  });
});

test("without a talker its lines come in halves, which somebody else would tear", async () => {
  // One line in ten is torn, so that some rounds may meet none.
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { used, counted } = await bombarded("none");
    assert.equal(used, STEPS * TOKENS_PER_STEP);
    if (counted < used) return;
  }
  assert.fail("no line was torn");
});
